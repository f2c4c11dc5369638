import type { InjectionPolicy } from '../injection/policy';
import type { Expectation } from '../scenario/expectation';
import type { ScenarioPlan } from '../scenario/planScenario';
import type { ScenarioRun } from '../scenario/run';
import type { ScenarioRuns } from '../scenario/runs';
import { startRun } from '../scenario/startRun';
import { lookAtSteadyState, runResilienceTest, type TestOptions, type TestResult } from './resilienceTest';
import type { TestWorld } from './testWorld';
import { createTestWorld, type TestWorldOptions } from './world';

/** The parts of a session that a test is run with. */
export type TestParts = Omit<TestWorldOptions, 'plan' | 'start' | 'stop'> & { scenarios: ScenarioRuns };

/** A plan with what is expected of the database; `policy` is asked before each step. */
export interface PlannedTest {
  plan: ScenarioPlan;
  expectations: readonly Expectation[];
  policy: () => InjectionPolicy;
}

/** Runs a test on a cluster; its faults are a run as any other, which "stop all" ends too. */
export const runOnCluster = (parts: TestParts, test: PlannedTest, options: TestOptions = {}): Promise<TestResult> =>
  runResilienceTest(test.plan, test.expectations, worldOf(parts, test), options);

/** Whether the database is in its steady state; injects nothing. */
export const steadyOnCluster = (
  parts: TestParts,
  test: PlannedTest,
  signal?: AbortSignal,
): ReturnType<typeof lookAtSteadyState> =>
  lookAtSteadyState(test.plan, test.expectations, worldOf(parts, test), signal);

function worldOf({ scenarios, ...parts }: TestParts, { plan, policy }: PlannedTest): TestWorld {
  let run: ScenarioRun | undefined;
  return createTestWorld({
    ...parts,
    plan,
    start: () => (run = startRun(scenarios, plan, policy)),
    stop: async () => run?.stop() ?? { stopped: [], failed: [] },
  });
}
