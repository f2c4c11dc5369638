import type { Clock } from '../../src/core/base/clock';
import { ObjectStore, type Change, type KubeObject } from '../../src/demo/kubernetes/objects/objects';
import type { Resource } from '../../src/demo/kubernetes/objects/resources';
import type { Api, Loose, WatchEvent } from './api';
import { createWithStatus } from './install';
import { collection } from './paths';

/** What is known of one object: how it stands here, and what the server said last. */
interface Entry {
  object: KubeObject | undefined;
  /** The server's newest word; writes name its version. */
  server: KubeObject | undefined;
  /** The newest version that was heard of, its end's too: what is older comes late. */
  version: number;
  writing: number;
  queue: Promise<void>;
}

/**
 * The objects of a real API server with the face of the embedded cluster's store: its simulated controllers can work
 * on a real server. Reads answer at once from what the watches told; writes show here at once and follow there in
 * order; one that the server refuses is forgotten for what the server has.
 */
export class Mirror extends ObjectStore {
  readonly #api: Api;
  readonly #entries = new Map<Resource, Map<string, Entry>>();
  readonly #stops = new Map<Resource, () => void>();
  readonly #hearing = new Set<(change: Change) => void>();
  readonly #run = `${Date.now().toString(16)}`;
  #closed = false;

  private constructor(api: Api, clock: Clock) {
    super(clock);
    this.#api = api;
  }

