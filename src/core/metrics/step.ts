/** Steps that give round times, seconds. */
const ROUND = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Prometheus is seldom told to scrape more often: a finer step shows the same sample twice. Milliseconds. */
export const FINEST_STEP_MS = 5000;

/**
 * The finest round step, milliseconds, at which a stretch has no more points than there are pixels for them, and that is
 * not finer than the samples are.
 */
export function stepFor(lengthMs: number, pixels: number, finestMs = FINEST_STEP_MS): number {
  const least = Math.max(finestMs, lengthMs / Math.max(1, pixels - 1));
  const round = ROUND.find((seconds) => seconds * 1000 >= least);
  return round === undefined ? Math.ceil(least / 86_400_000) * 86_400_000 : round * 1000;
}
