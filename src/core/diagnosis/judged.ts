import { METRICS, type MetricGroup, type MetricId } from '../metrics/catalogue';
import { MIN_BASELINE, MIN_WINDOW } from './features';
import { GUARD_STEPS } from './stretches';
import type { Diagnosis, NodeObservation, UnjudgedNode } from './types';

/**
 * Metrics that a running server always has, by group. A mean time is missing while nothing of its kind happens, and so is
 * a share of nothing: that they are absent says nothing.
 */
const STEADY = new Map<MetricGroup, MetricId[]>();
for (const { id, unit, group } of METRICS)
  if (unit !== 'seconds' && unit !== 'ratio') STEADY.set(group, [...(STEADY.get(group) ?? []), id]);

function samples(values: Float64Array): number {
  let count = 0;
  for (const value of values) if (Number.isFinite(value)) count += 1;
  return count;
}

/** What is known of a node that has too few samples to be judged. */
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

/** Groups of which a node had samples before the window and has none in it. */
export function lostGroups({ name, metrics }: NodeObservation): Diagnosis['lost'][number][] {
  return [...STEADY].flatMap(([group, ids]) => {
    const had = ids.flatMap((id) => metrics[id] ?? []).filter(({ baseline }) => samples(baseline) >= MIN_BASELINE);
    return had.length > 0 && had.every(({ window }) => samples(window) === 0) ? [{ node: name, group }] : [];
  });
}
