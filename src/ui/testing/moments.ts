import type { Expectation } from '../../core/scenario/expectation';
import type { TestResult } from '../../core/resilience/testResult';
import type { ShownTest } from '../../core/resilience/testBoard';
import type { ExperimentRef } from '../../core/experiments/experiment';
import { spanOf } from '../../core/resilience/judge';

/** The time and metric that the panel shows for a test or one of its expectations. */
export interface TestMoment {
  fromMs: number;
  toMs: number;
  /** When it was broken, or at its worst. */
  atMs: number | undefined;
  metric: string | undefined;
  /** The test's experiments. */
  refs: readonly ExperimentRef[];
}

/** Margin around a test, milliseconds. */
const AROUND_MS = 60_000;

/** The moments of a test that has ended, by the name of the expectation; '' = the whole test. */
export function momentsOf(
  { phases }: TestResult,
  { expectations, outcomes, refs }: Pick<ShownTest, 'expectations' | 'outcomes' | 'refs'>,
): Map<string, TestMoment> {
  const { before, faultFromMs, endMs } = phases;
  const toMs = (endMs ?? before.toMs) + AROUND_MS;
  const whole = { fromMs: (faultFromMs ?? before.fromMs) - AROUND_MS, toMs, atMs: undefined, metric: undefined, refs };
  const of = (one: Expectation): TestMoment => {
    const found = outcomes.find(({ name }) => name === one.name);
    const metric = 'source' in one && 'metric' in one.source ? one.source.metric : undefined;
    const span = one.kind === 'metric' ? spanOf(one.during, phases, toMs) : undefined;
    const atMs = found?.brokenAt ?? found?.worstAt;
    // What was broken in the steady state lies before the faults.
    const fromMs = Math.min(whole.fromMs, (span?.fromMs ?? Infinity) - AROUND_MS);
    return { ...whole, fromMs, atMs, metric };
  };
  return new Map([['', whole], ...expectations.map((one) => [one.name, of(one)] as const)]);
}
