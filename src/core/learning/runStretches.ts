import type { MetricStretch } from '../diagnosis/types';
import type { MetricId } from '../metrics/catalogue';
import type { RecordedRun } from './recording';

/** What of a run is looked at: a baseline and a window, rows from (inclusive) to (exclusive), and what acted in the window. */
export interface RunStretch {
  run: RecordedRun;
  baseline: readonly [number, number];
  window: readonly [number, number];
  types: readonly string[];
}

/** Rows between the end of an anomaly and a window that counts as quiet. */
const SETTLE_ROWS = 10;
/** Rows of an anomaly's onset, in which rates still mix what was with what is. */
const ONSET_ROWS = 2;
const MIN_ROWS = 5;
const MAX_WINDOW = 30;

/** Half of the anomaly, within what a window usually has. */
const windowRows = (run: RecordedRun): number =>
  Math.max(4, Math.min(MAX_WINDOW, Math.floor((run.abnormal[1] - run.abnormal[0]) / 2)));

/** Up to `count` windows inside the anomaly, evenly spread, against what was before it. */
export function anomalousStretches(run: RecordedRun, count: number): RunStretch[] {
  const [from, to] = run.abnormal;
  const rows = Math.min(windowRows(run), to - from);
  if (run.types.length === 0 || rows < 4) return [];
  const baseline = [0, Math.max(MIN_ROWS, from - 1)] as const;
  return spread(Math.min(from + ONSET_ROWS, to - rows), to - rows, count).map((start) => ({
    run,
    baseline,
    window: [start, start + rows],
    types: run.types,
  }));
}

/** Up to `count` windows in which nothing acted on the node: those of a normal run, or well after the anomaly. */
export function quietStretches(run: RecordedRun, count: number): RunStretch[] {
  const [from, to] = run.abnormal;
  const normal = run.types.length === 0;
  const begin = normal ? Math.max(MIN_ROWS, Math.min(from, run.rows >> 1)) : to + SETTLE_ROWS;
  const rows = normal ? Math.min(MAX_WINDOW, run.rows - begin) : windowRows(run);
  if (rows < 4 || run.rows - begin < rows || (!normal && from < MIN_ROWS)) return [];
  const baseline = [0, normal ? begin : Math.max(MIN_ROWS, from - 1)] as const;
  return spread(begin, run.rows - rows, count).map((start) => ({
    run,
    baseline,
    window: [start, start + rows],
    types: [],
  }));
}

function spread(first: number, last: number, count: number): number[] {
  const places = Math.min(count, last - first + 1);
  if (places <= 1) return [Math.max(first, last)];
  return Array.from({ length: places }, (_, i) => Math.round(first + (i * (last - first)) / (places - 1)));
}

/** The columns of a stretch, as a diagnosis takes them; null becomes NaN. */
export function metricsOf({
  run,
  baseline,
  window,
}: Pick<RunStretch, 'run' | 'baseline' | 'window'>): Record<MetricId, MetricStretch> {
  const cut = (values: readonly (number | null)[], [from, to]: readonly [number, number]): Float64Array =>
    Float64Array.from(values.slice(from, to), (value) => value ?? NaN);
  return Object.fromEntries(
    Object.entries(run.metrics).map(([metric, values]) => [
      metric,
      { baseline: cut(values, baseline), window: cut(values, window) },
    ]),
  );
}
