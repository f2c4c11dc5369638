import type { MetricFrame } from '../metrics/series';
import type { MetricId } from '../metrics/catalogue';
import { sortedFinite } from './statistics';
import type { DiagnosisRequest, MetricStretch, NodeObservation } from './types';

/** Length of the window: half a minute, and at least two steps. A longer one would detect a fault later. */
export function windowSteps(stepMs: number): number {
  return Math.max(2, Math.round(30_000 / stepMs));
}

/**
 * How far a diagnosis looks back, whatever range is shown: half an hour, and at least 60 steps. The window is at the end;
 * the baseline lies before it.
 */
export const lookBackMs = (stepMs: number): number => Math.max(30 * 60_000, 60 * stepMs);

/** Samples between baseline and window that belong to neither: the fault's onset is not normal. */
export const GUARD_STEPS = 2;

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
  return { from: frame.timestamps[from] ?? NaN, at: frame.timestamps[end] ?? NaN, nodes };
}

/** Metrics that show whether the database was in use, best first. */
const SERVING: readonly MetricId[] = ['network.receiveBytes', 'db.commits', 'db.queries'];
/** A baseline keeps at least this many rows. */
const LEAST_ROWS = 6;
/** The share of the baseline that counts, from its end: what came just before the window resembles it more. */
const RECENT_SHARE = 0.75;

/**
 * The first row of a node's baseline: after an idle start (a database that nobody used yet is not normal), and then only
 * the later three quarters.
 */
export function baselineStart(metrics: Readonly<Record<MetricId, MetricStretch>>): number {
  const serving = SERVING.map((metric) => metrics[metric]?.baseline).find((column) => column !== undefined);
  const rows = serving?.length ?? Object.values(metrics)[0]?.baseline.length ?? 0;
  let idle = 0;
  if (serving && rows >= 10) {
    const sorted = sortedFinite(serving);
    const busy = sorted[Math.floor(0.75 * (sorted.length - 1))] ?? 0;
    const first = busy > 0 ? serving.findIndex((value) => value > 0.1 * busy) : -1;
    if (first > 0 && rows - first >= LEAST_ROWS) idle = first;
  }
  const kept = Math.max(LEAST_ROWS, Math.ceil((rows - idle) * RECENT_SHARE));
  return Math.max(0, rows - kept);
}
