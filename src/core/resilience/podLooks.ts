import { toAppError } from '../base/errors';
import { untilAborted } from '../time/waiting';
import type { PodCount } from '../scenario/expectation';
import type { TestWorld } from './testWorld';

/** What is counted of the database's pods at each look of a test. */
export class PodLooks {
  readonly #world: Pick<TestWorld, 'clock' | 'log' | 'pods'>;
  readonly #looks: { at: number; counted: Readonly<Record<PodCount, number>> | undefined }[] = [];
  readonly #restartsBefore = new Map<string, number>();

  constructor(world: Pick<TestWorld, 'clock' | 'log' | 'pods'>) {
    this.#world = world;
  }

  /** Remembers the restarts until now: they are not the test's. Rejects where the pods cannot be listed. */
  async begin(signal: AbortSignal): Promise<void> {
    for (const { pod, restarts } of await this.#world.pods(signal)) this.#restartsBefore.set(pod, restarts);
  }

  /** Counts now; that the pods cannot be listed is noted. */
  async count(signal: AbortSignal): Promise<void> {
    const at = this.#world.clock.now();
    try {
      const pods = await untilAborted(this.#world.pods(signal), signal);
      const restarts = pods.reduce(
        (sum, { pod, restarts: now }) => sum + Math.max(0, now - (this.#restartsBefore.get(pod) ?? 0)),
        0,
      );
      this.#looks.push({ at, counted: { restarts, notReady: pods.filter(({ ready }) => !ready).length } });
    } catch (thrown) {
      this.#looks.push({ at, counted: undefined });
      this.#world.log.debug(`resilience test: the pods could not be listed: ${toAppError(thrown).message}`);
    }
  }

  /** One count at all looks. */
  of(count: PodCount): { at: number; counted: number | undefined }[] {
    return this.#looks.map(({ at, counted }) => ({ at, counted: counted?.[count] }));
  }

  /** When the pods were listed last. */
  get newest(): number {
    return this.#looks.findLast(({ counted }) => counted !== undefined)?.at ?? -Infinity;
  }
}
