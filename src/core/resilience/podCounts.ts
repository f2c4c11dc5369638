import type { DatabasePod } from '../cluster/databasePod';
import type { PodEvent } from '../cluster/podEvents';
import type { EventExpectation, PodCount } from '../scenario/expectation';

/** Counts of the database's pods since a first look: what was before that is not the test's. */
export class PodCounter {
  readonly #before = new Map<string, Pick<DatabasePod, 'uid' | 'restarts'>>();
  /** The most of each pod: one that is replaced takes its count with it. */
  readonly #restarts = new Map<string, number>();
  readonly #killsBefore = new Set<string>();
  /** A status tells only of the last kill of a container: those before it are remembered. */
  readonly #kills = new Set<string>();

  /** The first look, and what it counts. */
  begin(pods: readonly DatabasePod[]): ReadonlyMap<PodCount, number> {
    for (const { pod, uid, restarts, oomKills = [] } of pods) {
      this.#before.set(pod, { uid, restarts });
      for (const kill of oomKills) this.#killsBefore.add(`${pod}/${kill}`);
    }
    return this.count(pods);
  }

  count(pods: readonly DatabasePod[]): ReadonlyMap<PodCount, number> {
    for (const one of pods) {
      const { pod, uid = pod, oomKills = [] } = one;
      this.#restarts.set(uid, Math.max(this.#restarts.get(uid) ?? 0, this.#restartsOf(one)));
      for (const kill of oomKills.map((id) => `${pod}/${id}`)) if (!this.#killsBefore.has(kill)) this.#kills.add(kill);
    }
    const missing = Math.max(0, this.#before.size - pods.length);
    return new Map([
      ['restarts', [...this.#restarts.values()].reduce((sum, one) => sum + one, 0)],
      ['notReady', missing + pods.filter(({ ready }) => !ready).length],
      ['oomKills', this.#kills.size],
    ]);
  }

  /** Since the first look; all of a pod that has come since, also under a known name. */
  #restartsOf({ pod, uid, restarts }: DatabasePod): number {
    const before = this.#before.get(pod);
    return before && before.uid === uid && before.restarts <= restarts ? restarts - before.restarts : restarts;
  }
}

/** Events of the database's pods since a first look, counted for each expectation by its name. */
export class EventCounter {
  readonly #expectations: readonly EventExpectation[];
  readonly #before = new Map<string, number>();
  /** The newest of each: the server forgets them after a time, and they have happened all the same. */
  readonly #seen = new Map<string, PodEvent>();

  constructor(expectations: readonly EventExpectation[]) {
    this.#expectations = expectations;
  }

  begin(events: readonly PodEvent[]): void {
    for (const { uid, count } of events) this.#before.set(uid, count);
  }

  count(events: readonly PodEvent[]): ReadonlyMap<string, number> {
    for (const event of events) this.#seen.set(event.uid, event);
    return new Map(this.#expectations.map((one) => [one.name, this.#sum(one)]));
  }

  #sum({ type, reasons }: EventExpectation): number {
    let sum = 0;
    for (const event of this.#seen.values()) {
      const meant = (type === 'any' || event.type === type) && (reasons.length === 0 || reasons.includes(event.reason));
      if (meant) sum += Math.max(0, event.count - (this.#before.get(event.uid) ?? 0));
    }
    return sum;
  }
}
