import type { Text } from '../base/text';
import { sleep } from '../time/waiting';
import type { Span } from './samples';
import type { TestWorld } from './testWorld';

/** The steady state is judged by the samples of this long before the first fault. */
export const STEADY_MS = 5 * 60_000;
/** The shortest steady state, where a fault has ended just before. */
const SHORTEST_STEADY_MS = 90_000;
/** The time after a fault in which the database does not count as steady. */
const SETTLING_MS = 30_000;

const ANOTHER_RUNS: Text = 'Another fault is running. Nothing was injected.';
const NOT_SETTLED: Text = 'A fault ended only just now: the database has not settled yet.';

type FaultsOfAll = Pick<TestWorld, 'clock' | 'calmSince'>;

/**
 * The time after the last fault, by which the steady state is judged, or the reason why there is none. `waiting` is told
 * that the database has to settle, which is waited for; without it nothing is waited for.
 */
export async function steadySpan(
  { clock, calmSince }: FaultsOfAll,
  signal: AbortSignal,
  waiting?: () => void,
): Promise<{ span: Span } | { reason: Text }> {
  for (;;) {
    const calm = await calmSince(signal);
    if (calm === Infinity) return { reason: ANOTHER_RUNS };
    const fromMs = calm + SETTLING_MS;
    const toMs = clock.now();
    const restMs = fromMs + SHORTEST_STEADY_MS - toMs;
    if (restMs <= 0) return { span: { fromMs: Math.max(fromMs, toMs - STEADY_MS), toMs } };
    if (!waiting) return { reason: NOT_SETTLED };
    waiting();
    await sleep(clock, restMs, signal);
  }
}

/** What has disturbed the steady state since its span was taken; undefined where nothing has. */
export async function disturbed(
  { calmSince }: FaultsOfAll,
  { fromMs }: Span,
  signal: AbortSignal,
): Promise<Text | undefined> {
  const calm = await calmSince(signal);
  if (calm === Infinity) return ANOTHER_RUNS;
  return calm + SETTLING_MS > fromMs ? NOT_SETTLED : undefined;
}
