import { toAppError } from '../base/errors';
import type { DatabasePod } from '../cluster/databasePod';
import type { InjectionPolicy } from '../injection/policy';
import type { Expectation } from '../scenario/expectation';
import type { ScenarioPlan } from '../scenario/planScenario';
import type { ScenarioRun } from '../scenario/run';
import type { ScenarioRuns } from '../scenario/runs';
import { startRun } from '../scenario/startRun';
import { lookAtSteadyState, runResilienceTest, type TestOptions } from './resilienceTest';
import type { TestResult } from './testResult';
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

/** What a test came to, and for each step of its plan which pod led the database when the fault began, where known. */
export interface TestedOnCluster extends TestResult {
  leaders: readonly (string | undefined)[];
}

/** Times of creation are whole seconds, and the newest scrape before a fault may be as old as this. */
const BEFORE_MS = 5000;
/** The metrics are asked no longer for who led: a test must end though they do not answer. */
const LEADERS_MS = 5000;

/** Runs a test on a cluster; its faults are a run as any other, which "stop all" ends too. */
export async function runOnCluster(
  parts: TestParts,
  test: PlannedTest,
  options: TestOptions = {},
): Promise<TestedOnCluster> {
  const { plan, expectations } = test;
  // Those that are replaced by a fault have another address after it.
  const pods = await parts.targets.list(parts.query, options.signal).catch(() => []);
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
  return { ...result, leaders: await leadersOf(parts, pods, result.injectedAt) };
}

/** Who led the database right before each fault. Never rejects: what is not known is left out. */
async function leadersOf(
  { metrics, clock, log }: TestParts,
  pods: readonly DatabasePod[],
  injectedAt: TestResult['injectedAt'],
): Promise<(string | undefined)[]> {
  const timeout = new AbortController();
  const timer = clock.after(LEADERS_MS, () => timeout.abort());
  const found: (string | undefined)[] = injectedAt.map(() => undefined);
  try {
    if (pods.length === 0) return found;
    // One after another: the first question finds the series that the others need.
    for (const [i, at] of injectedAt.entries())
      if (at !== undefined) found[i] = await metrics.leaderAt?.(pods, at - BEFORE_MS, timeout.signal);
  } catch (thrown) {
    log.debug(`resilience test: the leader is not known: ${toAppError(thrown).message}`);
  } finally {
    timer.dispose();
  }
  return found;
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
