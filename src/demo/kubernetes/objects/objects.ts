import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../core/base/clock';
import { apiVersion, qualifiedName, type Resource } from './resources';
import { alreadyExists, conflict, gone, notFound } from './status';

/** Any object of the API. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [key: string]: unknown;
}

/** The `metadata` of every object (ObjectMeta). */
export interface Metadata {
  name: string;
  namespace?: string;
  generateName?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  [key: string]: unknown;
}

/** One change, as a watch tells it. */
export interface Change {
  version: number;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: Resource;
  object: KubeObject;
  /** The object before the change: tells a watch whether it enters or leaves its selection. */
  previous: KubeObject | undefined;
}

const HISTORY = 4000;

/** What a write never changes, whatever it says. */
const SERVERS_OWN = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

/** Seconds precision, as Kubernetes writes times. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** All objects, their versions, and the changes that watches read. */
export class ObjectStore {
  readonly clock: Clock;
  #version = 1000;
  readonly #objects = new Map<Resource, Map<string, KubeObject>>();
  #changes: Change[] = [];
  #forgotten = 1000;
  readonly #listeners = new Set<(change: Change) => void>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get version(): number {
    return this.#version;
  }

  /** All objects of a kind, in the order of namespace and name, as etcd's keys are. */
  list(resource: Resource, namespace?: string): KubeObject[] {
    const entries = [...(this.#objects.get(resource)?.entries() ?? [])];
    const all = entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    return namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
  }

  get(resource: Resource, namespace: string | undefined, name: string): KubeObject {
    const found = this.#objects.get(resource)?.get(key(namespace, name));
    if (!found) throw notFound(qualifiedName(resource), name);
    return found;
  }

  find(resource: Resource, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#objects.get(resource)?.get(key(namespace, name));
  }

  /** Completes the metadata as a server does; with `dryRun`, nothing is kept. `createdMs` is now by default. */
  create(resource: Resource, given: KubeObject, dryRun = false, createdMs = this.clock.now()): KubeObject {
    const metadata = { ...given.metadata };
    if (!metadata.name && metadata.generateName)
      metadata.name = metadata.generateName + Math.random().toString(36).slice(2, 7).padEnd(5, 'x');
    const object: KubeObject = {
      ...given,
      apiVersion: apiVersion(resource),
      kind: resource.kind,
      metadata: { ...metadata, uid: randomUUID(), generation: 1, creationTimestamp: timestamp(createdMs) },
    };
    // Only the server says when an object goes and which version it has.
    for (const field of ['deletionTimestamp', 'deletionGracePeriodSeconds', 'resourceVersion'])
      delete object.metadata[field];
    const there = this.find(resource, metadata.namespace, metadata.name);
    if (there)
      throw alreadyExists(qualifiedName(resource), metadata.name, there.metadata.deletionTimestamp !== undefined);
    if (!dryRun) this.#put(resource, object, 'ADDED');
    return object;
  }

  /** Replaces an object; a resourceVersion that is not the newest is a conflict. */
  update(resource: Resource, next: KubeObject, dryRun = false): KubeObject {
    const { namespace, name, resourceVersion } = next.metadata;
    const current = this.get(resource, namespace, name);
    if (resourceVersion && resourceVersion !== current.metadata.resourceVersion)
      throw conflict(qualifiedName(resource), name);
    const metadata: Metadata = { ...next.metadata };
    for (const field of SERVERS_OWN) {
      if (current.metadata[field] === undefined) delete metadata[field];
      else Object.assign(metadata, { [field]: current.metadata[field] });
    }
    const object: KubeObject = { ...next, apiVersion: current.apiVersion, kind: current.kind, metadata };
    if (isDeepStrictEqual(object, current)) return current;
    if (!isDeepStrictEqual(object.spec, current.spec)) metadata.generation = (current.metadata.generation ?? 1) + 1;
    if (dryRun) return object;
    if (metadata.deletionTimestamp && (metadata.finalizers ?? []).length === 0) return this.#remove(resource, object);
    this.#put(resource, object, 'MODIFIED');
    return object;
  }

  /** Marks for deletion while finalizers are there, else removes. */
  delete(resource: Resource, namespace: string | undefined, name: string): { object: KubeObject; removed: boolean } {
    const current = this.get(resource, namespace, name);
    if ((current.metadata.finalizers ?? []).length === 0)
      return { object: this.#remove(resource, current), removed: true };
    if (current.metadata.deletionTimestamp) return { object: current, removed: false };
    const object = {
      ...current,
      metadata: { ...current.metadata, deletionTimestamp: timestamp(this.clock.now()), deletionGracePeriodSeconds: 0 },
    };
    this.#put(resource, object, 'MODIFIED');
    return { object, removed: false };
  }

  /** Marks an object as going that something else than its finalizers holds, and keeps what is said of it. */
  terminate(resource: Resource, next: KubeObject): KubeObject {
    this.#put(resource, next, 'MODIFIED');
    return next;
  }

  /** True while the changes after a version are known. */
  remembers(version: number): boolean {
    return version >= this.#forgotten;
  }

  /** Changes after a version, oldest first; 410 when they are no longer known. */
  since(version: number): Change[] {
    if (!this.remembers(version)) throw gone(version, this.#forgotten);
    return this.#changes.filter((change) => change.version > version);
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets the changes so far, so that older watches get 410. */
  compact(): void {
    this.#forgotten = this.#version;
    this.#changes = [];
  }

  #put(resource: Resource, object: KubeObject, type: Change['type']): void {
    let group = this.#objects.get(resource);
    if (!group) this.#objects.set(resource, (group = new Map<string, KubeObject>()));
    this.#version += 1;
    object.metadata.resourceVersion = String(this.#version);
    const at = key(object.metadata.namespace, object.metadata.name);
    const previous = group.get(at);
    group.set(at, object);
    this.#record({ version: this.#version, type, resource, object, previous });
  }

  #remove(resource: Resource, object: KubeObject): KubeObject {
    this.#objects.get(resource)?.delete(key(object.metadata.namespace, object.metadata.name));
    this.#version += 1;
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    this.#record({ version: this.#version, type: 'DELETED', resource, object: last, previous: object });
    return last;
  }

  #record(change: Change): void {
    this.#changes.push(change);
    if (this.#changes.length > HISTORY) {
      const dropped = this.#changes.splice(0, HISTORY / 2);
      this.#forgotten = dropped.at(-1)?.version ?? this.#forgotten;
    }
    for (const listener of [...this.#listeners]) listener(change);
  }
}

const key = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;
