import { toAppError, type AppError } from '../../core/errors';
import type { Log } from '../../core/ports';
import type { KubeClient } from './client';
import type { Collection, ExperimentCache } from './experimentCache';
import { withoutVictim } from './errors';
import { collectionPath, missingKind } from './kinds';
import { reflect } from './reflector';

/** What the watches of all kinds share. */
export interface KindWatchOptions {
  client: KubeClient;
  log: Log;
  cache: ExperimentCache;
  /** Looked at one by one where listing all namespaces is forbidden. */
  namespaces: readonly string[];
  maxBackoffMs: number;
  silentMs?: number | undefined;
  /** The picture has changed. */
  tell: () => void;
  /** Ends all. */
  signal: AbortSignal;
}

/** Watches one kind: in all namespaces at once, or, where that is forbidden, in each of the known ones. */
export class KindWatch {
  readonly kind: string;
  readonly #options: KindWatchOptions;
  #running = new AbortController();
  #narrowed = false;

  constructor(kind: string, options: KindWatchOptions) {
    this.kind = kind;
    this.#options = options;
    this.#watch({ kind, namespace: undefined });
  }

  /** True while only the known namespaces are looked at. */
  get narrowed(): boolean {
    return this.#narrowed;
  }

  /** Asks whether all namespaces may be listed by now, and does so. */
  async widen(): Promise<void> {
    const { client, cache, signal } = this.#options;
    const what = `list ${this.kind}`;
    try {
      await client.json({ path: collectionPath(this.kind), query: { limit: 1 }, what, signal });
    } catch {
      return; // still not; it is asked again
    }
    if (signal.aborted || !this.#narrowed) return;
    this.#running.abort();
    this.#running = new AbortController();
    this.#narrowed = false;
    const everywhere = { kind: this.kind, namespace: undefined };
    cache.move(this.#inNamespaces(), [everywhere]);
    this.#watch(everywhere);
  }

  #narrow(): void {
    const { cache } = this.#options;
    this.#running.abort();
    this.#running = new AbortController();
    this.#narrowed = true;
    cache.move([{ kind: this.kind, namespace: undefined }], this.#inNamespaces());
    for (const collection of this.#inNamespaces()) this.#watch(collection);
  }

  #inNamespaces(): Collection[] {
    return this.#options.namespaces.map((namespace) => ({ kind: this.kind, namespace }));
  }

  #watch(collection: Collection): void {
    const { client, log, cache, namespaces, maxBackoffMs, silentMs, tell, signal } = this.#options;
    const { kind, namespace } = collection;
    const what = namespace === undefined ? kind : `${kind} in ${namespace}`;
    cache.open(collection);
    const broken = (error: AppError): void => {
      if (error.code === 'forbidden' && namespace === undefined && namespaces.length > 0) return this.#narrow();
      // Its collection is not served any more: the kind was taken out of the cluster, and its objects with it.
      const told =
        error.code === 'notFound' ? missingKind(kind) : withoutVictim(error, [`list ${what}`, `watch ${what}`]);
      if (cache.broken(collection, told, Date.now())) tell();
    };
    void reflect(
      {
        client,
        log,
        maxBackoffMs,
        ...(silentMs === undefined ? {} : { silentMs }),
        path: collectionPath(kind, namespace),
        what,
        events: {
          replaced: (items) => {
            cache.replace(collection, items);
            tell();
          },
          changed: (item) => void (cache.put(collection, item) && tell()),
          removed: (item) => void (cache.remove(collection, item) && tell()),
          live: () => void (cache.live(collection) && tell()),
          broken,
        },
      },
      AbortSignal.any([signal, this.#running.signal]),
    ).catch((thrown: unknown) => log.error(`The watch of ${kind} ended.`, toAppError(thrown).message));
  }
}
