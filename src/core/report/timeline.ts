import type { Experiment, ExperimentEvent, ExperimentTarget } from '../experiments/experiment';
import { timelineOf, type ReportEvent as ClusterEntry } from '../experiments/timeline';
import type { ExperimentVerdict } from '../evaluation/verdict';
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
  /** Those that it extends, as far as they are known, oldest first. */
  extended: readonly Experiment[];
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
/** What the controller does to the object's finalizers (both ways have this reason): of no use to anybody. */
const isOfFinalizers = ({ reason, message }: ExperimentEvent): boolean =>
  reason === 'FinalizerInited' || (reason === 'Updated' && message.includes('finalizer'));
/** The controller's other book-keeping: it says nothing of the fault. */
const BOOK_KEEPING: ReadonlySet<string> = new Set(['Updated']);

/** What happened to the experiment and what the diagnosis said of it. */
export function timeline(given: TimelineInput): ReportTimeline {
  const input = { ...given, events: given.events.filter((event) => !isOfFinalizers(event)) };
  const own = ownEntries(input);
  const cluster = timelineOf(targetsOf(input), input.events);
  return {
    main: ordered([...own, ...grouped(cluster.filter(({ what, failed }) => failed || !BOOK_KEEPING.has(what)))]),
    all: ordered([...own, ...rawEntries(input)]),
  };
}

const targetsOf = ({ experiment, extended }: TimelineInput): ExperimentTarget[] =>
  [...extended, ...(experiment ? [experiment] : [])].flatMap(({ targets }) => targets);

/** Each line once, by time; what has no date has no place. */
function ordered(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const unlike = new Map(entries.filter(({ at }) => at > 0).map((entry) => [`${entry.at}|${entry.text}`, entry]));
  return [...unlike.values()].sort((a, b) => a.at - b.at).slice(-MOST);
}

/** The experiment's begin and end, and what the diagnosis said. */
function ownEntries({ experiment, extended, verdict, say, nameOf }: TimelineInput): TimelineEntry[] {
  const [began, ...extensions] = [...extended, ...(experiment ? [experiment] : [])];
  return [
    ...diagnosisEntries({ verdict, say, nameOf }),
    began && { at: began.createdAt, text: say('created') },
    ...extensions.map(({ createdAt, ref }) => ({ at: createdAt, text: say('extended by {0}', ref.name) })),
    experiment?.deletingSince === undefined
      ? undefined
      : { at: experiment.deletingSince, text: say('deletion requested') },
  ].filter((entry) => entry !== undefined);
}

/** What the diagnosis said of a fault, and when. */
export function diagnosisEntries({
  verdict,
  say,
  nameOf,
}: Pick<TimelineInput, 'verdict' | 'say' | 'nameOf'>): TimelineEntry[] {
  const { span, healed, falseNames, carriedOver } = verdict;
  // Diagnosed before it was injected, it cannot be said when it was seen.
  const { seen, first } = carriedOver ? { seen: undefined, first: undefined } : verdict;
  const what = `${nameOf(span.label)} (${span.nodes.join(', ')})`;
  return [
    seen && seen.at !== first?.at ? { at: seen.at, text: say('diagnosed: {0}', what) } : undefined,
    first && { at: first.at, text: say('top diagnosis: {0}', what) },
    healed && { at: healed.at, text: say('diagnosis cleared') },
    ...falseNames.map(({ at, node, type }) => ({ at, text: say('false diagnosis: {0}', `${nameOf(type)} (${node})`) })),
  ].filter((entry) => entry !== undefined);
}

/** Every line that a record or the cluster's events have. */
function rawEntries(input: TimelineInput): TimelineEntry[] {
  const { events } = input;
  const records = targetsOf(input).flatMap((target) =>
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

/** Merges the same event on several targets within a short time into one line; failures keep their message and count. */
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
