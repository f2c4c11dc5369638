import type { AppError } from '../../../core/base/errors';
import type { Experiment } from '../../../core/experiments/experiment';
import { toExperiment } from '../../../core/experiments/parse';
import { CHAOS_API_VERSION } from '../../../core/experiments/labels';
import type { ExperimentSnapshot, WatchHealth } from '../../../core/experiments/gateway';
import { withPodLives, type PodLives } from '../../../core/experiments/podLives';
import { notInstalled } from './kinds';
import { roomFor } from '../watch/lists';

/** One watched collection: a kind, everywhere or in one namespace. */
export interface Collection {
  kind: string;
  namespace: string | undefined;
}

type State =
  | { state: 'connecting' }
  | { state: 'live' }
  | { state: 'missing'; error: AppError }
  | { state: 'broken'; since: number; error: AppError };

/** What the watches of all collections have told so far, and the picture that follows from it. */
export class ExperimentCache {
  readonly #items = new Map<string, Map<string, Experiment>>();
  readonly #states = new Map<string, State>();
  readonly #collections = new Map<string, Collection>();
  readonly #absent = new Map<string, AppError>();
  /** What was known before, of the collections that are not open yet. */
  #known: readonly Experiment[];
  #lives: PodLives = new Map();
  #removed: Experiment[] = [];

  /** `known` stands for each collection until that has been listed. */
  constructor(known: readonly Experiment[] = []) {
    this.#known = known.map(({ object }) => toExperiment(object)); // without what was seen of their pods
  }

