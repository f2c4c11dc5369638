import { isRecord, recordsOf } from '../base/unknown';
import type { RecordedRun, Recording } from './recording';

const MAX_ROWS = 20_000;
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;
const texts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** A recording from unknown input; undefined when it is none. */
export function parseRecording(input: unknown): Recording | undefined {
  if (!isRecord(input) || input['format'] !== 'distdiag-recording/1') return undefined;
  const { id, fromMs, stepMs, types } = input;
  if (typeof id !== 'string' || typeof fromMs !== 'number' || typeof stepMs !== 'number' || !(stepMs > 0))
    return undefined;
  const runs = recordsOf(input['runs']).map(parseRun);
  if (!texts(types) || runs.length === 0 || runs.some((run) => run === undefined)) return undefined;
  return { format: 'distdiag-recording/1', id, fromMs, stepMs, types, runs: runs as RecordedRun[] };
}

function parseRun(input: Readonly<Record<string, unknown>>): RecordedRun | undefined {
  const { id, types, rows, abnormal, metrics } = input;
  if (typeof id !== 'string' || !texts(types) || !isCount(rows) || rows > MAX_ROWS || !isRecord(metrics))
    return undefined;
  if (!Array.isArray(abnormal) || abnormal.length !== 2) return undefined;
  const [from, to] = abnormal as unknown[];
  if (!isCount(from) || !isCount(to) || from > to || to > rows) return undefined;
  const columns: [metric: string, values: (number | null)[]][] = [];
  for (const [metric, values] of Object.entries(metrics)) {
    if (!Array.isArray(values) || values.length !== rows) return undefined;
    if (!values.every((value) => value === null || (typeof value === 'number' && Number.isFinite(value))))
      return undefined;
    columns.push([metric, values as (number | null)[]]);
  }
  return { id, types, rows, abnormal: [from, to], metrics: Object.fromEntries(columns) };
}
