import type { AnomalyParameters, FaultType } from '../../faults/catalogue';
import type { Text } from '../../base/text';
import type { ScenarioPlan } from '../../scenario/planScenario';
import type { Phases } from '../judge';
import type { Outcome, Verdict } from '../outcome';
import type { TestedOnCluster } from '../runOnCluster';

/** A fault of a run, and the pods that it was to hit. */
export interface TestedStep {
  fault: FaultType;
  pods: readonly string[];
  parameters: AnomalyParameters;
  /** The pod that led the database when the fault began; undefined where that is not known. */
  leader?: string;
  /** False where the run ended before this fault. */
  injected?: false;
}

/** One stored run of a resilience test. */
export interface TestRun {
  /** Unique: when it was kept, and something by chance. */
  id: string;
  /** The cluster: two of one name and address are the same. */
  where: string;
  context: string;
  /** The scenario's name. */
  scenario: string;
  verdict: Verdict;
  reason: Text | undefined;
  phases: Phases;
  steps: readonly TestedStep[];
  outcomes: readonly Outcome[];
  /** Where it was run elsewhere: the file that it came from, and when. */
  imported?: { from: string; at: number };
}

/** When its faults began, or it itself where it injected nothing; epoch milliseconds of the cluster's clock. */
export const startOf = ({ phases }: Pick<TestRun, 'phases'>): number => phases.faultFromMs ?? phases.before.toMs;

/** What is kept of a run. */
export function toTestRun(
  { scenario, steps }: ScenarioPlan,
  { verdict, reason, phases, outcomes, leaders, injectedAt }: TestedOnCluster,
  at: Pick<TestRun, 'id' | 'where' | 'context'>,
): TestRun {
  return {
    ...at,
    scenario: scenario.name,
    verdict,
    reason,
    phases: structuredClone(phases),
    steps: steps.map(({ injection: { type, targets, parameters } }, i) => {
      const leader = leaders[i];
      return {
        fault: type,
        pods: targets.map(({ pod }) => pod),
        parameters: { ...parameters },
        ...(leader === undefined ? {} : { leader }),
        ...(injectedAt[i] === undefined ? { injected: false } : {}),
      };
    }),
    outcomes: [...outcomes],
  };
}
