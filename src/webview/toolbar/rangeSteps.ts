import { LEAST_RANGE_MS, MOST_RANGE_MS, RANGES_MS } from '../../shared/chartMessages';

/** The visible range: fixed, or the newest milliseconds. */
export interface ShownRange {
  fromMs: number;
  toMs: number;
  windowMs: number;
  fixed: boolean;
}

/** The range to show next: another fixed one, the newest milliseconds, or the newest as before. */
export type RangeStep = { fromMs: number; toMs: number } | { windowMs: number } | 'newest';

/** Half a range earlier. */
export function earlier({ fromMs, toMs }: ShownRange): RangeStep {
  const half = Math.round((toMs - fromMs) / 2);
  return { fromMs: fromMs - half, toMs: toMs - half };
}

/** Half a range later, or the newest data if that reaches into the future. Undefined if the newest data are shown. */
export function later({ fromMs, toMs, fixed }: ShownRange, nowMs: number): RangeStep | undefined {
  if (!fixed) return undefined;
  const half = Math.round((toMs - fromMs) / 2);
  return toMs + half >= nowMs ? 'newest' : { fromMs: fromMs + half, toMs: toMs + half };
}

/** About twice the range; the newest data stay in view. Undefined at the longest range. */
export function zoomedOut({ fromMs, toMs, windowMs, fixed }: ShownRange): RangeStep | undefined {
  if (!fixed) {
    const next = RANGES_MS.find((one) => one >= 2 * windowMs) ?? RANGES_MS.find((one) => one > windowMs);
    return next === undefined ? undefined : { windowMs: next };
  }
  const length = toMs - fromMs;
  if (length >= MOST_RANGE_MS) return undefined;
  const half = Math.max(LEAST_RANGE_MS, Math.round(length / 2));
  return { fromMs: fromMs - half, toMs: toMs + half };
}