  /** Opens a collection: until it has been listed the picture is incomplete. */
  open(collection: Collection): void {
    const id = idOf(collection);
    if (this.#states.has(id)) return;
    this.#states.set(id, { state: 'connecting' });
    this.#collections.set(id, collection);
    const isIts = ({ ref }: Experiment): boolean => ref.kind === collection.kind && isIn(collection, ref.namespace);
    this.#items.set(id, new Map(this.#known.filter(isIts).map((one) => [nameOf(one), one])));
    this.#known = this.#known.filter((one) => !isIts(one));
  }

  /** The namespaces of what is known of a kind. */
  namespacesOf(kind: string): string[] {
    return this.all().flatMap(({ ref }) => (ref.kind === kind ? [ref.namespace] : []));
  }

  /** Other collections take the place of some: each gets what it will hold as well, so that nothing goes missing in between. */
  move(from: readonly Collection[], to: readonly Collection[]): void {
    const held = from.flatMap((collection) => [...(this.#items.get(idOf(collection)) ?? [])]);
    for (const collection of from) {
      const id = idOf(collection);
      this.#states.delete(id);
      this.#items.delete(id);
      this.#collections.delete(id);
    }
    for (const collection of to) {
      this.open(collection);
      this.#items.set(idOf(collection), new Map(held.filter(([, { ref }]) => isIn(collection, ref.namespace))));
    }
  }

  /** A kind that is not watched at all, and why. */
  absent(kind: string, error: AppError): void {
    this.#absent.set(kind, error);
    this.#known = this.#known.filter(({ ref }) => ref.kind !== kind);
  }

  /** A kind that was absent is there. */
  present(kind: string): void {
    this.#absent.delete(kind);
  }

  replace(collection: Collection, objects: readonly unknown[]): void {
    const id = idOf(collection);
    const before = this.#items.get(id);
    const items = new Map<string, Experiment>();
    for (const object of objects) {
      const experiment = parse(collection.kind, object);
      const same = before?.get(nameOf(experiment));
      items.set(nameOf(experiment), same && isSame(same, experiment) ? same : experiment);
    }
    this.#items.set(id, items);
  }

  /** False when nothing changed: a repeated event. */
  put(collection: Collection, object: unknown): boolean {
    const experiment = parse(collection.kind, object);
    const items = this.#items.get(idOf(collection));
    const before = items?.get(nameOf(experiment));
    if (!items || (before && isSame(before, experiment))) return false;
    if (!before) roomFor(items, collection.kind);
    items.set(nameOf(experiment), experiment);
    return true;
  }

  /** Removes an object; one of another uid under the same name stays. */
  remove(collection: Collection, object: unknown): boolean {
    const experiment = parse(collection.kind, object);
    const items = this.#items.get(idOf(collection));
    const before = items?.get(nameOf(experiment));
    if (!items || !before || before.ref.uid !== experiment.ref.uid) return false;
    this.#removed.push(experiment);
    return items.delete(nameOf(experiment));
  }

  live(collection: Collection): boolean {
    return this.#move(collection, { state: 'live' });
  }

  /**
   * A broken watch. A kind that is not served any more has no objects either; what was seen before a permission was
   * taken away may still act, and stays.
   */
  broken(collection: Collection, error: AppError, nowMs: number): boolean {
    const id = idOf(collection);
    const before = this.#states.get(id);
    const seen = (this.#items.get(id)?.size ?? 0) > 0;
    const notServed = error.code === 'notInstalled' || error.code === 'notFound';
    if (notServed || (error.code === 'forbidden' && !seen)) {
      this.#items.get(id)?.clear();
      const changed = this.#move(collection, { state: 'missing', error });
      return changed || seen;
    }
    const since = before?.state === 'broken' ? before.since : nowMs;
    return this.#move(collection, { state: 'broken', since, error });
  }

  /** The pods in which faults are said to act, as they are now. False where that changes no experiment. */
  setPodLives(lives: PodLives): boolean {
    const marks = (of: PodLives): string =>
      this.all()
        .filter((one) => withPodLives(one, of) !== one)
        .map(({ key }) => key)
        .join();
    const before = marks(this.#lives);
    this.#lives = lives;
    return before !== marks(lives);
  }

  /** All experiments in no order. */
  all(): Experiment[] {
    return [...this.#known, ...[...this.#items.values()].flatMap((items) => [...items.values()])];
  }

  /** The current snapshot. Each removal is reported once. */
  snapshot(): ExperimentSnapshot {
    const removed = this.#removed.splice(0).map((one) => withPodLives(one, this.#lives));
    const experiments = this.all().map((one) => withPodLives(one, this.#lives));
    experiments.sort((a, b) => b.createdAt - a.createdAt || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    const missing = new Map(this.#absent);
    for (const [id, state] of this.#states)
      if (state.state === 'missing') missing.set((this.#collections.get(id) as Collection).kind, state.error);
    const onlyIn = this.#onlyIn();
    return {
      experiments,
      health: this.#health(),
      missingKinds: [...missing].map(([kind, error]) => ({ kind, error })).sort((a, b) => (a.kind < b.kind ? -1 : 1)),
      ...(onlyIn ? { onlyIn } : {}),
      ...(removed.length > 0 ? { removed } : {}),
    };
  }

  /** Where all kinds are looked at that are not looked at everywhere. */
  #onlyIn(): string[] | undefined {
    const narrowed = new Map<string, Set<string>>();
    for (const { kind, namespace } of this.#collections.values())
      if (namespace !== undefined) narrowed.set(kind, (narrowed.get(kind) ?? new Set()).add(namespace));
    const [first, ...others] = narrowed.values();
    return first && [...first].filter((one) => others.every((other) => other.has(one))).sort();
  }

  #health(): WatchHealth {
    const states = [...this.#states.values()];
    const missing = states.filter((one) => one.state === 'missing');
    if (states.length > 0 && missing.length === states.length) {
      const other = missing.find(({ error }) => error.code !== 'notInstalled');
      return { state: 'failed', error: other?.error ?? notInstalled() };
    }
    const broken = states.filter((one) => one.state === 'broken');
    const oldest = broken.sort((a, b) => a.since - b.since)[0];
    if (oldest && broken.length + missing.length === states.length && this.#isEmpty())
      return { state: 'failed', error: oldest.error };
    if (oldest) return { state: 'stale', since: oldest.since, error: oldest.error };
    return states.some((one) => one.state === 'connecting') || states.length === 0
      ? { state: 'connecting' }
      : { state: 'live' };
  }

  #isEmpty(): boolean {
    return this.all().length === 0;
  }

  #move(collection: Collection, next: State): boolean {
    const id = idOf(collection);
    const before = this.#states.get(id);
    if (!before) return false;
    this.#states.set(id, next);
    return (
      before.state !== next.state ||
      ('error' in before && 'error' in next && before.error.message !== next.error.message)
    );
  }
}

const idOf = ({ kind, namespace }: Collection): string => `${kind}/${namespace ?? ''}`;
const isIn = (collection: Collection, namespace: string): boolean =>
  collection.namespace === undefined || collection.namespace === namespace;
const nameOf = ({ ref }: Experiment): string => `${ref.namespace}/${ref.name}`;
const isSame = (a: Experiment, b: Experiment): boolean => {
  const version = a.object.metadata.resourceVersion;
  return a.key === b.key && version !== undefined && version === b.object.metadata.resourceVersion;
};

/** Items of a list carry neither kind nor apiVersion. */
function parse(kind: string, object: unknown): Experiment {
  return toExperiment({ ...(object as object), kind, apiVersion: CHAOS_API_VERSION });
}
