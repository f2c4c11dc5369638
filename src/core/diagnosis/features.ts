import type { MetricId } from '../metrics/catalogue';
import { leastNoticeable } from './distance/noticeable';
import { median, medianOfSorted, midMean, robustScale, sortedFinite } from './statistics';
import { baselineStart } from './stretches';
import type { MetricStretch, NodeObservation } from './types';

/** How far one metric of one node deviates from its baseline. */
export interface Deviation {
  /** Mid-means (mean of the middle half) of window and baseline, in the metric's unit. */
  value: number;
  baseline: number;
  /** Robust deviations of the medians, signed. */
  z: number;
  /** ln(value / baseline), both raised by what would be noticed and by 3 % of the larger; within ±3.6. */
  logRatio: number;
}

/** Fewest samples that a baseline needs. */
export const MIN_BASELINE = 5;
/** Fewest samples that a window needs. */
export const MIN_WINDOW = 2;
/** The scale is at least this share of the baseline: a flat line is not infinitely certain. */
const RELATIVE_FLOOR = 0.03;
const TINY = 1e-9;

/** The deviation of a window from its baseline, which starts at row `from`; undefined with too few samples. */
export function deviation(stretch: MetricStretch, from = 0, least = 0): Deviation | undefined {
  const before = sortedFinite(stretch.baseline, from);
  const now = sortedFinite(stretch.window);
  if (before.length < MIN_BASELINE || now.length < MIN_WINDOW) return undefined;
  const centre = medianOfSorted(before);
  const scale = Math.max(robustScale(before, centre), RELATIVE_FLOOR * Math.abs(centre), least, TINY);
  const baseline = midMean(before);
  const value = midMean(now);
  return {
    value,
    baseline,
    z: (medianOfSorted(now) - centre) / scale,
    logRatio: logRatio(value, baseline, Math.max(least, TINY)),
  };
}

/** ln(value / baseline) of non-negative quantities, both raised by a floor so that a rise from zero stays finite. */
export function logRatio(value: number, baseline: number, leastFloor: number): number {
  const floor = Math.max(leastFloor, 0.03 * Math.max(Math.abs(value), Math.abs(baseline)));
  return Math.log((Math.max(0, value) + floor) / (Math.max(0, baseline) + floor));
}

/** The deviations of a node's metrics that have enough samples. */
export type NodeDeviations = ReadonlyMap<MetricId, Deviation>;

/** The deviations of all nodes, in the same order. */
export function deviations(nodes: readonly NodeObservation[]): NodeDeviations[] {
  return nodes.map((node) => {
    const result = new Map<MetricId, Deviation>();
    const from = baselineStart(node.metrics);
    for (const [metric, stretch] of Object.entries(node.metrics)) {
      const found = deviation(stretch, from, leastNoticeable(metric));
      if (found) result.set(metric, found);
    }
    return result;
  });
}

/** Compresses z, keeping its sign and order: sign · ln(1 + |z|), within ±4. */
export function squash(z: number): number {
  return Math.sign(z) * Math.min(4, Math.log1p(Math.abs(z)));
}

/** For each value, the median of the other finite values. Sorted once: removing one value moves the middle by at most one place. */
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
