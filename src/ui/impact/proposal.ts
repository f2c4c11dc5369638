import { distinct, type Text } from '../../core/base/text';
import type { ChaosObject } from '../../core/experiments/experiment';
import type { Impact } from '../../core/impact/impact';
import { toManifest } from '../../core/injection/manifest';
import { validatePlan, type InjectionPlan } from '../../core/injection/plan';
import type { InjectionPolicy } from '../../core/injection/policy';
import type { ClusterSession, GuardedSession } from '../session/session';
import { assessImpact } from './impact';

/** An injection as shown, confirmed and sent: built once, and checked again only right before it is sent. */
export interface Proposal {
  plan: InjectionPlan;
  /** The object to send, under the name that was shown. */
  manifest: ChaosObject;
  /** What it would hit; its problems and warnings include those of the plan and the server's refusal. */
  impact: Impact;
}

/** Checks a plan, runs a server-side dry run, and determines what would be hit. Changes nothing. */
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
