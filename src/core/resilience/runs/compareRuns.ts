import type { Outcome } from '../outcome';
import type { Span } from '../samples';
import { startOf, type TestRun } from './testRun';

/** How an expectation fared in the later run against the earlier one; undefined where one of them did not have it. */
type Change = 'better' | 'worse' | 'same' | undefined;

/** One expectation in two runs. */
interface RunDifference {
  name: string;
  before: Outcome | undefined;
  now: Outcome | undefined;
  change: Change;
}

/** Two runs side by side. */
export interface RunComparison {
  before: TestRun;
  now: TestRun;
  /** What is added to a time of the earlier run so that both begin at once, milliseconds. */
  shiftMs: number;
  /** What to look at, by the later run's time: long enough for both. */
  span: Span;
  differences: readonly RunDifference[];
}

/** What is shown of the steady state before the faults, milliseconds. */
const LEAD_MS = 120_000;
/** Values this near to each other, as a share, are the same: no two runs are alike. */
const SAME_SHARE = 0.1;
/** The same of recovery times, milliseconds. */
const SAME_MS = 10_000;

/** Compares two runs; the order of the expectations is that of the later run. */
export function compareRuns(before: TestRun, now: TestRun): RunComparison {
  const shiftMs = startOf(now) - startOf(before);
  const names = [...new Set([...now.outcomes, ...before.outcomes].map(({ name }) => name))];
  const of = (run: TestRun, name: string): Outcome | undefined => run.outcomes.find((one) => one.name === name);
  const endOf = ({ phases }: TestRun): number => phases.endMs ?? phases.faultToMs ?? phases.before.toMs;
  return {
    before,
    now,
    shiftMs,
    span: { fromMs: startOf(now) - LEAD_MS, toMs: Math.max(endOf(now), endOf(before) + shiftMs) },
    differences: names.map((name) => {
      const [earlier, later] = [of(before, name), of(now, name)];
      return { name, before: earlier, now: later, change: changeOf(earlier, later) };
    }),
  };
}

const RANKS: Readonly<Record<Outcome['state'], number>> = { failed: 0, inconclusive: 1, pending: 1, passed: 2 };

/** The verdict says most, then the recovery time, then how far the worst value was from the baseline. */
function changeOf(before: Outcome | undefined, now: Outcome | undefined): Change {
  if (!before || !now) return undefined;
  const [was, is] = [RANKS[before.state], RANKS[now.state]];
  if (was !== is) return is > was ? 'better' : 'worse';
  const recovery = lower(before.recoveryMs, now.recoveryMs, SAME_MS);
  if (recovery !== 'same') return recovery;
  return lower(before.depth, now.depth, SAME_SHARE);
}

/** The lower the better. */
function lower(before: number | undefined, now: number | undefined, tolerated: number): 'better' | 'worse' | 'same' {
  if (before === undefined || now === undefined || Math.abs(now - before) <= tolerated) return 'same';
  return now < before ? 'better' : 'worse';
}
