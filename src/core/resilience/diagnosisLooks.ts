import { toAppError } from '../base/errors';
import { untilAborted } from '../time/waiting';
import type { DiagnosisSample } from '../evaluation/sample';
import type { Span } from './samples';
import type { TestWorld } from './testWorld';

/** The diagnosis during a test. It runs in parallel with the samples, so that a slow diagnosis does not delay a guard. */
export class DiagnosisLooks {
  readonly #world: Pick<TestWorld, 'log' | 'diagnoses'>;
  readonly #signal: AbortSignal;
  #samples: readonly DiagnosisSample[] = [];
  #underWay: Promise<void> | undefined;

  constructor(world: Pick<TestWorld, 'log' | 'diagnoses'>, signal: AbortSignal) {
    this.#world = world;
    this.#signal = signal;
  }

  /** As far as it has answered. */
  get samples(): readonly DiagnosisSample[] {
    return this.#samples;
  }

  /** Asks it where it is not being asked already. */
  ask(span: Span): void {
    this.#underWay ??= this.#ask(span, this.#signal).finally(() => (this.#underWay = undefined));
  }

  /** Asks once more and waits for the answer, or until aborted. */
  async askForTheLast(span: Span, signal: AbortSignal): Promise<void> {
    await untilAborted(Promise.resolve(this.#underWay), signal);
    await untilAborted(this.#ask(span, signal), signal);
  }

  async #ask(span: Span, signal: AbortSignal): Promise<void> {
    try {
      this.#samples = await this.#world.diagnoses(span, signal);
    } catch (thrown) {
      this.#world.log.debug(`resilience test: no diagnosis: ${toAppError(thrown).message}`);
    }
  }
}
