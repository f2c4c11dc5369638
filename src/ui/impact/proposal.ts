import { distinct, type Text } from '../../core/base/text';
import type { ChaosObject } from '../../core/experiments/experiment';
import type { Impact } from '../../core/impact/impact';
import { toManifest } from '../../core/injection/manifest';
import { validatePlan, type InjectionPlan } from '../../core/injection/plan';
import type { InjectionPolicy } from '../../core/injection/policy';
import type { ClusterSession, GuardedSession } from '../session/session';
import { assessImpact } from './impact';

/** An injection as it is shown, confirmed and sent: built once, looked at again only right before it acts. */
export interface Proposal {
  plan: InjectionPlan;
  /** What is sent, under the name that was shown. */
  manifest: ChaosObject;
  /** What it would hit; its problems and warnings are also those of the plan, and the server's refusal. */
  impact: Impact;
}

/** Checks a plan, asks the server with nothing created, and looks at what would be hit. Changes nothing. */
export async function propose(
  session: GuardedSession & Pick<ClusterSession, 'injection'>,
  plan: InjectionPlan,
  policy: InjectionPolicy,
  signal?: AbortSignal,
): Promise<Proposal> {
  const manifest = toManifest(plan);
  const report = validatePlan(plan, policy);
  const [impact, refusal] = await Promise.all([
    assessImpact([manifest], session, signal),
    report.problems.length > 0 ? undefined : session.injection.refusalOf(manifest, signal),
  ]);
  const said = (issues: typeof report.problems): Text[] => issues.map(({ message }) => message);
  return {
    plan,
    manifest,
    impact: {
      ...impact,
      problems: distinct([...said(report.problems), ...(refusal ? [refusal.text] : []), ...impact.problems]),
      warnings: distinct([...said(report.warnings), ...impact.warnings]),
    },
  };
}
