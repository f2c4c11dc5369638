import type { AppError } from '../../../core/base/errors';
import type { ChaosObject } from '../../../core/experiments/experiment';
import { CHAOS_API_VERSION } from '../../../core/experiments/labels';
import { SCHEDULE, WORKFLOW, WORKFLOW_NODE } from '../../../core/workflows/embedded';
import type { OrchestrationGateway, OrchestrationSnapshot } from '../../../core/workflows/orchestration';
import { orchestrationGroups } from '../../../core/workflows/orchestrationGroups';
import type { Log } from '../../../core/base/log';
import { isRecord, textOf } from '../../../core/base/unknown';
import type { KubeClient } from '../connection/client';
import { RECHECK_MS } from './experimentWatch';
import type { KnownNamespaces } from '../knownNamespaces';
import { collectionPath } from './kinds';
import { roomFor } from '../watch/lists';
import type { ReflectorEvents } from '../watch/reflector';
import { listScoped, ScopedWatch, type NamespaceScope } from '../watch/scoped';

/** What the gateway needs. */
export interface OrchestrationOptions {
  client: KubeClient;
  log: Log;
  /** Looked at one by one where listing all namespaces is forbidden. */
  namespaces: KnownNamespaces;
  maxBackoffMs?: number;
  /** How often it is asked for lists that were forbidden, milliseconds. */
  recheckMs?: number;
}

const COALESCE_MS = 50;

/** Workflows, their nodes and schedules, straight from the API server. */
export function createOrchestrationGateway(options: OrchestrationOptions): OrchestrationGateway {
  return {
    groups: orchestrationGroups,
    list: async (signal) => {
      const kinds = [WORKFLOW, WORKFLOW_NODE, SCHEDULE];
      const found = await Promise.all(kinds.map((kind) => listKind(kind, options, signal)));
      const [workflows = [], nodes = [], schedules = []] = found.map(({ objects }) => objects);
      const lost = found.flatMap(({ error }, i) => (error ? [{ kind: kinds[i] ?? '', error }] : []));
      return { workflows, nodes, schedules, lost };
    },
    watch: (listener) => {
      const ended = new AbortController();
      let pending: NodeJS.Timeout | undefined;
      const kinds = [WORKFLOW, WORKFLOW_NODE, SCHEDULE].map(
        (kind) => new Collection(kind, options, ended.signal, tell),
      );
      function tell(): void {
        pending ??= setTimeout(() => {
          pending = undefined;
          if (!ended.signal.aborted) listener(snapshotOf(kinds));
        }, COALESCE_MS);
      }
      // What was forbidden may be allowed by now.
      const recheck = setInterval(() => kinds.forEach((kind) => void kind.widen()), options.recheckMs ?? RECHECK_MS);
      return {
        dispose: () => {
          clearTimeout(pending);
          clearInterval(recheck);
          ended.abort();
        },
      };
    },
  };
}

/** Those of one kind, and why some may be missing. */
async function listKind(
  kind: string,
  { client, namespaces }: OrchestrationOptions,
  signal: AbortSignal | undefined,
): Promise<{ objects: ChaosObject[]; error: AppError | undefined }> {
  const lists = await listScoped(client, namespaces, (scope) => collectionPath(kind, scope), `list ${kind}`, signal);
  return {
    objects: lists.flatMap(({ items }) => items.map((item) => toObject(kind, item))),
    // Kinds that may not be listed were not started from here; for kinds that cannot be listed now, that is unknown.
    error: lists.find(({ error }) => error && !UNSEEN.has(error.code))?.error,
  };
}

const UNSEEN: ReadonlySet<string> = new Set(['forbidden', 'notFound', 'notInstalled']);

function snapshotOf(kinds: readonly Collection[]): OrchestrationSnapshot {
  const [workflows = [], nodes = [], schedules = []] = kinds.map((kind) => kind.objects);
  return { workflows, nodes, schedules };
}

/** One kind; empty where the cluster lacks it or it may not be listed. */
class Collection {
  readonly #kind: string;
  readonly #tell: () => void;
  readonly #items = new Map<NamespaceScope, Map<string, ChaosObject>>([[undefined, new Map()]]);
  readonly #answered = new Set<NamespaceScope>();
  readonly #watch: ScopedWatch;

  constructor(kind: string, options: OrchestrationOptions, signal: AbortSignal, tell: () => void) {
    this.#kind = kind;
    this.#tell = tell;
    this.#watch = new ScopedWatch({
      ...options,
      signal,
      what: kind,
      path: (scope) => collectionPath(kind, scope),
      moved: (from, to) => this.#move(from, to),
      seen: () => this.objects.map(({ metadata }) => textOf(metadata.namespace)),
      events: (scope) => this.#events(scope),
    });
  }

  get objects(): ChaosObject[] {
    return [...this.#items.values()].flatMap((items) => [...items.values()]);
  }

  /** Watches all namespaces where that is allowed by now. */
  widen(): Promise<void> {
    return this.#watch.widen();
  }

  #in(scope: NamespaceScope): Map<string, ChaosObject> {
    return this.#items.get(scope) ?? new Map<string, ChaosObject>();
  }

  /** What is known stays until the new scopes are listed. */
  #move(from: readonly NamespaceScope[], to: readonly NamespaceScope[]): void {
    const held = from.flatMap((scope) => [...this.#in(scope)]);
    for (const scope of from) this.#items.delete(scope);
    for (const scope of to)
      this.#items.set(
        scope,
        new Map(held.filter(([, { metadata }]) => scope === undefined || metadata.namespace === scope)),
      );
  }

  #events(scope: NamespaceScope): ReflectorEvents {
    const put = (object: Readonly<Record<string, unknown>>): void => {
      const items = this.#in(scope);
      const read = toObject(this.#kind, object);
      if (!items.has(nameOf(read))) roomFor(items, this.#kind);
      items.set(nameOf(read), read);
    };
    return {
      replaced: (all) => {
        this.#answered.add(scope);
        this.#in(scope).clear();
        all.forEach(put);
        this.#tell();
      },
      changed: (object) => {
        put(object);
        this.#tell();
      },
      removed: (object) => {
        this.#in(scope).delete(nameOf(toObject(this.#kind, object)));
        this.#tell();
      },
      live: () => undefined,
      broken: ({ code }) => {
        if (code !== 'notFound' && code !== 'forbidden') return;
        // Told once also where there was nothing before: that there is none is an answer too.
        const changed = this.#in(scope).size > 0 || !this.#answered.has(scope);
        this.#answered.add(scope);
        this.#in(scope).clear();
        if (changed) this.#tell();
      },
    };
  }
}

const nameOf = ({ metadata }: ChaosObject): string => `${textOf(metadata.namespace)}/${textOf(metadata.name)}`;

/** Items of a list carry neither kind nor apiVersion. */
function toObject(kind: string, object: Readonly<Record<string, unknown>>): ChaosObject {
  return {
    ...object,
    apiVersion: CHAOS_API_VERSION,
    kind,
    metadata: isRecord(object['metadata']) ? object['metadata'] : {},
    spec: isRecord(object['spec']) ? object['spec'] : {},
  };
}
