import type { Diagnosis } from '../diagnosis/types';
import { formatDuration } from '../duration';
import type { Experiment, ExperimentEvent } from '../experiment';
import { isOneShot } from '../experimentKinds';
import type { Scoreboard } from '../truth/scoreboard';
import type { ExperimentVerdict } from '../truth/verdict';
import { markdownCode, markdownText } from '../plainWords';
import { reportClock, type ReportClock } from './reportClock';
import type { Say } from './reportTexts';
import { timeline, type TimelineEntry } from './timeline';

/** What a report is written from. Holds no secret: names, times, metrics and the manifest. */
export interface ReportInput {
  verdict: ExperimentVerdict;
  board: Scoreboard;
  /** The object, where it is still known. */
  experiment: Experiment | undefined;
  /** Its manifest as YAML. */
  manifest: string | undefined;
  events: readonly ExperimentEvent[];
  /** The diagnosis at the moment when it was named first, else at its end. */
  diagnosis: Diagnosis | undefined;
  /** Charts with the paths of their files, relative to the report. */
  charts: readonly { title: string; path: string }[];
  /** Name and value. */
  versions: readonly (readonly [string, string])[];
  cluster: string;
  writtenAt: number;
  /** Of the reader's zone. */
  clock: ReportClock;
  say: Say;
  /** An anomaly type's name. */
  nameOf: (type: string) => string;
  reasonOf: (reason: Diagnosis['ranking'][number]['reasons'][number]) => string;
}

