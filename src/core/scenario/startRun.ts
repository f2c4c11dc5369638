import type { InjectionPolicy } from '../injection/policy';
import type { ScenarioPlan } from './planScenario';
import { ScenarioRun } from './run';
import type { ScenarioRuns } from './runs';

/** Starts a plan; `policy` is asked before each step. Throws AppError (`invalid`) where the plan has a problem. */
export function startRun(runs: ScenarioRuns, plan: ScenarioPlan, policy: () => InjectionPolicy): ScenarioRun {
  return runs.add((run, parts) => new ScenarioRun(plan, run, policy, parts));
}