  /** Resolves when everything that is there is known. */
  static async open(api: Api, clock: Clock, resources: readonly Resource[]): Promise<Mirror> {
    const mirror = new Mirror(api, clock);
    await Promise.all(resources.map((resource) => mirror.#follow(resource)));
    return mirror;
  }

  /** Ends the watches, and waits for what is still being written. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#stops.values()) stop();
    await Promise.all([...this.#entries.values()].flatMap((group) => [...group.values()].map(({ queue }) => queue)));
  }

  /** Resolves when everything that was written here is done, and everything that the server has is known here. */
  async settled(): Promise<void> {
    for (;;) {
      await Promise.all([...this.#entries.values()].flatMap((group) => [...group.values()].map(({ queue }) => queue)));
      const current = await Promise.all([...this.#stops.keys()].map((resource) => this.#isCurrent(resource)));
      if (current.every(Boolean)) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Called with each change that the server's watches tell. */
  override onChange(listener: (change: Change) => void): () => void {
    this.#hearing.add(listener);
    return () => this.#hearing.delete(listener);
  }

  override list(resource: Resource, namespace?: string): KubeObject[] {
    const entries = [...(this.#entries.get(resource) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.flatMap(([, { object }]) =>
      object && (namespace === undefined || object.metadata.namespace === namespace) ? [object] : [],
    );
  }

  override find(resource: Resource, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#entries.get(resource)?.get(key(namespace, name))?.object;
  }

  override create(resource: Resource, given: KubeObject): KubeObject {
    if (resource.kind === 'Event') {
      // Numbered anew by every controller: an older one's events are still there.
      const object = { ...given, metadata: { ...given.metadata, name: `${given.metadata.name}.${this.#run}` } };
      void this.#api.call('POST', collection(resource, given.metadata.namespace), object).catch(() => undefined);
      return object;
    }
    const entry = this.#entry(resource, given.metadata.namespace, given.metadata.name);
    entry.object = given;
    this.#enqueue(resource, entry, async () => createWithStatus(this.#api, given));
    return given;
  }

  override update(resource: Resource, next: KubeObject): KubeObject {
    const { namespace, name } = next.metadata;
    const entry = this.#entry(resource, namespace, name);
    const going = next.metadata.deletionTimestamp && (next.metadata.finalizers ?? []).length === 0;
    entry.object = going ? undefined : next;
    const part = resource.kind === 'Pod' ? '/status' : '';
    this.#enqueue(resource, entry, async () => {
      const version = entry.server?.metadata.resourceVersion;
      const body = { ...next, metadata: { ...next.metadata, resourceVersion: version } };
      const answer = await this.#api.call('PUT', `${collection(resource, namespace)}/${name}${part}`, body);
      if (answer.status === 404) entry.server = undefined;
      // The answer to the last finalizer's going shows the object once more.
      return answer.status < 300 && answer.body.kind === resource.kind && !going ? answer.body : undefined;
    });
    return next;
  }

  override delete(resource: Resource, namespace: string | undefined, name: string): Loose {
    const entry = this.#entry(resource, namespace, name);
    const object = entry.object;
    entry.object = undefined;
    // No kubelet is here that would confirm the end of a pod.
    this.#enqueue(resource, entry, async () => {
      await this.#api.call('DELETE', `${collection(resource, namespace)}/${name}?gracePeriodSeconds=0`);
      return undefined;
    });
    return { object, removed: true };
  }

  async #follow(resource: Resource): Promise<void> {
    const { items, metadata } = await this.#api.must('GET', collection(resource));
    const described = {
      apiVersion: resource.group ? `${resource.group}/${resource.version}` : 'v1',
      kind: resource.kind,
    };
    const there = new Set<string>();
    for (const item of items) {
      there.add(key(item.metadata.namespace, item.metadata.name));
      this.#learn(resource, { type: 'ADDED', object: { ...described, ...item } });
    }
    // Followed anew, what went meanwhile is in no list.
    for (const [at, { server }] of this.#entries.get(resource) ?? [])
      if (server && !there.has(at))
        this.#learn(resource, {
          type: 'DELETED',
          object: { ...server, metadata: { ...server.metadata, resourceVersion: metadata.resourceVersion } },
        });
    const again = (): void => {
      if (!this.#closed) void this.#follow(resource).catch(() => setTimeout(again, 200));
    };
    const hear = (event: WatchEvent): void => {
      const { type, object } = event;
      this.#learn(resource, event);
      if (type === 'BOOKMARK' || type === 'ERROR') return;
      const version = Number(object.metadata.resourceVersion);
      for (const listener of this.#hearing) listener({ version, type, resource, object, previous: undefined });
    };
    const at = `${collection(resource)}?watch=true&resourceVersion=${metadata.resourceVersion}`;
    this.#stops.set(resource, this.#api.watch(at, hear, again));
  }

  async #isCurrent(resource: Resource): Promise<boolean> {
    const { items } = await this.#api.must('GET', collection(resource));
    const versions = (objects: Loose[]): string =>
      objects
        .map(({ metadata }) => `${metadata.namespace}/${metadata.name}@${metadata.resourceVersion}`)
        .sort()
        .join();
    const entries = [...(this.#entries.get(resource)?.values() ?? [])];
    return (
      entries.every(({ writing }) => writing === 0) &&
      versions(items) === versions(entries.flatMap(({ server }) => server ?? []))
    );
  }

  #learn(resource: Resource, { type, object }: WatchEvent): void {
    if (type === 'BOOKMARK' || type === 'ERROR') return;
    const { namespace, name, resourceVersion } = object.metadata;
    const entry = this.#entry(resource, namespace, name);
    if (Number(resourceVersion) < entry.version) return;
    entry.version = Number(resourceVersion);
    entry.server = type === 'DELETED' ? undefined : object;
    if (entry.writing === 0) entry.object = entry.server;
  }

  /** Runs a write after those before it, and then believes the server. */
  #enqueue(resource: Resource, entry: Entry, write: () => Promise<KubeObject | undefined>): void {
    entry.writing += 1;
    entry.queue = entry.queue
      .then(write)
      .then(async (answer) => {
        if (answer) this.#learn(resource, { type: 'MODIFIED', object: answer });
      })
      .catch(() => undefined)
      .then(() => {
        entry.writing -= 1;
        if (entry.writing === 0) entry.object = entry.server;
      });
  }

  #entry(resource: Resource, namespace: string | undefined, name: string): Entry {
    let group = this.#entries.get(resource);
    if (!group) this.#entries.set(resource, (group = new Map()));
    let entry = group.get(key(namespace, name));
    if (!entry)
      group.set(
        key(namespace, name),
        (entry = { object: undefined, server: undefined, version: 0, writing: 0, queue: Promise.resolve() }),
      );
    return entry;
  }
}

const key = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;
