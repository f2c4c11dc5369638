import { setTimeout as delay } from 'node:timers/promises';
import { faultDefinition, defaultParameters, FAULT_TYPES, type FaultType } from '../../../src/core/faults/catalogue';
import { toAppError } from '../../../src/core/base/errors';
import type { InjectionPlan, InjectionPolicy } from '../../../src/core/injection/plan';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import type { TourWorld } from '../tour/tourWorld';

const DURATION_MS = 120_000;

/** Injects every kind of fault in turn, as the extension does: dry run, creation, wait, pause, resume, end. */
export class Injections {
  done = 0;
  readonly refusals = new Map<string, number>();
  readonly #world: TourWorld;
  readonly #targets: readonly DatabasePod[];
  readonly #policy: InjectionPolicy;

  constructor(world: TourWorld, targets: readonly DatabasePod[]) {
    this.#world = world;
    this.#targets = targets;
    const { context } = world;
    this.#policy = { context, protectedContexts: [], protectedNamespaces: [], clusterSize: targets.length };
  }

  /** One after the other until the signal; the n-th of several such runs begins with another kind. */
  async run(signal: AbortSignal, n: number): Promise<void> {
    for (let turn = n * 5; !signal.aborted; turn++) {
      const type = FAULT_TYPES[turn % FAULT_TYPES.length] as FaultType;
      await this.#one(type, turn, signal).then(
        () => (this.done += 1),
        (thrown: unknown) => {
          const what = `${type}: ${toAppError(thrown).message}`;
          this.refusals.set(what, (this.refusals.get(what) ?? 0) + 1);
        },
      );
      await delay(500);
    }
  }

  async #one(type: FaultType, turn: number, signal: AbortSignal): Promise<void> {
    const { injection, store } = this.#world;
    const { oneShot, needsPeers } = faultDefinition(type);
    const target = (n: number): DatabasePod => this.#targets[n % this.#targets.length] as DatabasePod;
    const plan: InjectionPlan = {
      type,
      targets: [target(turn * 7)],
      ...(needsPeers ? { peers: [target(turn * 7 + 1)] } : {}),
      parameters: defaultParameters(type),
      durationMs: DURATION_MS,
      chaosNamespace: this.#world.query.namespace,
      container: this.#world.query.container,
      createdBy: 'soak',
    };
    // Now and then its user gives up waiting.
    const wait = turn % 5 === 4 ? AbortSignal.any([signal, AbortSignal.timeout(300)]) : signal;
    const { ref, key } = await injection.inject(plan, this.#policy, { signal: wait });
    if (!oneShot && turn % 2 === 0) {
      await injection.pause(ref);
      await delay(1000);
      const shown = store.snapshot.experiments.find((one) => one.key === key);
      if (shown) await injection.resume(shown, this.#policy);
    }
    await delay(2000);
    await injection.stop(ref, { signal });
  }
}
