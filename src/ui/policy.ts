import type { InjectionPolicy } from '../core/policy';
import type { ClusterSession } from './session';

/** What the settings allow, with the memory in use where the metrics tell. */
export function policyOf(session: ClusterSession, clusterSize?: number): InjectionPolicy {
  const { protectedContexts, protectedNamespaces } = session.config;
  const frame = session.monitor.state.frame;
  const memoryUsed = Object.fromEntries(
    (frame?.series ?? [])
      .filter(({ metric }) => metric === 'memory.used')
      .map(({ node, values }) => [node, values.findLast((value) => Number.isFinite(value)) ?? NaN]),
  );
  return {
    context: session.context,
    protectedContexts,
    protectedNamespaces,
    ...(clusterSize === undefined ? {} : { clusterSize }),
    memoryUsed,
  };
}
