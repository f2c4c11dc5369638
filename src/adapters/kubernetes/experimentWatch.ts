import { backoffMs } from '../../core/backoff';
import type { AppError } from '../../core/errors';
import { toAppError } from '../../core/errors';
import { INJECTABLE_KINDS } from '../../core/experimentKinds';
import type { Disposable, ExperimentSnapshot, Log } from '../../core/ports';
import type { KubeClient } from './client';
import { ExperimentCache, type Collection } from './experimentCache';
import { collectionPath, discoverKinds, missingKind } from './kinds';
import { reflect } from './reflector';

export interface ExperimentWatchOptions {
  client: KubeClient;
  log: Log;
  /** Looked at one by one where listing all namespaces is forbidden. */
  namespaces: readonly string[];
  maxBackoffMs?: number;
}

/** Changes that come closer together are told at once. */
const COALESCE_MS = 50;

/** Watches every injectable kind and tells a full snapshot on each change, until disposed. */
export function watchExperiments(
  options: ExperimentWatchOptions,
  listener: (snapshot: ExperimentSnapshot) => void,
): Disposable {
  const { client, log, namespaces, maxBackoffMs = 30_000 } = options;
  const ended = new AbortController();
  const cache = new ExperimentCache();
  let failure: { error: AppError; since: number } | undefined;
  let pending: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;

  const tell = (): void => {
    pending ??= setTimeout(() => {
      pending = undefined;
      if (ended.signal.aborted) return;
      try {
        listener(
          failure ? { ...cache.snapshot(), health: { state: 'failed', error: failure.error } } : cache.snapshot(),
        );
      } catch (error) {
        log.error('A listener of the experiments failed.', error instanceof Error ? error.message : String(error));
      }
    }, COALESCE_MS);
  };

  const watchCollection = (collection: Collection): void => {
    const stop = new AbortController();
    cache.open(collection);
    void reflect(
      {
        client,
        log,
        maxBackoffMs,
        path: collectionPath(collection.kind, collection.namespace),
        what: collection.namespace === undefined ? collection.kind : `${collection.kind} in ${collection.namespace}`,
        events: {
          replaced: (items) => {
            cache.replace(collection, items);
            tell();
          },
          changed: (item) => void (cache.put(collection, item) && tell()),
          removed: (item) => void (cache.remove(collection, item) && tell()),
          live: () => void (cache.live(collection) && tell()),
          broken: (error) => {
            if (error.code === 'forbidden' && collection.namespace === undefined && namespaces.length > 0) {
              stop.abort();
              cache.close(collection);
              for (const namespace of namespaces) watchCollection({ kind: collection.kind, namespace });
            } else if (cache.broken(collection, error, Date.now())) tell();
          },
        },
      },
      AbortSignal.any([ended.signal, stop.signal]),
    );
  };

  const start = async (attempt: number): Promise<void> => {
    try {
      const kinds = await discoverKinds(client, ended.signal);
      if (ended.signal.aborted) return;
      failure = undefined;
      for (const kind of INJECTABLE_KINDS) if (!kinds.includes(kind)) cache.absent(kind, missingKind(kind));
      for (const kind of kinds) watchCollection({ kind, namespace: undefined });
    } catch (thrown) {
      if (ended.signal.aborted) return;
      const error = toAppError(thrown);
      log.debug(error.message);
      if (failure?.error.message !== error.message) {
        failure = { error, since: Date.now() };
        tell();
      }
      retry = setTimeout(() => void start(attempt + 1), backoffMs(attempt, maxBackoffMs));
    }
  };
  void start(0);
  return {
    dispose: () => {
      clearTimeout(pending);
      clearTimeout(retry);
      ended.abort();
    },
  };
}
