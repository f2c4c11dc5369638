/** Milliseconds to wait before try number `attempt` (from 0): doubles from a second up to `maxMs`, the upper half by chance so that many clients spread. */
export function backoffMs(attempt: number, maxMs = 30_000, random: () => number = Math.random): number {
  const full = Math.min(maxMs, 1000 * 2 ** Math.min(attempt, 30));
  return full / 2 + (random() * full) / 2;
}
