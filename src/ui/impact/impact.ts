import type { ChaosObject } from '../../core/experiments/experiment';
import { checkObjects } from '../../core/injection/policy';
import { impactOf, type Besides, type Impact } from '../../core/impact/impact';
import type { Moments } from '../../core/impact/scope';
import { worldOf } from './impactWorld';
import { policyOf } from '../session/policy';
import type { ClusterSession } from '../session/session';

/** How objects are begun, where it is not all of them at once by ourselves. */
export interface Beginning {
  moments?: Moments | undefined;
  /** The workflow or schedule that starts them, and what it does besides. */
  starter?: ChaosObject | undefined;
  besides?: Besides | undefined;
}

/**
 * Looks into the cluster and says what these objects would hit if they were created now, all at once or at these
 * moments; what protects a namespace that is concerned, or another cluster, is grave. Changes nothing.
 */
export async function assessImpact(
  manifests: readonly ChaosObject[],
  session: ClusterSession,
  signal?: AbortSignal,
  { moments, starter, besides }: Beginning = {},
): Promise<Impact> {
  const harm = impactOf(manifests, await worldOf(manifests, session, false, signal), moments, besides);
  const protects = checkObjects(policyOf(session), [...manifests, ...(starter ? [starter] : [])]);
  return { ...harm, grave: [...new Set([...protects.map(({ message }) => message), ...harm.grave])] };
}
