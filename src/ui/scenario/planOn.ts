import type { DatabasePod } from '../../core/cluster/databasePod';
import { planScenario, type ScenarioPlan } from '../../core/scenario/planScenario';
import type { Scenario } from '../../core/scenario/scenario';
import { askedPolicyOf } from '../session/policy';
import type { ClusterSession } from '../session/session';

/** A scenario planned on a session's pods, with its settings and what a person may confirm. */
export function planOn(
  scenario: Scenario,
  session: ClusterSession,
  targets: readonly DatabasePod[],
  createdBy: string,
): ScenarioPlan {
  const { chaosNamespace, query, defaultDurationMs } = session.config;
  return planScenario(scenario, {
    targets,
    policy: askedPolicyOf(session, targets.length),
    defaultDurationMs,
    chaosNamespace,
    container: query.container,
    createdBy,
  });
}
