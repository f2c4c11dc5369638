import type { Experiment, ExperimentEvent } from '../experiment';
import { timelineOf, type TimelineEntry as ClusterEntry } from '../timeline';
import type { ExperimentVerdict } from '../truth/verdict';
import type { Say } from './reportTexts';

/** One line of a report's timeline. */
export interface TimelineEntry {
  /** Epoch milliseconds. */
  at: number;
  text: string;
}

/** What happened, thinned to what a reader needs, and all of it. Both in the order of time. */
interface ReportTimeline {
  main: readonly TimelineEntry[];
  all: readonly TimelineEntry[];
}

/** What a timeline is made of. */
interface TimelineInput {
  experiment: Experiment | undefined;
  events: readonly ExperimentEvent[];
  verdict: ExperimentVerdict;
  say: Say;
  nameOf: (type: string) => string;
}

/** Lines of a long history that are kept, the newest. */
const MOST = 500;
/** The same that happens to several targets within this long is one line. */
const TOGETHER_MS = 30_000;
/** Targets that such a line names; the rest is counted. */
const MOST_NAMED = 4;
/** The controller's own book-keeping: it says nothing of the fault. */
const BOOK_KEEPING: ReadonlySet<string> = new Set(['FinalizerInited', 'Updated']);

/** What happened to the experiment and what the diagnosis said of it. */
export function timeline(input: TimelineInput): ReportTimeline {
  const own = ownEntries(input);
  const { experiment, events } = input;
  const cluster = timelineOf(experiment?.targets ?? [], events);
  return {
    main: ordered([...own, ...grouped(cluster.filter(({ what, failed }) => failed || !BOOK_KEEPING.has(what)))]),
    all: ordered([...own, ...rawEntries(input)]),
  };
}

/** Each line once, by time; what has no date has no place. */
function ordered(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const unlike = new Map(entries.filter(({ at }) => at > 0).map((entry) => [`${entry.at}|${entry.text}`, entry]));
  return [...unlike.values()].sort((a, b) => a.at - b.at).slice(-MOST);
}

/** The experiment's begin and end, and what the diagnosis said. */
function ownEntries({ experiment, verdict, say, nameOf }: TimelineInput): TimelineEntry[] {
  const { span, seen, first, healed, falseNames } = verdict;
  const what = `${nameOf(span.label)} (${span.nodes.join(', ')})`;
  return [
    experiment && { at: experiment.createdAt, text: say('created') },
    experiment?.deletingSince === undefined
      ? undefined
      : { at: experiment.deletingSince, text: say('deletion asked for') },
    seen && seen.at !== first?.at ? { at: seen.at, text: say('named: {0}', what) } : undefined,
    first && { at: first.at, text: say('named first: {0}', what) },
    healed && { at: healed.at, text: say('no longer named') },
    ...falseNames.map(({ at, node, type }) => ({ at, text: say('named wrongly: {0}', `${nameOf(type)} (${node})`) })),
  ].filter((entry) => entry !== undefined);
}

/** Every line that a record or the cluster's events have. */
function rawEntries({ experiment, events }: TimelineInput): TimelineEntry[] {
  const records = (experiment?.targets ?? []).flatMap((target) =>
    target.events.map(({ at, operation, type, message }) => ({
      at: at ?? 0,
      text: `${target.pod}: ${operation} ${type}${message ? ` – ${message}` : ''}`,
    })),
  );
  const told = events.map(({ at, reason, message, count = 1 }) => ({
    at: at ?? 0,
    text: `${reason}: ${message}${times(count)}`,
  }));
  return [...records, ...told];
}

const times = (count: number): string => (count > 1 ? ` (×${count})` : '');

/** The same on several targets, one soon after the other, as one line; a failure with its own words and its number. */
function grouped(entries: readonly ClusterEntry[]): TimelineEntry[] {
  const groups: { first: ClusterEntry; lastMs: number; targets: Set<string>; count: number }[] = [];
  for (const entry of entries) {
    const at = entry.since ?? entry.at ?? 0;
    const like = groups.findLast(
      ({ first, lastMs }) =>
        first.what === entry.what &&
        first.failed === entry.failed &&
        first.message === entry.message &&
        (first.target === undefined) === (entry.target === undefined) &&
        (entry.failed || at - lastMs <= TOGETHER_MS),
    );
    const group = like ?? { first: entry, lastMs: at, targets: new Set<string>(), count: 0 };
    if (!like) groups.push(group);
    if (entry.target !== undefined) group.targets.add(entry.target);
    group.count += entry.count;
    group.lastMs = Math.max(group.lastMs, entry.at ?? at);
  }
  return groups.map(({ first, targets, count }) => ({
    at: first.since ?? first.at ?? 0,
    text: words(first, targets, count),
  }));
}

function words({ what, failed, message, target }: ClusterEntry, targets: ReadonlySet<string>, count: number): string {
  const repeated = failed ? times(count) : '';
  if (target === undefined) return `${what}: ${message}${repeated}`;
  const names = [...targets].map((id) => id.split('/')[1] ?? id);
  const rest = names.length - MOST_NAMED;
  const where = [...names.slice(0, MOST_NAMED), ...(rest > 0 ? [`+ ${rest}`] : [])].join(', ');
  return `${what} ${failed ? 'Failed' : 'Succeeded'}: ${where}${message ? ` – ${message}` : ''}${repeated}`;
}
