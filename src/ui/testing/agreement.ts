import * as vscode from 'vscode';
import { AppError } from '../../core/base/errors';
import { msg } from '../../core/base/text';
import { toManifest } from '../../core/injection/manifest';
import type { InjectionPolicy } from '../../core/injection/policy';
import type { Scenario } from '../../core/scenario/scenario';
import type { ScenarioPlan } from '../../core/scenario/planScenario';
import { requireForTests } from '../../core/resilience/testAccess';
import { planOn } from '../scenario/planOn';
import { confirmHarmOfAll } from '../commands/inject/confirmHarm';
import { loadTargets } from '../commands/inject/injectAnomaly';
import { timesOf } from '../commands/experiments/orchestration';
import { askedPolicyOf, policyOf } from '../session/policy';
import type { ClusterSession } from '../session/session';

/** A scenario, planned on the current database. */
export interface PlannedScenario {
  plan: ScenarioPlan;
  /** How many nodes the database has. */
  size: number;
}

/** Throws AppError if the plan has problems. */
export async function planOf(scenario: Scenario, session: ClusterSession, createdBy: string): Promise<PlannedScenario> {
  const targets = await loadTargets(session);
  const plan = planOn(scenario, session, targets, createdBy);
  const [problem] = plan.problems;
  if (problem) throw new AppError('invalid', problem.message);
  return { plan, size: targets.length };
}

/** Throws AppError `conflict` if a fault would hit other pods than the plan that was shown. */
export function requireShown(shown: ScenarioPlan, now: ScenarioPlan): void {
  const hit = ({ steps }: ScenarioPlan): string[] =>
    steps.map(({ injection: { targets, peers = [] } }) =>
      [targets, peers]
        .map((pods) =>
          pods
            .map(({ namespace, pod }) => `${namespace}/${pod}`)
            .sort()
            .join(),
        )
        .join(' | '),
    );
  const before = hit(shown);
  if (hit(now).some((pods, i) => pods !== before[i]))
    throw new AppError('conflict', msg`The targets of "${now.scenario.name}" have changed since you confirmed.`, {
      hint: 'Nothing was injected. Run the test again.',
    });
}

/** What a person has agreed to for all tests of a run: the policy for a database of some size. */
export type RunAgreement = (size: number) => InjectionPolicy;

/** Asks once about everything that the tests of a run would hit; undefined if the user declines. */
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
    // The tests run one after another: their faults never overlap.
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
