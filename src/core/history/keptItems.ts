import { isRecord, recordsOf } from '../base/unknown';

/** The version of the files' format; a file of another version is not read. */
const VERSION = 1;

/** What a file of the workspace's storage holds. */
export interface KeptItems<Item> {
  items: Item[];
  /** Epoch milliseconds; everything before was cleared. */
  clearedAt: number;
  /** How many items could not be read; the whole file counts as one. */
  damaged: number;
}

/** The text of a file with a list under `key`. */
export const writeItems = (key: string, items: readonly unknown[], clearedAt: number): string =>
  JSON.stringify({ version: VERSION, clearedAt, [key]: items });

/** Reads such a file, whatever it holds: invalid items are counted and left out. Never throws. */
export function readItems<Item>(
  text: string,
  key: string,
  readItem: (one: Readonly<Record<string, unknown>>) => Item | undefined,
): KeptItems<Item> {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    file = undefined;
  }
  const list = isRecord(file) && file['version'] === VERSION ? file[key] : undefined;
  if (!isRecord(file) || !Array.isArray(list)) return { items: [], clearedAt: 0, damaged: 1 };
  const items = recordsOf(list).flatMap((one) => readItem(one) ?? []);
  return { items, clearedAt: keptNumber(file['clearedAt']) ?? 0, damaged: list.length - items.length };
}

/** A time, a duration or a count; a date that no calendar can hold would break every text that shows it. */
export const keptNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 && value < 8.64e15 ? value : undefined;
