import { toAppError, type AppError } from '../../core/errors';
import type { ChaosObject } from '../../core/experiment';
import { CHAOS_API_VERSION } from '../../core/labels';
import { SCHEDULE, WORKFLOW, WORKFLOW_NODE } from '../../core/orchestration/embedded';
import type { OrchestrationGateway, OrchestrationSnapshot } from '../../core/orchestration/orchestration';
import { orchestrationGroups } from '../../core/orchestration/orchestrationGroups';
import type { Log } from '../../core/ports';
import { isRecord, textOf } from '../../core/unknown';
import type { KubeClient } from './client';
import { collectionPath } from './kinds';
import { listAll, roomFor } from './lists';
import { reflect } from './reflector';

/** What the gateway needs. */
export interface OrchestrationOptions {
  client: KubeClient;
  log: Log;
  /** Looked at one by one where listing all namespaces is forbidden. */
  namespaces: readonly string[];
  maxBackoffMs?: number;
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
      for (const kind of kinds) kind.watch(undefined);
      return {
        dispose: () => {
          clearTimeout(pending);
          ended.abort();
        },
      };
    },
  };
}

/** Those of one kind, from each namespace that we know where all may not be listed; and why some may be missing. */
async function listKind(
  kind: string,
  { client, namespaces }: OrchestrationOptions,
  signal: AbortSignal | undefined,
): Promise<{ objects: ChaosObject[]; error: AppError | undefined }> {
  const list = async (namespace: string | undefined): Promise<{ objects: ChaosObject[]; error?: AppError }> => {
    try {
      const { items } = await listAll(client, collectionPath(kind, namespace), `list ${kind}`, { signal });
      return { objects: items.map((item) => toObject(kind, item)) };
    } catch (thrown) {
      return { objects: [], error: toAppError(thrown) };
    }
  };
  const all = await list(undefined);
  const found = all.error?.code === 'forbidden' ? await Promise.all(namespaces.map(list)) : [all];
  return {
    objects: found.flatMap(({ objects }) => objects),
    // What may not be seen was not started from here; of what cannot be seen just now nobody knows.
    error: found.find(({ error }) => error && !UNSEEN.has(error.code))?.error,
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
  readonly #options: OrchestrationOptions;
  readonly #signal: AbortSignal;
  readonly #tell: () => void;
  readonly #items = new Map<string, Map<string, ChaosObject>>();

  constructor(kind: string, options: OrchestrationOptions, signal: AbortSignal, tell: () => void) {
    this.#kind = kind;
    this.#options = options;
    this.#signal = signal;
    this.#tell = tell;
  }

  get objects(): ChaosObject[] {
    return [...this.#items.values()].flatMap((items) => [...items.values()]);
  }

  /** Watches all namespaces, or one. */
  watch(namespace: string | undefined): void {
    const { client, log, namespaces, maxBackoffMs } = this.#options;
    const items = new Map<string, ChaosObject>();
    this.#items.set(namespace ?? '', items);
    const stopped = new AbortController();
    let answered = false;
    const put = (object: Readonly<Record<string, unknown>>): void => {
      const read = toObject(this.#kind, object);
      if (!items.has(nameOf(read))) roomFor(items, this.#kind);
      items.set(nameOf(read), read);
    };
    void reflect(
      {
        client,
        log,
        path: collectionPath(this.#kind, namespace),
        what: this.#kind,
        ...(maxBackoffMs === undefined ? {} : { maxBackoffMs }),
        events: {
          replaced: (all) => {
            answered = true;
            items.clear();
            all.forEach(put);
            this.#tell();
          },
          changed: (object) => {
            put(object);
            this.#tell();
          },
          removed: (object) => {
            items.delete(nameOf(toObject(this.#kind, object)));
            this.#tell();
          },
          live: () => undefined,
          broken: ({ code }) => {
            if (code === 'forbidden' && namespace === undefined && namespaces.length > 0) {
              stopped.abort();
              this.#items.delete('');
              for (const one of namespaces) this.watch(one);
            } else if (code === 'notFound' || code === 'forbidden') {
              // Told once also where there was nothing before: that there is none is an answer too.
              const changed = items.size > 0 || !answered;
              answered = true;
              items.clear();
              if (changed) this.#tell();
            }
          },
        },
      },
      AbortSignal.any([this.#signal, stopped.signal]),
    ).catch((error: unknown) => log.debug(`the watch of ${this.#kind} ended: ${String(error)}`));
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
