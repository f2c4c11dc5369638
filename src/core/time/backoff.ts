/** Milliseconds to wait before try number `attempt` (from 0): doubles from a second up to `maxMs`; half of it is random, to spread many clients. */
export function backoffMs(attempt: number, maxMs = 30_000): number {
  const full = Math.min(maxMs, 1000 * 2 ** Math.min(attempt, 30));
  return full / 2 + (Math.random() * full) / 2;
}
