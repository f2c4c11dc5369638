import type { MetricFrame } from '../metrics/series';
import type { DiagnosisRequest, MetricStretch, NodeObservation } from './types';

/** Length of the stretch under diagnosis: at least a minute and at least four steps. */
export function windowSteps(stepMs: number): number {
  return Math.max(4, Math.round(60_000 / stepMs));
}

/** Samples between baseline and window that belong to neither: the fault's onset is not normal. */
const GUARD_STEPS = 2;

/**
 * Cuts a frame into the window that ends at step `end` (inclusive; default the last) and the baseline before it.
 * Leading steps without any sample are left out.
 */
export function stretchesAt(frame: MetricFrame, end: number = frame.timestamps.length - 1): DiagnosisRequest {
  const steps = windowSteps(frame.stepMs);
  const from = Math.max(0, end + 1 - steps);
  const baselineEnd = Math.max(0, from - GUARD_STEPS);
  const byNode = new Map<string, Record<string, MetricStretch>>(frame.nodes.map((node) => [node, {}]));
  for (const series of frame.series) {
    const metrics = byNode.get(series.node);
    if (!metrics) continue;
    metrics[series.metric] = {
      baseline: series.values.subarray(0, baselineEnd),
      window: series.values.subarray(from, end + 1),
    };
  }
  const nodes: NodeObservation[] = [...byNode].map(([name, metrics]) => ({ name, metrics }));
  return { at: frame.timestamps[end] ?? NaN, nodes };
}
