import type { Clock } from '../../../core/base/clock';
import type { Disposable } from '../../../core/base/disposable';
import { everyTick } from '../../ticks';
import type { KubeObject, ObjectStore } from './objects';
import { RESOURCES, type Resource } from './resources';

/** Holds an object until everything that it owns is gone. */
export const FOREGROUND = 'foregroundDeletion';

interface Owner {
  uid: string;
}

// Nothing else in this cluster belongs to something.
const RESOURCES_WITH_OWNERS = RESOURCES.filter(({ group }) => group === 'chaos-mesh.org');

/** What Kubernetes' garbage collector does: what belongs to an object that is gone is deleted too. */
export class GarbageCollector implements Disposable {
  readonly #store: ObjectStore;
  readonly #unsubscribe: () => void;
  #changed = true;
  readonly #ticks: Disposable;

  constructor(store: ObjectStore, clock: Clock) {
    this.#store = store;
    this.#unsubscribe = store.onChange(({ resource }) => {
      if (resource.group === 'chaos-mesh.org') this.#changed = true;
    });
    this.#ticks = everyTick(clock, () => this.collect());
  }

  dispose(): void {
    this.#unsubscribe();
    this.#ticks.dispose();
  }

  /** One look at all objects. */
  collect(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const all = RESOURCES_WITH_OWNERS.flatMap((resource) =>
      this.#store.list(resource).map((object) => ({ resource, object })),
    );
    const owned = all.filter(({ object }) => ownersOf(object).length > 0);
    const byUid = new Map(all.map(({ object }) => [object.metadata.uid, object]));
    for (const { resource, object } of owned) {
      const owners = ownersOf(object).map(({ uid }) => byUid.get(uid));
      // An owner in foreground deletion takes what it owns with it before it goes.
      if (owners.every((owner) => !owner || isForeground(owner))) this.#delete(resource, object);
    }
    for (const { resource, object } of all) {
      if (!isForeground(object)) continue;
      if (this.#owns(object)) continue;
      const finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== FOREGROUND);
      this.#store.update(resource, { ...object, metadata: { ...object.metadata, finalizers } });
    }
  }

  #owns({ metadata }: KubeObject): boolean {
    return RESOURCES_WITH_OWNERS.some((resource) =>
      this.#store.list(resource).some((one) => ownersOf(one).some(({ uid }) => uid === metadata.uid)),
    );
  }

  #delete(resource: Resource, { metadata }: KubeObject): void {
    const { namespace, name } = metadata;
    if (!metadata.deletionTimestamp && this.#store.find(resource, namespace, name)?.metadata.uid === metadata.uid)
      this.#store.delete(resource, namespace, name);
  }
}

const ownersOf = ({ metadata }: KubeObject): Owner[] => (metadata['ownerReferences'] as Owner[] | undefined) ?? [];
const isForeground = ({ metadata }: KubeObject): boolean =>
  metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(FOREGROUND);
