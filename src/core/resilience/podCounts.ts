import type { DatabasePod } from '../cluster/databasePod';
import type { PodEvent } from '../cluster/podEvents';
import type { EventExpectation, PodCount } from '../scenario/expectation';

/** Counts of the database's pods since a first look: what was before that is not the test's. */
export class PodCounter {
  readonly #restartsBefore = new Map<string, number>();
  readonly #killsBefore = new Set<string>();
  /** A status tells only of the last kill of a container: those before it are remembered. */
  readonly #kills = new Set<string>();

  begin(pods: readonly DatabasePod[]): void {
    for (const { pod, restarts, oomKills = [] } of pods) {
      this.#restartsBefore.set(pod, restarts);
      for (const kill of oomKills) this.#killsBefore.add(`${pod}/${kill}`);
    }
  }

  count(pods: readonly DatabasePod[]): ReadonlyMap<PodCount, number> {
    let restarts = 0;
    for (const { pod, restarts: now, oomKills = [] } of pods) {
      restarts += Math.max(0, now - (this.#restartsBefore.get(pod) ?? 0));
      for (const kill of oomKills.map((one) => `${pod}/${one}`))
        if (!this.#killsBefore.has(kill)) this.#kills.add(kill);
    }
    return new Map([
      ['restarts', restarts],
      ['notReady', pods.filter(({ ready }) => !ready).length],
      ['oomKills', this.#kills.size],
    ]);
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
