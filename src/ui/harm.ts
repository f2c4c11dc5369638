import { toAppError } from '../core/errors';
import type { ChaosObject } from '../core/experiment';
import { checkPolicy, namespacesOf } from '../core/policy';
import { harmOf, type Harm, type HarmWorld, type Moments } from '../core/selection/harm';
import { selectedNamespaces } from '../core/selection/hits';
import type { NodeLabels, SelectablePod } from '../core/selection/pod';
import { isRecord } from '../core/unknown';
import { policyOf } from './policy';
import type { ClusterSession } from './session';

/**
 * Looks into the cluster and says what these objects would hit if they were created now, all at once or at these
 * moments; what protects a namespace that is concerned is grave. Changes nothing.
 */
export async function lookAtHarm(
  manifests: readonly ChaosObject[],
  session: ClusterSession,
  signal?: AbortSignal,
  moments?: Moments,
  concerned: readonly string[] = manifests.flatMap(namespacesOf),
): Promise<Harm> {
  const harm = harmOf(manifests, await worldOf(manifests, session, signal), moments);
  const protects = checkPolicy(policyOf(session), concerned).map(({ message }) => message);
  return { ...harm, grave: [...protects, ...harm.grave] };
}

async function worldOf(
  manifests: readonly ChaosObject[],
  session: ClusterSession,
  signal: AbortSignal | undefined,
): Promise<HarmWorld> {
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
    experimentsOf(session, signal),
  ]);
  return {
    pods: pods.flat(),
    nodes,
    unseen,
    database,
    experiments,
    memoryUsed: policyOf(session).memoryUsed ?? {},
    nowMs: session.clock.now(),
  };
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

/** What runs now: asked for anew unless it is being watched. */
async function experimentsOf(
  session: ClusterSession,
  signal: AbortSignal | undefined,
): Promise<HarmWorld['experiments']> {
  const { snapshot } = session.store;
  if (snapshot.health?.state === 'live') return snapshot.experiments;
  return (await session.experiments.list(signal)).experiments;
}
