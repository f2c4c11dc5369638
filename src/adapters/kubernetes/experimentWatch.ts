import { backoffMs } from '../../core/backoff';
import type { AppError } from '../../core/errors';
import { toAppError } from '../../core/errors';
import { INJECTABLE_KINDS } from '../../core/experimentKinds';
import type { Disposable, ExperimentSnapshot, Log } from '../../core/ports';
import type { KubeClient } from './client';
import { ExperimentCache } from './experimentCache';
import { withoutVictim } from './errors';
import { discoverKinds, LOOKED_FOR, missingKind } from './kinds';
import { KindWatch } from './kindWatch';
import { readPodLives } from './podLives';

/** What the gateway to a cluster's experiments and its watch over all kinds need. */
export interface ExperimentWatchOptions {
  client: KubeClient;
  log: Log;
  /** Looked at one by one where listing all namespaces is forbidden. */
  namespaces: readonly string[];
  /** The longest wait between two tries of a broken watch. */
  maxBackoffMs?: number;
  silentMs?: number;
  /** How often it is looked for kinds that were missing, and for lists that were forbidden. */
  recheckMs?: number;
  podsMs?: number;
}

/** Changes that come closer together are told at once. */
const COALESCE_MS = 50;
/** After a picture that took long to show, so many times as long is left to the rest of the editor. */
const REST = 3;
const RECHECK_MS = 60_000;
/** How often the pods are looked at in which faults act. */
const PODS_MS = 15_000;

/** Watches every injectable kind and tells a full snapshot on each change, until disposed. */
export function watchExperiments(
  options: ExperimentWatchOptions,
  listener: (snapshot: ExperimentSnapshot) => void,
): Disposable {
  const { client, log, namespaces, maxBackoffMs = 30_000, silentMs } = options;
  const { recheckMs = RECHECK_MS, podsMs = PODS_MS } = options;
  const ended = new AbortController();
  const { signal } = ended;
  const cache = new ExperimentCache();
  const watches = new Map<string, KindWatch>();
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
          listener(failure ? { ...snapshot, health: { state: 'failed', error: failure } } : snapshot);
        } catch (error) {
          log.error('A listener of the experiments failed.', error instanceof Error ? error.message : String(error));
        }
        tookMs = performance.now() - began;
      },
      Math.max(COALESCE_MS, REST * tookMs),
    );
  };

  const shared = { client, log, cache, namespaces, maxBackoffMs, silentMs, tell, signal };
  const take = (kinds: readonly string[]): void => {
    for (const kind of INJECTABLE_KINDS) {
      if (watches.has(kind)) continue;
      if (kinds.includes(kind)) {
        cache.present(kind);
        watches.set(kind, new KindWatch(kind, shared));
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
    for (const watch of watches.values()) if (watch.narrowed) await watch.widen();
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
