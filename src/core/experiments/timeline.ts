import type { ExperimentEvent, ExperimentTarget } from './experiment';

/** One thing that happened to an experiment. */
export interface ReportEvent {
  /** Of the last repetition, epoch milliseconds; undefined where it has no date. */
  at: number | undefined;
  /** Of the first repetition, where there were several. */
  since: number | undefined;
  count: number;
  /** Chaos Mesh's word: `Apply`, `Recover` for a target, else the event's reason (`Started`, `Paused`, `TimeUp`). */
  what: string;
  failed: boolean;
  /** `namespace/pod[/container]` where it is about one target. */
  target: string | undefined;
  /** Unabridged. */
  message: string;
}

/** A record and its event are written one after the other. */
const SAME_MS = 5000;
/** Prefixes such as `Failed to apply chaos: ` before the daemon's message. */
const PREFIX = /^Failed to ([^:]+): /;

/**
 * What happened, oldest first: the records' events, which name their target and keep the daemon's message whole, and the
 * core events that say what no record does. What both tell is there once; the same again and again is one entry.
 */
export function timelineOf(
  targets: readonly Pick<ExperimentTarget, 'id' | 'events'>[],
  events: readonly ExperimentEvent[],
): ReportEvent[] {
  const records = targets.flatMap(({ id, events: own }) =>
    own.map(({ at, operation, type, message }): ReportEvent => {
      return {
        at,
        since: at,
        count: 1,
        what: operation,
        failed: type === 'Failed',
        target: id,
        message: message ?? '',
      };
    }),
  );
  const others = events.map((event): ReportEvent => {
    const { at, firstAt = at, count = 1, reason, type, message } = event;
    return { at, since: firstAt, count, what: reason, failed: type === 'Warning', target: undefined, message };
  });
  // Dates are whole seconds: a record that an event tells of too comes where the event does among its like.
  const placed = new Set<ReportEvent>();
  const inOrder: ReportEvent[] = [];
  for (const other of others) {
    const told = toldBy(other, records);
    if (!told) inOrder.push(other);
    else if (!placed.has(told)) inOrder.push(told);
    if (told) placed.add(told);
  }
  inOrder.push(...records.filter((record) => !placed.has(record)));
  const date = ({ at }: ReportEvent): number => at ?? Infinity;
  return fold(inOrder.sort((a, b) => date(a) - date(b) || 0));
}

/** The record of the same incident; repetitions that only the server has counted are added to it. */
function toldBy(event: ReportEvent, records: readonly ReportEvent[]): ReportEvent | undefined {
  const operation = { Applied: 'Apply', Recovered: 'Recover' }[event.what];
  if (operation !== undefined) {
    return records.find(
      ({ what, failed, target, at }) =>
        what === operation && !failed && event.message.includes(target as string) && near(at, event.at),
    );
  }
  if (event.what !== 'Failed') return undefined;
  const said = event.message.replace(PREFIX, '').trim();
  // The server truncates messages of events; records keep them complete.
  const same = records.filter(
    ({ failed, message }) => failed && said !== '' && (message.startsWith(said) || said.startsWith(message)),
  );
  const last = same.filter(({ message }) => message !== '').at(-1);
  if (!last) return undefined;
  // Chaos Mesh only keeps a record's newest events.
  if (event.count > same.length) {
    last.count += event.count - same.length;
    if (event.since !== undefined) last.since = Math.min(event.since, last.since ?? event.since);
  }
  return last;
}

const near = (a: number | undefined, b: number | undefined): boolean =>
  a === undefined || b === undefined || Math.abs(a - b) <= SAME_MS;

/** Merges repetitions, even if something happened to other targets in between. */
function fold(entries: readonly ReportEvent[]): ReportEvent[] {
  const folded: ReportEvent[] = [];
  const newest = new Map<string, ReportEvent>();
  for (const entry of entries) {
    const place = entry.target ?? '';
    const last = newest.get(place);
    const same = last?.what === entry.what && last.failed === entry.failed && last.message === entry.message;
    if (same && (entry.failed || last.at === entry.at)) {
      last.count += entry.count;
      last.at = entry.at ?? last.at;
      if (entry.since !== undefined) last.since = Math.min(entry.since, last.since ?? entry.since);
      continue;
    }
    newest.set(place, entry);
    folded.push(entry);
  }
  return folded;
}
