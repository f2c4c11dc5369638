import { toAppError, type AppError } from '../../core/base/errors';
import type { Log } from '../../core/base/log';
import type { KubeClient } from './client';
import { listAll } from './lists';
import { reflect, type ReflectorEvents } from './reflector';

/** A namespace, or undefined for all of them. */
export type Scope = string | undefined;

/** For messages: "StressChaos" or "StressChaos in default". */
export const scopedName = (what: string, scope: Scope): string => (scope === undefined ? what : `${what} in ${scope}`);

/** What one list has brought: its items, or why there are none. */
export interface ScopedList {
  scope: Scope;
  items: Readonly<Record<string, unknown>>[];
  error?: AppError;
}

/** Lists a resource in all namespaces at once, or, where that is forbidden, in each of the known ones. Never rejects. */
export async function listScoped(
  client: KubeClient,
  namespaces: readonly string[],
  path: (scope: Scope) => string,
  what: string,
  signal?: AbortSignal,
): Promise<ScopedList[]> {
  const list = (scope: Scope): Promise<ScopedList> =>
    listAll(client, path(scope), what, { signal }).then(
      ({ items }) => ({ scope, items }),
      (thrown: unknown) => ({ scope, items: [], error: toAppError(thrown) }),
    );
  const all = await list(undefined);
  return all.error?.code === 'forbidden' && namespaces.length > 0
    ? Promise.all([...new Set(namespaces)].map(list))
    : [all];
}

/** What a watch needs that follows the permissions of its user. */
export interface ScopedWatchOptions {
  client: KubeClient;
  log: Log;
  /** Watched one by one where watching all namespaces is forbidden. */
  namespaces: readonly string[];
  maxBackoffMs?: number | undefined;
  silentMs?: number | undefined;
  /** Ends it. */
  signal: AbortSignal;
  /** For messages: "StressChaos". */
  what: string;
  path: (scope: Scope) => string;
  /** Told what the watch of one scope hears. */
  events: (scope: Scope) => ReflectorEvents;
  /** Other scopes are watched from now on. */
  moved: (from: readonly Scope[], to: readonly Scope[]) => void;
}

/** Watches a resource in all namespaces at once, or, where that is forbidden, in each of the known ones. */
export class ScopedWatch {
  readonly #options: ScopedWatchOptions;
  #running = new AbortController();
  #scopes: readonly Scope[] = [undefined];

  constructor(options: ScopedWatchOptions) {
    this.#options = options;
    this.#watch(undefined);
  }

  /** True while only the known namespaces are watched. */
  get narrowed(): boolean {
    return !this.#scopes.includes(undefined);
  }

  /** Where only some namespaces are watched: asks whether all may be listed by now, and watches them. */
  async widen(): Promise<void> {
    if (!this.narrowed) return;
    const { client, path, what, signal } = this.#options;
    try {
      await client.json({ path: path(undefined), query: { limit: 1 }, what: `list ${what}`, signal });
    } catch {
      return; // still not; it is asked again
    }
    if (!signal.aborted && this.narrowed) this.#move([undefined]);
  }

  #move(scopes: readonly Scope[]): void {
    this.#running.abort();
    this.#running = new AbortController();
    this.#options.moved(this.#scopes, scopes);
    this.#scopes = scopes;
    for (const scope of scopes) this.#watch(scope);
  }

  #watch(scope: Scope): void {
    const { client, log, namespaces, maxBackoffMs, silentMs, signal, what, path, events } = this.#options;
    const { broken, ...heard } = events(scope);
    const narrow = (error: AppError): void => {
      if (error.code === 'forbidden' && scope === undefined && namespaces.length > 0)
        this.#move([...new Set(namespaces)]);
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
