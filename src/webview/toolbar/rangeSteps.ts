import { LEAST_RANGE_MS, MOST_RANGE_MS, RANGES_MS } from '../../shared/chartMessages';

/** What is shown: a fixed stretch, or the newest so many milliseconds. */
export interface ShownRange {
  fromMs: number;
  toMs: number;
  windowMs: number;
  fixed: boolean;
}

/** What to show instead: another fixed stretch, the newest so many milliseconds, or the newest as before. */
export type RangeStep = { fromMs: number; toMs: number } | { windowMs: number } | 'newest';

/** Half a stretch earlier. */
export function earlier({ fromMs, toMs }: ShownRange): RangeStep {
  const half = Math.round((toMs - fromMs) / 2);
  return { fromMs: fromMs - half, toMs: toMs - half };
}

/** Half a stretch later; where that is not over yet, the newest. Undefined where the newest is shown already. */
export function later({ fromMs, toMs, fixed }: ShownRange, nowMs: number): RangeStep | undefined {
  if (!fixed) return undefined;
  const half = Math.round((toMs - fromMs) / 2);
  return toMs + half >= nowMs ? 'newest' : { fromMs: fromMs + half, toMs: toMs + half };
}

/** About twice as much; the newest stays the newest. Undefined where there is no more. */
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
