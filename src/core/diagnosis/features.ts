import type { MetricId } from '../metrics/catalogue';
import { median, medianOfSorted, robustScale, sortedFinite } from './statistics';
import type { MetricStretch, NodeObservation } from './types';

/** How one metric of one node left its own normal stretch. */
export interface Deviation {
  /** Medians, in the metric's unit. */
  value: number;
  baseline: number;
  /** Robust deviations from the baseline, signed. */
  z: number;
  /** ln(value / baseline), both floored; within ±5. */
  logRatio: number;
}

/** Fewest samples that a baseline and a window need. */
export const MIN_BASELINE = 5;
export const MIN_WINDOW = 2;
/** No scale is taken to be finer than this share of the baseline: a flat line is not infinitely certain. */
const RELATIVE_FLOOR = 0.005;

/** The deviation of a stretch; undefined when it has too few samples. */
export function deviation(stretch: MetricStretch): Deviation | undefined {
  const before = sortedFinite(stretch.baseline);
  const now = sortedFinite(stretch.window);
  if (before.length < MIN_BASELINE || now.length < MIN_WINDOW) return undefined;
  const baseline = medianOfSorted(before);
  const value = medianOfSorted(now);
  const scale = Math.max(robustScale(before, baseline), RELATIVE_FLOOR * Math.abs(baseline), 1e-9);
  // A metric that is nothing before and after (no rollbacks, no swap) does not deviate.
  const floor = Math.max(0.02 * Math.abs(baseline), 3 * scale, 1e-9);
  const ratio = Math.log((Math.max(0, value) + floor) / (Math.max(0, baseline) + floor));
  return { value, baseline, z: (value - baseline) / scale, logRatio: Math.max(-5, Math.min(5, ratio)) };
}

/** Deviations of every metric of a node that has enough samples. */
export type NodeDeviations = ReadonlyMap<MetricId, Deviation>;

/** Deviations of all nodes, in their order. */
export function deviations(nodes: readonly NodeObservation[]): NodeDeviations[] {
  return nodes.map((node) => {
    const result = new Map<MetricId, Deviation>();
    for (const [metric, stretch] of Object.entries(node.metrics)) {
      const found = deviation(stretch);
      if (found) result.set(metric, found);
    }
    return result;
  });
}

/** z on a scale that keeps its sign and its order but not its size: sign · ln(1 + |z|). */
export function squash(z: number): number {
  return Math.sign(z) * Math.log1p(Math.abs(z));
}

/** Inputs of the model per metric: own deviation, log ratio, deviation against the peers, presence. */
export const FEATURES_PER_METRIC = 4;

/**
 * The model's input, one row a node. Per metric in `order`: squashed z, log ratio, squashed z less the median of the
 * other nodes' (what all nodes share is load), and 1 for present. A missing metric is four zeros.
 */
export function featureRows(order: readonly MetricId[], nodes: readonly NodeDeviations[]): Float32Array[] {
  return nodes.map((own, i) => {
    const row = new Float32Array(order.length * FEATURES_PER_METRIC);
    order.forEach((metric, k) => {
      const mine = own.get(metric);
      if (!mine) return;
      const others = nodes.flatMap((other, j) => {
        const theirs = j === i ? undefined : other.get(metric);
        return theirs ? [squash(theirs.z)] : [];
      });
      const peers = others.length > 0 ? median(others) : 0;
      row.set([squash(mine.z), mine.logRatio, squash(mine.z) - peers, 1], k * FEATURES_PER_METRIC);
    });
    return row;
  });
}
