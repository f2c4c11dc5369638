import * as vscode from 'vscode';
import { AppError } from '../../core/base/errors';
import { toManifest } from '../../core/injection/manifest';
import type { InjectionPolicy } from '../../core/injection/policy';
import type { Scenario } from '../../core/scenario/scenario';
import { planScenario, type ScenarioPlan } from '../../core/scenario/planScenario';
import { requireForTests } from '../../core/resilience/testAccess';
import { confirmHarmOfAll } from '../commands/inject/confirmHarm';
import { loadTargets } from '../commands/inject/injectAnomaly';
import { timesOf } from '../commands/experiments/orchestration';
import { askedPolicyOf, policyOf } from '../session/policy';
import type { ClusterSession } from '../session/session';

/** A scenario as the database is now. */
export interface PlannedScenario {
  plan: ScenarioPlan;
  /** How many nodes the database has. */
  size: number;
}

/** Throws AppError where the plan has problems. */
export async function planOf(scenario: Scenario, session: ClusterSession, createdBy: string): Promise<PlannedScenario> {
  const targets = await loadTargets(session);
  const { chaosNamespace, query, defaultDurationMs } = session.config;
  const plan = planScenario(scenario, {
    targets,
    policy: askedPolicyOf(session, targets.length),
    defaultDurationMs,
    chaosNamespace,
    container: query.container,
    createdBy,
  });
  const [problem] = plan.problems;
  if (problem) throw new AppError('invalid', problem.message);
  return { plan, size: targets.length };
}

/** What a person has agreed to for all tests of a run: the policy for a database of some size. */
export type RunAgreement = (size: number) => InjectionPolicy;

/** Asks once about everything that the tests of a run would hit; undefined where it is not agreed to. */
export async function agreeOnRun(
  plans: readonly ScenarioPlan[],
  session: ClusterSession,
  signal: AbortSignal,
): Promise<RunAgreement | undefined> {
  const [first] = plans;
  if (!first) return undefined;
  await requireForTests(session.access, plans, signal);
  const confirmed = policyOf(session);
  const several = plans.length > 1;
  const before: string[] = [];
  const moments: (readonly number[])[] = [];
  for (const plan of plans) {
    const times = timesOf(plan);
    // The tests run one after another: what one of them hits never acts with what another does.
    moments.push(...(times.moments ?? []).map((steps) => steps.map((index) => index + before.length)));
    before.push(...(times.before ?? []).map((time) => (several ? `${plan.scenario.name} ${time}` : time)));
  }
  const agreement = await confirmHarmOfAll(
    plans.flatMap(({ steps }) => steps.map(({ injection }) => toManifest(injection))),
    session,
    {
      action: vscode.l10n.t('Run'),
      question: several
        ? vscode.l10n.t('Run {0} resilience tests one after another?', plans.length)
        : vscode.l10n.t('Run the resilience test "{0}"?', first.scenario.name),
      before,
      moments,
    },
  );
  if (!agreement) return undefined;
  const { agreed } = agreement.policy;
  return (size) => ({ ...askedPolicyOf(session, size, confirmed), ...(agreed ? { agreed } : {}) });
}
