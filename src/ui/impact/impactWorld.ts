import { joined, msg, type Text } from '../../core/base/text';
import { toAppError } from '../../core/base/errors';
import type { ChaosObject } from '../../core/experiments/experiment';
import { isMarked } from '../../core/experiments/labels';
import { aboutToBegin } from '../../core/workflows/aboutToBegin';
import { unlistedIn } from '../../core/stop/ours';
import { selectedNamespaces } from '../../core/impact/hits';
import type { NodeLabels, SelectablePod } from '../../core/impact/pod';
import type { ImpactScope } from '../../core/impact/scope';
import { isRecord } from '../../core/base/unknown';
import type { GuardedSession } from '../session/session';

/** The state of the cluster that matters for these objects; with `anew`, only from the server's current answers. */
export async function worldOf(
  manifests: readonly ChaosObject[],
  session: GuardedSession,
  anew: boolean,
  signal: AbortSignal | undefined,
): Promise<ImpactScope> {
  const unseen: { namespace: string; reason: Text }[] = [];
  const podsOf = (namespace: string): Promise<SelectablePod[]> =>
    session.pods.list(namespace, signal).catch((thrown: unknown) => {
      const error = toAppError(thrown);
      if (error.code === 'cancelled') throw error;
      unseen.push({ namespace, reason: error.text });
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

/** Metrics older than this say nothing of the memory in use: what was injected since is not in them. */
const FRESH_MS = 60_000;

/** Bytes in use by pod, if the metrics have them of late. */
export function memoryUsedIn(session: GuardedSession): Record<string, number> {
  const { frame } = session.monitor.state;
  const newest = frame?.timestamps.at(-1) ?? -Infinity;
  if (session.clock.now() - newest > FRESH_MS) return {};
  return Object.fromEntries(
    (frame?.series ?? [])
      .filter(({ metric }) => metric === 'memory.used')
      .map(({ node, values }) => [node, values.findLast((value) => Number.isFinite(value)) ?? NaN]),
  );
}

/** The nodes' labels if a selector needs them; users often may not list nodes. */
async function nodesOf(
  manifests: readonly ChaosObject[],
  session: GuardedSession,
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

/** The running experiments, listed unless they are being watched; with `anew`, including those that other windows have just created. */
async function experimentsOf(
  session: GuardedSession,
  anew: boolean,
  signal: AbortSignal | undefined,
): Promise<Pick<ImpactScope, 'experiments' | 'unlisted' | 'isForbidden'>> {
  const { snapshot } = session.store;
  const isKnown = !anew && snapshot.health?.state === 'live';
  const seen = isKnown ? snapshot : await session.experiments.list(signal);
  const { experiments, health } = seen;
  const lost = 'error' in health ? health.error.text : undefined;
  const forbidden = unlistedIn(seen).map(({ kind, error }) => msg`${kind}: ${error.text}`);
  const unlisted = lost ?? (forbidden.length > 0 ? joined(forbidden) : undefined);
  const missing = { unlisted, isForbidden: lost === undefined };
  if (!anew) return { experiments, ...missing };
  const begun = aboutToBegin(await startersOf(session, signal), experiments, session.clock.now());
  return { experiments: [...experiments, ...begun], ...missing };
}

/** Our workflows and schedules; none if they may not be listed. */
async function startersOf(session: GuardedSession, signal: AbortSignal | undefined): Promise<ChaosObject[]> {
  const { workflows, schedules } = await session.orchestration.list(signal);
  return [...workflows, ...schedules].filter(({ metadata }) => isMarked(metadata));
}
