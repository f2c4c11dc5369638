import { formatDuration } from '../time/duration';
import type { Experiment } from '../experiments/experiment';
import { isOneShot } from '../experiments/kinds';
import { markdownCode, markdownText } from '../base/sanitize';
import { reportClock } from './reportClock';
import { coverageText } from './coverageText';
import { markdownTable as table } from './markdownTable';
import type { ReportInput } from './reportInput';
import { lengthText, secondsText } from './lengths';
import type { Say } from './reportTexts';
import { summaryText } from './summaryText';
import { timeline, type TimelineEntry } from './timeline';
import { detectedAfterMs, namedText, verdictText } from './verdictText';

const UTC = reportClock(0);
/** An experiment report in Markdown, as GitHub and Jira show it. */
export function experimentReport(input: ReportInput): string {
  const { verdict, say, nameOf, charts, manifest, versions, clock } = input;
  const { span } = verdict;
  const title = markdownText(`${nameOf(span.label)} – ${span.nodes.join(', ')}`);
  const sections = [
    `# ${say('Experiment report: {0}', title)}`,
    summaryText(input),
    facts(input),
    `## ${say('Diagnosis')}`,
    verdictText(input),
    ...namedText(input),
    `## ${say('Timeline')}`,
    ...timelineText(input),
    `## ${say('Charts')}`,
    charts.length === 0
      ? say('The metrics of that time are no longer available.')
      : [
          say('The shaded range is the experiment; times are {0}.', clock.zone),
          ...charts.map((chart) => `![${markdownText(chart.title)}](${encodeURI(chart.path)})`),
        ].join('\n\n'),
    `## ${say('Manifest')}`,
    manifest === undefined
      ? say('The object and its manifest were deleted.')
      : `${fence(manifest)}yaml\n${manifest.trimEnd()}\n${fence(manifest)}`,
    `## ${say('Appendix: diagnosis accuracy')}`,
    scores(input),
    ...coverageText(input),
    `## ${say('Versions')}`,
    versions.map(([name, value]) => `- ${markdownText(name)}: ${markdownText(value)}`).join('\n'),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** A fence that nothing within ends. */
const fence = (text: string): string => {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([marks]) => marks.length));
  return '`'.repeat(Math.max(3, longest + 1));
};

function facts({ verdict: { span }, experiment, cluster, writtenAt, clock, say }: ReportInput): string {
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
  const what = experiment ? ` – ${markdownText(experiment.summary)}` : '';
  return [
    `- **${say('Experiment')}**: ${markdownText(kind)} ${markdownCode(`${namespace}/${name}`)}${what}`,
    `- **${say('Nodes')}**: ${markdownText(span.nodes.join(', '))}`,
    `- **${say('Cluster')}**: ${markdownText(cluster)}`,
    `- **${say('Planned duration')}**: ${experiment ? planned(experiment, say) : say('unknown')}`,
    ...(span.earlier?.map(({ ref }) => `- **${say('Continues')}**: ${markdownCode(ref.name)}`) ?? []),
    `- **${say('Ran')}**: ${ran}`,
    `- **${say('Written')}**: ${dateTime(writtenAt)}`,
    `- **${say('Times')}**: ${zone === 'UTC' ? 'UTC' : say('{0}; started at {1} UTC', zone, UTC.dateTime(span.fromMs))}`,
  ].join('\n');
}

function planned({ durationMs, ref, object }: Experiment, say: Say): string {
  if (isOneShot(ref.kind, object.spec)) return say('none: it happens once');
  return durationMs === undefined ? say('none: it runs until it is stopped') : formatDuration(durationMs);
}

/** What a reader needs of the timeline, and below it, folded, all that was told. */
function timelineText(input: ReportInput): string[] {
  const { say, clock, verdict } = input;
  const { main, all } = timeline(input);
  const rows = (entries: readonly TimelineEntry[]): string =>
    table(
      [say('Time ({0})', clock.zone), say('Event')],
      entries.map(({ at, text }) => [clock.timeOn(at, verdict.span.fromMs), markdownText(text)]),
    );
  if (all.length <= main.length) return [rows(main)];
  return [rows(main), `<details>\n<summary>${say('All {0} events', all.length)}</summary>`, rows(all), '</details>'];
}

function scores({ verdict, board, say }: ReportInput): string {
  const own = verdict.precision;
  const none = '–';
  const score = (value: number | undefined): string => (value === undefined ? none : value.toFixed(2));
  const delay = (ms: number | undefined): string => (ms === undefined ? none : secondsText(ms));
  const alarms = board.falseAlarmsPerHour;
  const over = (value: number | undefined, behind: string): string =>
    value === undefined ? none : `${score(value)} (${behind})`;
  const cases = board.cases === 1 ? say('over 1 case') : say('over {0} cases', board.cases);
  const rows = [
    ...([1, 3, 5] as const).map((k) => [`AC@${k}`, score(own?.[k]), over(board.ac?.[k], cases)]),
    [say('Median time to detect'), delay(detectedAfterMs(verdict)), delay(board.seenAfterMs)],
    [say('Median time to detect recovery'), delay(verdict.healed?.afterMs), delay(board.healedAfterMs)],
    [
      say('False alarms per hour'),
      none,
      over(alarms, say('{0} in {1} without an experiment', board.falseAlarms, secondsText(board.quietMs))),
    ],
  ].filter(([, ...values]) => values.some((value) => value !== none));
  return rows.length === 0
    ? say('No metrics could be measured.')
    : table([say('Score'), say('This experiment'), say('Session')], rows);
}
