import { toExperiment } from '../experiments/parse';
import { isRecord, recordsOf, textOf } from '../base/unknown';
import { HISTORY_ENDS, type HistoryEnd, type HistoryEntry } from './entry';

/** The version of the file's format; one of another version is not read. */
const VERSION = 1;

/** What a file of the history holds. */
export interface HistoryFile {
  entries: HistoryEntry[];
  /** Epoch milliseconds; what had ended before was cleared. */
  clearedAt: number;
  /** How many entries could not be read; the whole file counts as one. */
  damaged: number;
}

/** The text of the history's file. */
export function writeHistory(entries: readonly HistoryEntry[], clearedAt: number): string {
  const kept = entries.map(({ experiment, ...rest }) => ({ ...rest, object: experiment.object }));
  return JSON.stringify({ version: VERSION, clearedAt, entries: kept });
}

/** Reads a file of the history, whatever it holds: what is no entry is counted and passed over. Never throws. */
export function readHistory(text: string): HistoryFile {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    file = undefined;
  }
  if (!isRecord(file) || file['version'] !== VERSION || !Array.isArray(file['entries']))
    return { entries: [], clearedAt: 0, damaged: 1 };
  const entries = recordsOf(file['entries']).flatMap((one) => readEntry(one) ?? []);
  const clearedAt = numberOf(file['clearedAt']) ?? 0;
  return { entries, clearedAt, damaged: file['entries'].length - entries.length };
}

function readEntry(one: Readonly<Record<string, unknown>>): HistoryEntry | undefined {
  const experiment = toExperiment(one['object']);
  const { kind, name, uid } = experiment.ref;
  const where = textOf(one['where']);
  const lastSeenAt = numberOf(one['lastSeenAt']);
  const end = HISTORY_ENDS.find((known): known is HistoryEnd => known === one['end']);
  if (kind === '' || name === '' || uid === undefined || where === '' || lastSeenAt === undefined) return undefined;
  if (one['end'] !== undefined && end === undefined) return undefined;
  return {
    where,
    context: textOf(one['context']),
    experiment,
    end,
    endedAt: numberOf(one['endedAt']),
    lastSeenAt,
    reason: textOf(one['reason']) || undefined,
    injected: countOf(one['injected']),
    total: countOf(one['total']),
  };
}

/** Dates beyond what a calendar can hold would break every text that shows them. */
const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 8.64e15 ? value : undefined;

const countOf = (value: unknown): number => Math.floor(numberOf(value) ?? 0);
