import { backoffMs } from '../../../core/time/backoff';
import { toAppError, type AppError } from '../../../core/base/errors';
import { INJECTABLE_KINDS } from '../../../core/experiments/kinds';
import type { Disposable } from '../../../core/base/disposable';
import type { Log } from '../../../core/base/log';
import type { Experiment } from '../../../core/experiments/experiment';
import type { ExperimentSnapshot } from '../../../core/experiments/gateway';
import type { KubeClient } from '../connection/client';
import { withoutVictim } from '../connection/errors';
import { ExperimentCache, type Collection } from './experimentCache';
import type { KnownNamespaces } from '../knownNamespaces';
import { collectionPath, discoverKinds, LOOKED_FOR, missingKind } from './kinds';
import { readPodLives } from './podLives';
import { ScopedWatch, scopedName, type NamespaceScope } from '../watch/scoped';

/** What the gateway to a cluster's experiments and its watch over all kinds need. */
export interface ExperimentWatchOptions {
  client: KubeClient;
  log: Log;
  /** Looked at one by one where listing all namespaces is forbidden. */
  namespaces: KnownNamespaces;
  /** The longest wait between two tries of a broken watch. */
  maxBackoffMs?: number;
  silentMs?: number;
  /** How often it is looked for kinds that were missing, and for lists that were forbidden. */
  recheckMs?: number;
  podsMs?: number;
}

/** Changes that come closer together are told at once. */
const COALESCE_MS = 50;
/** After a slow update, the rest of the editor gets this multiple of its time. */
const REST = 3;
/** How often to check for kinds that were missing or forbidden, milliseconds. */
export const RECHECK_MS = 60_000;
/** Polling interval for pods with active faults. */
const PODS_MS = 15_000;

/** Watches every injectable kind and tells a full snapshot on each change, until disposed. `known`: see the gateway. */
export function watchExperiments(
  options: ExperimentWatchOptions,
  listener: (snapshot: ExperimentSnapshot) => void,
  known: readonly Experiment[] = [],
): Disposable {
  const { client, log, namespaces, maxBackoffMs = 30_000, silentMs } = options;
  const { recheckMs = RECHECK_MS, podsMs = PODS_MS } = options;
  const ended = new AbortController();
  const { signal } = ended;
  const cache = new ExperimentCache(known);
  const since = Date.now();
  const watches = new Map<string, ScopedWatch>();
  let failure: AppError | undefined;
  let pending: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let looking: NodeJS.Timeout | undefined;
  let tookMs = 0;

  const tell = (): void => {
    pending ??= setTimeout(
      () => {
        pending = undefined;
        if (signal.aborted) return;
        const began = performance.now();
        try {
          const snapshot = cache.snapshot();
          const state = snapshot.experiments.length > 0 ? ('stale' as const) : ('failed' as const);
          listener(failure ? { ...snapshot, health: { state, since, error: failure } } : snapshot);
        } catch (error) {
          log.error('A listener of the experiments failed.', error instanceof Error ? error.message : String(error));
        }
        tookMs = performance.now() - began;
      },
      Math.max(COALESCE_MS, REST * tookMs),
    );
  };

  const watch = (kind: string): ScopedWatch => {
    const collection = (namespace: NamespaceScope): Collection => ({ kind, namespace });
    cache.open(collection(undefined));
    return new ScopedWatch({
      client,
      log,
      namespaces,
      maxBackoffMs,
      silentMs,
      signal,
      what: kind,
      path: (scope) => collectionPath(kind, scope),
      moved: (from, to) => cache.move(from.map(collection), to.map(collection)),
      seen: () => cache.namespacesOf(kind),
      events: (scope) => {
        const one = collection(scope);
        return {
          replaced: (items) => {
            cache.replace(one, items);
            tell();
          },
          changed: (item) => void (cache.put(one, item) && tell()),
          removed: (item) => void (cache.remove(one, item) && tell()),
          live: () => void (cache.live(one) && tell()),
          broken: (error) => {
            // Its collection is not served any more: the kind was taken out of the cluster, and its objects with it.
            const what = scopedName(kind, scope);
            const told =
              error.code === 'notFound' ? missingKind(kind) : withoutVictim(error, [`list ${what}`, `watch ${what}`]);
            if (cache.broken(one, told, Date.now())) tell();
          },
        };
      },
    });
  };
  const take = (kinds: readonly string[]): void => {
    for (const kind of INJECTABLE_KINDS) {
      if (watches.has(kind)) continue;
      if (kinds.includes(kind)) {
        cache.present(kind);
        watches.set(kind, watch(kind));
      } else cache.absent(kind, missingKind(kind));
    }
  };

  /** What was missing or forbidden may be there by now. */
  const recheck = async (): Promise<void> => {
    try {
      if (watches.size < INJECTABLE_KINDS.length) take(await discoverKinds(client, signal));
    } catch (thrown) {
      log.debug(toAppError(thrown).message); // the watches themselves tell of a server that is gone
    }
    for (const one of watches.values()) await one.widen();
    if (!signal.aborted) retry = setTimeout(() => void recheck(), recheckMs);
  };

  /** A pod that is replaced takes its fault with it, and Chaos Mesh does not say so. */
  const lookAtPods = async (): Promise<void> => {
    const lives = await readPodLives(client, cache.all(), signal);
    if (signal.aborted) return;
    if (cache.setPodLives(lives)) tell();
    looking = setTimeout(() => void lookAtPods(), podsMs);
  };

  const start = async (attempt: number): Promise<void> => {
    try {
      const kinds = await discoverKinds(client, signal);
      if (signal.aborted) return;
      failure = undefined;
      take(kinds);
      retry = setTimeout(() => void recheck(), recheckMs);
      looking = setTimeout(() => void lookAtPods(), podsMs);
    } catch (thrown) {
      if (signal.aborted) return;
      const error = withoutVictim(toAppError(thrown), [LOOKED_FOR]);
      log.debug(error.message);
      if (failure?.message !== error.message) {
        failure = error;
        tell();
      }
      const wait = Math.max(backoffMs(attempt, maxBackoffMs), error.retryAfterMs ?? 0);
      retry = setTimeout(() => void start(attempt + 1), wait);
    }
  };
  void start(0);
  return {
    dispose: () => {
      clearTimeout(pending);
      clearTimeout(retry);
      clearTimeout(looking);
      ended.abort();
    },
  };
}
