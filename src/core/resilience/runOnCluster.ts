import type { InjectionPolicy } from '../injection/policy';
import type { Expectation } from '../scenario/expectation';
import type { ScenarioPlan } from '../scenario/planScenario';
import type { ScenarioRun } from '../scenario/run';
import type { ScenarioRuns } from '../scenario/runs';
import { startRun } from '../scenario/startRun';
import { lookAtSteadyState, runResilienceTest, type TestOptions, type TestResult } from './resilienceTest';
import type { TestBoard } from './testBoard';
import type { FaultRun, TestWorld } from './testWorld';
import { createTestWorld, type TestWorldOptions } from './world';

/** The parts of a session that a test is run with. */
export type TestParts = Omit<TestWorldOptions, 'plan' | 'start' | 'stop'> & {
  scenarios: ScenarioRuns;
  /** Where views look at it. */
  tests?: TestBoard;
};

/** A plan with what is expected of the database; `policy` is asked before each step. */
export interface PlannedTest {
  plan: ScenarioPlan;
  expectations: readonly Expectation[];
  policy: () => InjectionPolicy;
}

/** Runs a test on a cluster; its faults are a run as any other, which "stop all" ends too. */
export async function runOnCluster(
  parts: TestParts,
  test: PlannedTest,
  options: TestOptions = {},
): Promise<TestResult> {
  const { plan, expectations } = test;
  const { world, refs } = worldOf(parts, test);
  const targets = new Set(plan.steps.flatMap(({ injection }) => injection.targets.map(({ pod }) => pod)));
  const show = parts.tests?.add({ name: plan.scenario.name, expectations, targets });
  const result = await runResilienceTest(plan, expectations, world, {
    ...options,
    onLook: (look) => {
      show?.(look, refs());
      options.onLook?.(look);
    },
  });
  show?.(result, refs());
  return result;
}

/** Whether the database is in its steady state; injects nothing. */
export const steadyOnCluster = (
  parts: TestParts,
  test: PlannedTest,
  signal?: AbortSignal,
): ReturnType<typeof lookAtSteadyState> =>
  lookAtSteadyState(test.plan, test.expectations, worldOf(parts, test).world, signal);

function worldOf(
  { scenarios, tests: _, ...parts }: TestParts,
  { plan, policy }: PlannedTest,
): { world: TestWorld; refs: () => NonNullable<FaultRun['steps'][number]['ref']>[] } {
  let run: ScenarioRun | undefined;
  const world = createTestWorld({
    ...parts,
    plan,
    start: () => (run = startRun(scenarios, plan, policy)),
    stop: async () => run?.stop() ?? { stopped: [], failed: [] },
  });
  return { world, refs: () => run?.steps.flatMap(({ ref }) => ref ?? []) ?? [] };
}
