import type { Clock } from '../../core/base/clock';
import { timestamp, type KubeObject, type ObjectStore } from '../kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../kubernetes/objects/resources';

const EVENTS = RESOURCES.find((resource) => resource.kind === 'Event') as Resource;
/** As long as a real API server keeps them. */
const KEEP_MS = 3_600_000;

/** Writes core/v1 events, and drops those that are over an hour old. */
export class EventRecorder {
  readonly #store: ObjectStore;
  readonly #clock: Clock;
  readonly #component: string;
  readonly #written: { name: string; namespace: string; at: number }[] = [];
  #count = 0;

  constructor(store: ObjectStore, clock: Clock, component = 'records') {
    this.#component = component;
    this.#store = store;
    this.#clock = clock;
  }

  record(object: KubeObject, type: string, reason: string, message: string): void {
    const now = this.#clock.now();
    this.#expire(now);
    const at = timestamp(now);
    this.#count += 1;
    const { name, namespace = '', uid } = object.metadata;
    // Several controllers write events of one object.
    const own = `${name}.${this.#component === 'records' ? '' : this.#component.charAt(0)}${this.#count.toString(16).padStart(8, '0')}`;
    this.#written.push({ name: own, namespace, at: now });
    this.#store.create(EVENTS, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: own, namespace },
      involvedObject: { apiVersion: object.apiVersion, kind: object.kind, name, namespace, uid },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: at,
      lastTimestamp: at,
      source: { component: this.#component },
    });
  }

  #expire(now: number): void {
    for (let oldest = this.#written[0]; oldest && oldest.at < now - KEEP_MS; oldest = this.#written[0]) {
      this.#written.shift();
      if (this.#store.find(EVENTS, oldest.namespace, oldest.name))
        this.#store.delete(EVENTS, oldest.namespace, oldest.name);
    }
  }
}
