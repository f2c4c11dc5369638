import { windowSteps } from '../diagnosis/stretches';

/** The times that judge a diagnosis against the truth, milliseconds. */
export interface TruthTimes {
  /** Length of the window that a look diagnoses. */
  windowMs: number;
  /** Looks that are further apart leave a stretch in which nothing is known. */
  gapMs: number;
}

/** After its end a fault may still be named for this long: the window holds it, and the database has to come to rest. */
export const HEAL_MS = 5 * 60_000;
/** For this long after an experiment a stretch does not count as quiet. */
export const SETTLE_MS = 2 * 60_000;

/** The times for looks with samples `stepMs` apart. */
export function truthTimes(stepMs: number): TruthTimes {
  return { windowMs: windowSteps(stepMs) * stepMs, gapMs: Math.max(60_000, 3 * stepMs) };
}
