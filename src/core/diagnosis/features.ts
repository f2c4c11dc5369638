import type { MetricId } from '../metrics/catalogue';
import { median, medianOfSorted, midMean, robustScale, sortedFinite } from './statistics';
import { baselineStart } from './stretches';
import type { MetricStretch, NodeObservation } from './types';

/** How one metric of one node left its own normal stretch. */
export interface Deviation {
  /** Mid-means (mean of the middle half) of window and baseline, in the metric's unit. */
  value: number;
  baseline: number;
  /** Robust deviations of the medians, signed. */
  z: number;
  /** ln(value / baseline), both floored at 3 % of the larger; within ±3.6. */
  logRatio: number;
  /** The same for the window's 10th and 90th percentile: how steady the change is. */
  low: number;
  high: number;
}

/** Fewest samples that a baseline needs. */
export const MIN_BASELINE = 5;
/** Fewest samples that a window needs. */
const MIN_WINDOW = 2;
/** No scale is taken to be finer than this share of the baseline: a flat line is not infinitely certain. */
const RELATIVE_FLOOR = 0.005;

/** The deviation of a stretch, its baseline taken from row `from` on; undefined when it has too few samples. */
export function deviation(stretch: MetricStretch, from = 0): Deviation | undefined {
  const before = sortedFinite(from === 0 ? stretch.baseline : stretch.baseline.subarray(from));
  const now = sortedFinite(stretch.window);
  if (before.length < MIN_BASELINE || now.length < MIN_WINDOW) return undefined;
  const centre = medianOfSorted(before);
  const scale = Math.max(robustScale(before, centre), RELATIVE_FLOOR * Math.abs(centre), 1e-9);
  const baseline = midMean(before);
  const value = midMean(now);
  const at = (share: number): number => now[Math.round(share * (now.length - 1))] as number;
  return {
    value,
    baseline,
    z: (medianOfSorted(now) - centre) / scale,
    logRatio: logRatio(value, baseline, 1e-9),
    low: logRatio(at(0.1), baseline, 1e-9),
    high: logRatio(at(0.9), baseline, 1e-9),
  };
}

/** ln(value / baseline) of quantities that are not negative, both raised by a floor so that a rise from nothing stays finite. */
export function logRatio(value: number, baseline: number, leastFloor: number): number {
  const floor = Math.max(leastFloor, 0.03 * Math.max(Math.abs(value), Math.abs(baseline)));
  return Math.log((Math.max(0, value) + floor) / (Math.max(0, baseline) + floor));
}

/** Deviations of every metric of a node that has enough samples. */
export type NodeDeviations = ReadonlyMap<MetricId, Deviation>;

/** Deviations of all nodes, in their order. */
export function deviations(nodes: readonly NodeObservation[]): NodeDeviations[] {
  return nodes.map((node) => {
    const result = new Map<MetricId, Deviation>();
    const from = baselineStart(node.metrics);
    for (const [metric, stretch] of Object.entries(node.metrics)) {
      const found = deviation(stretch, from);
      if (found) result.set(metric, found);
    }
    return result;
  });
}

/** z on a scale that keeps its sign and its order but not its size: sign · ln(1 + |z|), within ±8. */
export function squash(z: number): number {
  return Math.sign(z) * Math.min(8, Math.log1p(Math.abs(z)));
}

/** Inputs of the model per metric: own deviation, three log ratios, log ratio against the peers, presence. */
export const FEATURES_PER_METRIC = 6;

/**
 * The model's input by metric, one row a node. Per metric in `order`: squashed z, log ratios of middle, low and high
 * end, log ratio less the median of the other nodes' (what all nodes share is load), and 1 for present. A missing metric
 * is all zeros.
 */
export function featureRows(order: readonly MetricId[], nodes: readonly NodeDeviations[]): Float32Array[] {
  const rows = nodes.map(() => new Float32Array(order.length * FEATURES_PER_METRIC));
  order.forEach((metric, k) => {
    const column = nodes.map((node) => node.get(metric));
    const peers = othersMedian(column.map((found) => found?.logRatio ?? NaN));
    column.forEach((own, i) => {
      if (!own) return;
      const peer = peers[i] as number;
      const apart = Number.isFinite(peer) ? own.logRatio - peer : own.logRatio;
      (rows[i] as Float32Array).set(
        [squash(own.z), own.logRatio, own.low, own.high, apart, 1],
        k * FEATURES_PER_METRIC,
      );
    });
  });
  return rows;
}

/** For each value the median of the finite others. Sorted once: without one value the middle moves by one place at most. */
export function othersMedian(values: readonly number[]): number[] {
  if (values.length <= 12) {
    return values.map((_, i) => median(values.filter((_other, j) => j !== i)));
  }
  const sorted = sortedFinite(values);
  return values.map((value) => {
    if (!Number.isFinite(value)) return medianOfSorted(sorted);
    const rest = sorted.length - 1;
    const own = lowerBound(sorted, value);
    const at = (index: number): number => sorted[index < own ? index : index + 1] as number;
    return rest % 2 === 1 ? at(rest >> 1) : (at((rest >> 1) - 1) + at(rest >> 1)) / 2;
  });
}

function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
