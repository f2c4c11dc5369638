import { formatPercent } from '../base/percent';
import { formatDuration } from '../time/duration';
import type { Experiment } from '../experiments/experiment';
import { isOneShot } from '../experiments/kinds';
import type { Block, ReportLine, ReportDocument } from './document/reportDocument';
import { coverageBlocks } from './coverageBlocks';
import { impactTable } from './impactTable';
import { reportClock } from './reportClock';
import type { ReportInput } from './reportInput';
import { lengthText, secondsText } from './lengths';
import { toneOf } from './stateText';
import { summaryLine } from './summaryText';
import { testBlocks } from './testBlocks';
import { timeline, type TimelineEntry } from './timeline';
import { detectedAfterMs, namedBlocks, verdictLines } from './verdictText';

const UTC = reportClock(0);

/** An experiment report, before it is written as Markdown or HTML. */
export function experimentReport(input: ReportInput): ReportDocument {
  const { verdict, say, nameOf, charts, manifest, versions, clock, language, testedBy } = input;
  const { span } = verdict;
  return {
    language,
    title: say('Experiment report: {0}', `${nameOf(span.label)} – ${span.nodes.join(', ')}`),
    blocks: [
      { type: 'summary', text: summaryLine(input), tone: toneOf(testedBy?.test.verdict ?? 'pending') },
      facts(input),
      ...testBlocks(input),
      heading(say('Impact')),
      ...impactBlocks(input),
      heading(say('Diagnosis')),
      { type: 'list', items: verdictLines(input) },
      ...namedBlocks(input),
      heading(say('Timeline')),
      ...timelineBlocks(input),
      heading(say('Charts')),
      ...(charts.length === 0
        ? [paragraph(say('The metrics of that time are no longer available.'))]
        : [
            paragraph(say('The shaded range is the experiment; times are {0}.', clock.zone)),
            { type: 'charts' as const, charts },
          ]),
      heading(say('Manifest')),
      manifest === undefined
        ? paragraph(say('The object and its manifest were deleted.'))
        : { type: 'code', language: 'yaml', text: manifest },
      heading(say('Appendix: diagnosis accuracy')),
      scores(input),
      ...coverageBlocks(input),
      heading(say('Versions')),
      { type: 'list', items: versions.map(([name, value]) => `${name}: ${value}`) },
    ],
  };
}

const heading = (text: string): Block => ({ type: 'heading', text });
const paragraph = (text: string): Block => ({ type: 'paragraph', text });

function facts({
  verdict: { span },
  experiment,
  cluster,
  meanwhile,
  writtenAt,
  clock,
  say,
  nameOf,
}: ReportInput): Block {
  const { kind, namespace, name } = span.ref;
  const { zone, dateTime } = clock;
  const ran =
    span.toMs === undefined
      ? say('since {0}, still running', dateTime(span.fromMs))
      : say(
          '{0} to {1} ({2})',
          dateTime(span.fromMs),
          clock.timeOn(span.toMs, span.fromMs),
          lengthText(span.fromMs, span.toMs),
        );
  const what = experiment ? ` – ${experiment.summary}` : '';
  const rows: (readonly [string, ReportLine])[] = [
    [say('Experiment'), [`${kind} `, { code: `${namespace}/${name}` }, what]],
    [say('Nodes'), span.nodes.join(', ')],
    [say('Cluster'), cluster],
    [say('Planned duration'), experiment ? planned(experiment, say) : say('unknown')],
    ...(span.earlier?.map(({ ref }): readonly [string, ReportLine] => [say('Continues'), { code: ref.name }]) ?? []),
    [say('Ran'), ran],
    ...(meanwhile.length > 0
      ? [
          [
            say('Ran at the same time'),
            meanwhile.map(({ label, nodes }) => `${nameOf(label)} (${nodes.join(', ')})`).join('; '),
          ] as const,
        ]
      : []),
    [say('Written'), dateTime(writtenAt)],
    [say('Times'), zone === 'UTC' ? 'UTC' : say('{0}; started at {1} UTC', zone, UTC.dateTime(span.fromMs))],
  ];
  return { type: 'facts', rows };
}

function planned({ durationMs, ref, object }: Experiment, say: ReportInput['say']): string {
  if (isOneShot(ref.kind, object.spec)) return say('none: it happens once');
  return durationMs === undefined ? say('none: it runs until it is stopped') : formatDuration(durationMs);
}

function impactBlocks({ impact, verdict: { span }, say, clock, metricName }: ReportInput): Block[] {
  if (!impact) return [paragraph(say('The metrics of that time are no longer available.'))];
  const { leftOut } = impact;
  const note = say('Not counted, because other experiments hit them at that time: {0}.', leftOut.join(', '));
  const table = impactTable(impact, {
    say,
    clock,
    metricName,
    fromMs: span.fromMs,
    toMs: span.toMs,
  });
  return leftOut.length > 0 ? [...table, paragraph(note)] : table;
}

/** What a reader needs of the timeline, and below it, folded, all that was told. */
function timelineBlocks(input: ReportInput): Block[] {
  const { say, clock, verdict } = input;
  const { main, all } = timeline(input);
  const table = (entries: readonly TimelineEntry[]): Block => ({
    type: 'table',
    head: [say('Time ({0})', clock.zone), say('Event')],
    rows: entries.map(({ at, text }) => [clock.timeOn(at, verdict.span.fromMs), text]),
  });
  if (all.length <= main.length) return [table(main)];
  return [table(main), { type: 'details', summary: say('All {0} events', all.length), blocks: [table(all)] }];
}

function scores({ verdict, board, say }: ReportInput): Block {
  const own = verdict.precision;
  const none = '–';
  const share = (value: number | undefined): string => (value === undefined ? none : formatPercent(value));
  const delay = (ms: number | undefined): string => (ms === undefined ? none : secondsText(ms));
  const alarms = board.falseAlarmsPerHour;
  const over = (value: string, behind: string): string => (value === none ? none : `${value} (${behind})`);
  const cases = board.cases === 1 ? say('over 1 case') : say('over {0} cases', board.cases);
  const rows = [
    ...([1, 3, 5] as const).map((k) => [`AC@${k}`, share(own?.[k]), over(share(board.ac?.[k]), cases)]),
    [say('Median time to detect'), delay(detectedAfterMs(verdict)), delay(board.seenAfterMs)],
    [say('Median time to detect recovery'), delay(verdict.healed?.afterMs), delay(board.healedAfterMs)],
    [
      say('False alarms per hour'),
      none,
      over(
        alarms === undefined ? none : alarms.toFixed(2),
        say('{0} in {1} without an experiment', board.falseAlarms, secondsText(board.quietMs)),
      ),
    ],
  ].filter(([, ...values]) => values.some((value) => value !== none));
  return rows.length === 0
    ? paragraph(say('No metrics could be measured.'))
    : { type: 'table', head: [say('Score'), say('This experiment'), say('Session')], rows };
}
