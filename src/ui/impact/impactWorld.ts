import { toAppError } from '../../core/base/errors';
import type { ChaosObject } from '../../core/experiments/experiment';
import { isMarked } from '../../core/experiments/labels';
import { aboutToBegin } from '../../core/workflows/aboutToBegin';
import { selectedNamespaces } from '../../core/impact/hits';
import type { NodeLabels, SelectablePod } from '../../core/impact/pod';
import type { ImpactScope } from '../../core/impact/scope';
import { isRecord } from '../../core/base/unknown';
import type { ClusterSession } from '../session/session';

/** What is known of the cluster for these objects; with `anew`, by no more than what the server says now. */
export async function worldOf(
  manifests: readonly ChaosObject[],
  session: ClusterSession,
  anew: boolean,
  signal: AbortSignal | undefined,
): Promise<ImpactScope> {
  const unseen: { namespace: string; reason: string }[] = [];
  const podsOf = (namespace: string): Promise<SelectablePod[]> =>
    session.pods.list(namespace, signal).catch((thrown: unknown) => {
      const error = toAppError(thrown);
      if (error.code === 'cancelled') throw error;
      unseen.push({ namespace, reason: error.message });
      return [];
    });
  const namespaces = [...new Set(manifests.flatMap(selectedNamespaces))];
  const [pods, nodes, database, experiments] = await Promise.all([
    Promise.all(namespaces.map(podsOf)),
    nodesOf(manifests, session, signal),
    session.targets.list(session.config.query, signal),
    experimentsOf(session, anew, signal),
  ]);
  return {
    pods: pods.flat(),
    nodes,
    unseen,
    database,
    ...experiments,
    memoryUsed: memoryUsedIn(session),
    nowMs: session.clock.now(),
  };
}

/** Bytes in use by pod, where the metrics tell. */
export function memoryUsedIn(session: ClusterSession): Record<string, number> {
  const frame = session.monitor.state.frame;
  return Object.fromEntries(
    (frame?.series ?? [])
      .filter(({ metric }) => metric === 'memory.used')
      .map(({ node, values }) => [node, values.findLast((value) => Number.isFinite(value)) ?? NaN]),
  );
}

/** The nodes' labels where a selector asks for them; users often may not list nodes. */
async function nodesOf(
  manifests: readonly ChaosObject[],
  session: ClusterSession,
  signal: AbortSignal | undefined,
): Promise<NodeLabels | undefined> {
  const asks = (spec: unknown): boolean =>
    isRecord(spec) &&
    isRecord(spec['selector']) &&
    (spec['selector']['nodes'] !== undefined || spec['selector']['nodeSelectors'] !== undefined);
  if (!manifests.some(({ spec }) => asks(spec) || asks(spec['target']))) return undefined;
  try {
    return await session.pods.nodeLabels(signal);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'cancelled') throw error;
    return undefined;
  }
}

/** What runs now, asked for anew unless it is being watched; anew, with what others of us are just beginning. */
async function experimentsOf(
  session: ClusterSession,
  anew: boolean,
  signal: AbortSignal | undefined,
): Promise<Pick<ImpactScope, 'experiments' | 'unlisted'>> {
  const { snapshot } = session.store;
  if (!anew && snapshot.health?.state === 'live') return { experiments: snapshot.experiments };
  const { experiments, health } = await session.experiments.list(signal);
  const unlisted = 'error' in health ? health.error.message : undefined;
  if (!anew) return { experiments, unlisted };
  const begun = aboutToBegin(await startersOf(session, signal), experiments, session.clock.now());
  return { experiments: [...experiments, ...begun], unlisted };
}

/** Our workflows and schedules; none where they may not be listed. */
async function startersOf(session: ClusterSession, signal: AbortSignal | undefined): Promise<ChaosObject[]> {
  const { workflows, schedules } = await session.orchestration.list(signal);
  return [...workflows, ...schedules].filter(({ metadata }) => isMarked(metadata));
}