const UTC = reportClock(0);
const percent = (share: number): string => `${Math.round(100 * share)} %`;
/** A delay or a length in words that need no translation. */
const seconds = (ms: number): string => {
  const all = Math.round(ms / 1000);
  return all < 120 ? `${all} s` : `${Math.floor(all / 60)} min ${all % 60} s`;
};
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** An experiment report in Markdown, as GitHub and Jira show it. */
export function experimentReport(input: ReportInput): string {
  const { verdict, say, nameOf, charts, manifest, versions, clock } = input;
  const { span } = verdict;
  const title = markdownText(`${nameOf(span.label)} – ${span.nodes.join(', ')}`);
  const sections = [
    `# ${say('Experiment report: {0}', title)}`,
    facts(input),
    `## ${say('Verdict')}`,
    verdictText(input),
    ...named(input),
    `## ${say('Scores')}`,
    scores(input),
    `## ${say('Timeline')}`,
    ...timelineText(input),
    `## ${say('Charts')}`,
    charts.length === 0
      ? say('There are no metrics of that time any more.')
      : [
          say('The shaded stretch is the experiment; times are {0}.', clock.zone),
          ...charts.map((chart) => `![${markdownText(chart.title)}](${encodeURI(chart.path)})`),
        ].join('\n\n'),
    `## ${say('Manifest')}`,
    manifest === undefined
      ? say('The object is gone, and its manifest with it.')
      : `${fence(manifest)}yaml\n${manifest.trimEnd()}\n${fence(manifest)}`,
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
  const acted =
    span.toMs === undefined
      ? say('since {0}, still acting', dateTime(span.fromMs))
      : say(
          '{0} to {1} ({2})',
          dateTime(span.fromMs),
          clock.timeOn(span.toMs, span.fromMs),
          seconds(span.toMs - span.fromMs),
        );
  const what = experiment ? ` – ${markdownText(experiment.summary)}` : '';
  return [
    `- **${say('Experiment')}**: ${markdownText(kind)} ${markdownCode(`${namespace}/${name}`)}${what}`,
    `- **${say('Nodes')}**: ${markdownText(span.nodes.join(', '))}`,
    `- **${say('Cluster')}**: ${markdownText(cluster)}`,
    `- **${say('Planned duration')}**: ${experiment ? planned(experiment, say) : say('not known any more')}`,
    `- **${say('Acted')}**: ${acted}`,
    `- **${say('Written')}**: ${dateTime(writtenAt)}`,
    `- **${say('Times')}**: ${zone === 'UTC' ? 'UTC' : say('{0}; it began at {1} UTC', zone, UTC.dateTime(span.fromMs))}`,
  ].join('\n');
}

function planned({ durationMs, ref, object }: Experiment, say: Say): string {
  if (isOneShot(ref.kind, object.spec)) return say('none: it happens once');
  return durationMs === undefined ? say('none: it acts until it is stopped') : formatDuration(durationMs);
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

/** The verdict in a few words. */
function headline({ state, first }: ExperimentVerdict, say: Say): string {
  switch (state) {
    case 'seen':
      return first ? say('named first') : say('seen, but not named first');
    case 'missed':
      return say('not seen');
    case 'waiting':
      return say('not named yet');
    case 'tooShort':
      return say('too short to be seen');
    case 'unobserved':
      return say('nobody looked while it acted, and the metrics of that time are gone');
    case 'notDiagnosable':
      return say('the diagnosis has no name for this kind of experiment');
    case 'notWatched':
      return say('it acted on no node that is diagnosed');
  }
}

function verdictText({ verdict, say, nameOf }: ReportInput): string {
  const { state, seen, first, healed, carriedOver, lookedLate, namedPairs, allPairs, falseNames, answeredBy, span } =
    verdict;
  const wrong = falseNames.map(({ node, type, probability }) => `${nameOf(type)} (${node}) ${percent(probability)}`);
  const judged = state === 'seen' || state === 'missed' || state === 'waiting';
  const lines = [
    `**${headline(verdict, say)}**`,
    seen && say('Seen after {0}', seconds(seen.afterMs)),
    carriedOver && say('It was named before it was injected, so that the delay says nothing.'),
    lookedLate && say('Nobody looked for a while before it was named, so that the delay says nothing.'),
    first && say('Named first after {0}', seconds(first.afterMs)),
    seen && allPairs > 1 && say('{0} of {1} nodes named', namedPairs, allPairs),
    healed
      ? say('Recovery seen after {0}', seconds(healed.afterMs))
      : seen && span.toMs !== undefined && say('Recovery not seen yet'),
    judged && `${say('Named wrongly meanwhile')}: ${wrong.length > 0 ? markdownText(wrong.join('; ')) : say('none')}`,
    answeredBy.length > 0 && say('Diagnosed by {0}', markdownText(answeredBy.join(', '))),
  ];
  return lines
    .filter((line) => typeof line === 'string')
    .map((line) => `- ${line}`)
    .join('\n');
}

function named({ diagnosis, say, nameOf, reasonOf, clock, verdict }: ReportInput): string[] {
  const pairs = diagnosis?.ranking.filter((pair) => pair.named) ?? [];
  if (!diagnosis || pairs.length === 0) return [];
  const rows = pairs
    .slice(0, 10)
    .map(({ node, type, probability, reasons }) => [
      markdownText(`${nameOf(type)} (${node})`),
      percent(probability),
      markdownText(reasons.map(reasonOf).join('; ')),
    ]);
  return [
    say('At {0}:', clock.timeOn(diagnosis.at, verdict.span.fromMs)),
    table([say('What was named'), say('Probability'), say('Why')], rows),
  ];
}

function scores({ verdict, board, say }: ReportInput): string {
  const own = verdict.precision;
  const score = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(2));
  const delay = (ms: number | undefined): string => (ms === undefined ? '–' : seconds(ms));
  const alarms = board.falseAlarmsPerHour;
  return table(
    [say('Score'), say('This experiment'), say('Session')],
    [
      ...([1, 3, 5] as const).map((k) => [
        `AC@${k}`,
        score(own?.[k]),
        `${score(board.ac?.[k])} (${board.cases === 1 ? say('over 1 case') : say('over {0} cases', board.cases)})`,
      ]),
      [say('Time to see (median)'), delay(verdict.seen?.afterMs), delay(board.seenAfterMs)],
      [say('Time to see the recovery (median)'), delay(verdict.healed?.afterMs), delay(board.healedAfterMs)],
      [
        say('False alarms per hour'),
        '–',
        `${score(alarms)} (${say('{0} in {1} without an experiment', board.falseAlarms, seconds(board.quietMs))})`,
      ],
    ],
  );
}
