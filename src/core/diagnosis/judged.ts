import { METRICS, type MetricGroup, type MetricId } from '../metrics/catalogue';
import { MIN_BASELINE, MIN_WINDOW } from './features';
import { GUARD_STEPS } from './stretches';
import type { Diagnosis, NodeObservation, UnjudgedNode } from './types';

/**
 * Metrics that a running server always has, by group. Mean times and shares are not among them: they are also missing
 * while there is nothing to measure.
 */
const STEADY = new Map<MetricGroup, MetricId[]>();
for (const { id, unit, group } of METRICS)
  if (unit !== 'seconds' && unit !== 'ratio') STEADY.set(group, [...(STEADY.get(group) ?? []), id]);

function samples(values: Float64Array): number {
  let count = 0;
  for (const value of values) if (Number.isFinite(value)) count += 1;
  return count;
}

/** Why a node cannot be judged: it has too few samples. */
export function whyUnjudged({ name, metrics }: NodeObservation, stepMs: number): UnjudgedNode {
  let [before, now, stepsLeft] = [0, 0, Infinity];
  for (const { baseline, window } of Object.values(metrics)) {
    const [known, fresh] = [samples(baseline), samples(window)];
    before = Math.max(before, known);
    now = Math.max(now, fresh);
    const left = Math.max(0, MIN_BASELINE - known) + Math.max(0, MIN_WINDOW - fresh) + (known === 0 ? GUARD_STEPS : 0);
    stepsLeft = Math.min(stepsLeft, left);
  }
  const why = now > 0 ? 'collecting' : before > 0 ? 'silent' : 'noSamples';
  return { node: name, why, readyInMs: why === 'collecting' ? stepsLeft * stepMs : 0 };
}

/** Groups of metrics that the source has, and of which a node has no sample in the window. */
export function lostGroups({ name, metrics }: NodeObservation): Diagnosis['lost'][number][] {
  return [...STEADY].flatMap(([group, ids]) => {
    const asked = ids.flatMap((id) => metrics[id] ?? []);
    return asked.length > 0 && asked.every(({ window }) => samples(window) === 0) ? [{ node: name, group }] : [];
  });
}
