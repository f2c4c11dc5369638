import { toAppError, type AppError } from '../../../core/base/errors';
import { onAbort } from '../../../core/time/onAbort';
import type { Log } from '../../../core/base/log';
import { isRecord, textOf } from '../../../core/base/unknown';
import type { KubeClient } from '../connection/client';
import type { KnownNamespaces } from '../knownNamespaces';
import { listAll } from './lists';
import { reflect, type ReflectorEvents } from './reflector';

/** A namespace, or undefined for all of them. */
export type NamespaceScope = string | undefined;

/** For messages: "StressChaos" or "StressChaos in default". */
export const scopedName = (what: string, scope: NamespaceScope): string =>
  scope === undefined ? what : `${what} in ${scope}`;

/** What one list has brought: its items, or why there are none. */
export interface ScopedList {
  scope: NamespaceScope;
  items: Readonly<Record<string, unknown>>[];
  error?: AppError;
}

/** Lists a resource in all namespaces at once, or, where that is forbidden, in each of the known ones. Never rejects. */
export async function listScoped(
  client: KubeClient,
  namespaces: Iterable<string>,
  path: (scope: NamespaceScope) => string,
  what: string,
  signal?: AbortSignal,
): Promise<ScopedList[]> {
  const list = (scope: NamespaceScope): Promise<ScopedList> =>
    listAll(client, path(scope), what, { signal }).then(
      ({ items }) => ({ scope, items }),
      (thrown: unknown) => ({ scope, items: [], error: toAppError(thrown) }),
    );
  const all = await list(undefined);
  const known = [...new Set(namespaces)];
  return all.error?.code === 'forbidden' && known.length > 0 ? Promise.all(known.map(list)) : [all];
}

/** What a watch needs that follows the permissions of its user. */
export interface ScopedWatchOptions {
  client: KubeClient;
  log: Log;
  /** Watched one by one where watching all namespaces is forbidden. */
  namespaces: KnownNamespaces;
  maxBackoffMs?: number | undefined;
  silentMs?: number | undefined;
  /** Ends it. */
  signal: AbortSignal;
  /** For messages: "StressChaos". */
  what: string;
  path: (scope: NamespaceScope) => string;
  /** Told what the watch of one scope hears. */
  events: (scope: NamespaceScope) => ReflectorEvents;
  /** Other scopes are watched from now on; none are left where some are added. */
  moved: (from: readonly NamespaceScope[], to: readonly NamespaceScope[]) => void;
  /** The namespaces of all that was seen: what acts there stays watched, or is known to be old. */
  seen: () => Iterable<string>;
}

/** Watches a resource in all namespaces at once, or, where that is forbidden, in each of the known ones. */
export class ScopedWatch {
  readonly #options: ScopedWatchOptions;
  #running = new AbortController();
  #scopes: readonly NamespaceScope[] = [undefined];

  constructor(options: ScopedWatchOptions) {
    this.#options = options;
    const added = options.namespaces.onAdd((namespace) => this.narrowed && this.#add([namespace]));
    onAbort(options.signal, () => added.dispose());
    this.#watch(undefined);
  }

  /** True while only the known namespaces are watched. */
  get narrowed(): boolean {
    return !this.#scopes.includes(undefined);
  }

  /**
   * Where only some namespaces are watched: asks whether all may be listed and watched by now, and watches them. Where
   * they may be listed only, the namespaces of what is there are watched one by one.
   */
  async widen(): Promise<void> {
    if (!this.narrowed) return;
    const { client, path, what, signal } = this.#options;
    try {
      const { items, resourceVersion } = await listAll(client, path(undefined), `list ${what}`, { signal });
      if (signal.aborted) return;
      if (await this.#mayWatch(resourceVersion)) this.#move([undefined]);
      else this.#add(items.map(({ metadata }) => (isRecord(metadata) ? textOf(metadata['namespace']) : '')));
    } catch {
      return; // still not; it is asked again
    }
  }

  async #mayWatch(resourceVersion: string): Promise<boolean> {
    const { client, path, what, signal } = this.#options;
    const query = { watch: 'true', resourceVersion, timeoutSeconds: 1 };
    try {
      const { data } = await client.stream({ path: path(undefined), query, what: `watch ${what}`, signal });
      data.destroy();
      return !signal.aborted;
    } catch (thrown) {
      if (toAppError(thrown).code === 'forbidden') return false;
      throw thrown;
    }
  }

  #add(namespaces: readonly string[]): void {
    const added = [...new Set(namespaces)].filter((one) => one !== '' && !this.#scopes.includes(one));
    if (added.length === 0) return;
    this.#options.moved([], added);
    this.#scopes = [...this.#scopes, ...added];
    for (const scope of added) this.#watch(scope);
  }

  #move(scopes: readonly NamespaceScope[]): void {
    this.#running.abort();
    this.#running = new AbortController();
    this.#options.moved(this.#scopes, scopes);
    this.#scopes = scopes;
    for (const scope of scopes) this.#watch(scope);
  }

  #watch(scope: NamespaceScope): void {
    const { client, log, namespaces, maxBackoffMs, silentMs, signal, what, path, events, seen } = this.#options;
    const { broken, ...heard } = events(scope);
    const narrow = (error: AppError): void => {
      const known = error.code === 'forbidden' && scope === undefined ? [...namespaces] : [];
      if (known.length > 0) this.#move([...new Set([...known, ...seen()])]);
      else broken(error);
    };
    void reflect(
      {
        client,
        log,
        ...(maxBackoffMs === undefined ? {} : { maxBackoffMs }),
        ...(silentMs === undefined ? {} : { silentMs }),
        path: path(scope),
        what: scopedName(what, scope),
        events: { ...heard, broken: narrow },
      },
      AbortSignal.any([signal, this.#running.signal]),
    ).catch((thrown: unknown) => log.error(`The watch of ${what} ended.`, toAppError(thrown).message));
  }
}
