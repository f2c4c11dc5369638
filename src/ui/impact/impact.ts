import { distinct } from '../../core/base/text';
import type { ChaosObject } from '../../core/experiments/experiment';
import { checkObjects } from '../../core/injection/policy';
import { impactOf, type Besides, type Impact } from '../../core/impact/impact';
import type { Moments } from '../../core/impact/scope';
import { worldOf } from './impactWorld';
import { policyOf } from '../session/policy';
import type { GuardedSession } from '../session/session';

/** How objects start, if not all at once and by us. */
export interface Beginning {
  moments?: Moments | undefined;
  /** The workflow or schedule that starts them, and what else it does. */
  starter?: ChaosObject | undefined;
  besides?: Besides | undefined;
}

/**
 * Reads the cluster and determines what these objects would hit if they were created now, all at once or at these
 * moments. Affecting a protected namespace or another cluster is grave. Changes nothing.
 */
export async function assessImpact(
  manifests: readonly ChaosObject[],
  session: GuardedSession,
  signal?: AbortSignal,
  { moments, starter, besides }: Beginning = {},
): Promise<Impact> {
  const harm = impactOf(manifests, await worldOf(manifests, session, false, signal), moments, besides);
  const protects = checkObjects(policyOf(session), [...manifests, ...(starter ? [starter] : [])]);
  return { ...harm, grave: distinct([...protects.map(({ message }) => message), ...harm.grave]) };
}
