import { windowSteps } from '../diagnosis/stretches';

/** Time limits for judging a diagnosis against the ground truth, milliseconds. */
export interface JudgingTimes {
  /** Length of the diagnosed window. */
  windowMs: number;
  /** Between samples that are further apart, nothing is known. */
  gapMs: number;
}

/** A fault may still be named for this long after its end: the window contains it, and the database has to settle. */
export const HEAL_MS = 5 * 60_000;
/** The time after an experiment that does not count as quiet. */
export const SETTLE_MS = 2 * 60_000;

/** The limits for samples `stepMs` apart. */
export function judgingTimes(stepMs: number): JudgingTimes {
  return { windowMs: windowSteps(stepMs) * stepMs, gapMs: Math.max(60_000, 3 * stepMs) };
}
