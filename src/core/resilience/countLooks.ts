import { toAppError } from '../base/errors';
import { untilAborted } from '../time/waiting';
import type { TestWorld } from './testWorld';

/** What was counted at a moment; undefined where it could not be looked at. */
export interface CountLook {
  at: number;
  counted: number | undefined;
}

/** Counts something of the cluster again and again, and keeps what it has counted. */
export class CountLooks {
  readonly #world: Pick<TestWorld, 'clock' | 'log'>;
  readonly #count: (signal: AbortSignal) => Promise<ReadonlyMap<string, number>>;
  readonly #looks: { at: number; counted: ReadonlyMap<string, number> | undefined }[] = [];

  /** `count` gives all that is counted, by name. */
  constructor(
    world: Pick<TestWorld, 'clock' | 'log'>,
    count: (signal: AbortSignal) => Promise<ReadonlyMap<string, number>>,
  ) {
    this.#world = world;
    this.#count = count;
  }

  /** Counts now; that it cannot be looked at is noted. */
  async look(signal: AbortSignal): Promise<void> {
    const at = this.#world.clock.now();
    try {
      this.#looks.push({ at, counted: await untilAborted(this.#count(signal), signal) });
    } catch (thrown) {
      this.#looks.push({ at, counted: undefined });
      this.#world.log.debug(`resilience test: cannot count: ${toAppError(thrown).message}`);
    }
  }

  /** One count at all looks. */
  of(name: string): CountLook[] {
    return this.#looks.map(({ at, counted }) => ({ at, counted: counted?.get(name) }));
  }

  /** When it could be looked at last. */
  get newest(): number {
    return this.#looks.findLast(({ counted }) => counted !== undefined)?.at ?? -Infinity;
  }
}
