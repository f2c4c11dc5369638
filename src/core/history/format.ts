import { toExperiment } from '../experiments/parse';
import { keptNumber, readItems, writeItems, type KeptItems } from './keptItems';
import { textOf } from '../base/unknown';
import { HISTORY_ENDS, type HistoryEnd, type HistoryEntry } from './entry';

/** The text of the history's file. */
export const writeHistory = (entries: readonly HistoryEntry[], clearedAt: number): string =>
  writeItems(
    'entries',
    entries.map(({ experiment, ...rest }) => ({ ...rest, object: experiment.object })),
    clearedAt,
  );

/** Reads a file of the history, whatever it holds. Never throws. */
export const readHistory = (text: string): KeptItems<HistoryEntry> => readItems(text, 'entries', readEntry);

function readEntry(one: Readonly<Record<string, unknown>>): HistoryEntry | undefined {
  const experiment = toExperiment(one['object']);
  const { kind, name, uid } = experiment.ref;
  const where = textOf(one['where']);
  const lastSeenAt = keptNumber(one['lastSeenAt']);
  const end = HISTORY_ENDS.find((known): known is HistoryEnd => known === one['end']);
  if (kind === '' || name === '' || uid === undefined || where === '' || lastSeenAt === undefined) return undefined;
  if (one['end'] !== undefined && end === undefined) return undefined;
  return {
    where,
    context: textOf(one['context']),
    experiment,
    end,
    endedAt: keptNumber(one['endedAt']),
    lastSeenAt,
    reason: textOf(one['reason']) || undefined,
    injected: countOf(one['injected']),
    total: countOf(one['total']),
  };
}

const countOf = (value: unknown): number => Math.floor(keptNumber(value) ?? 0);
