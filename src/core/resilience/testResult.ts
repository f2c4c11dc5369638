import type { Text } from '../base/text';
import type { StopReport } from '../injection/injection';
import type { Phases } from './judge';
import type { Outcome, Verdict } from './outcome';
import type { Samples } from './samples';

/** What is known of a test that is under way. */
export interface TestLook {
  outcomes: readonly Outcome[];
  phases: Phases;
  /** The series that expectations are judged by, by their names; those of pods, events and the diagnosis have none. */
  judged: ReadonlyMap<string, Samples>;
}

/** How soon a guard ended the faults, epoch milliseconds of the cluster's clock. */
export interface AbortTimes {
  /** The guard's name. */
  name: string;
  /** Of the sample that broke it. */
  brokenAt: number;
  /** When that sample was seen. */
  seenAt: number;
  /** When everything of the scenario was deleted, or could not be. */
  endedAt: number;
}

/** What a test came to. */
export interface TestResult extends TestLook {
  verdict: Verdict;
  /** Why it was aborted, or why nothing was injected. */
  reason: Text | undefined;
  /** What could not be stopped: it may still be running. */
  left: StopReport['failed'];
  /** For each step of the plan when its experiment was, or may have been, created; undefined where nothing was injected. */
  injectedAt: readonly (number | undefined)[];
  /** Where a guard was broken. */
  abort?: AbortTimes;
}
