import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';

/** The `Date` header knows whole seconds only. */
const GRAIN_MS = 1000;

/**
 * The cluster's time, as far as its answers tell: the editor's clock, moved by how far the two are apart. What the
 * cluster dated (creations, deletions, samples) is compared with this one, so that a machine whose clock is wrong shows
 * the same phases, times left and spans as any other.
 */
export class ServerClock implements Clock {
  readonly #base: Clock;
  readonly #onSkew: ((offsetMs: number) => void) | undefined;
  /** The offsets that agree with all answers so far. */
  #least = -Infinity;
  #most = Infinity;
  #told = 0;

  /** `onSkew` is called when the two clocks differ by more than some seconds, and when that changes. */
  constructor(base: Clock, onSkew?: (offsetMs: number) => void) {
    this.#base = base;
    this.#onSkew = onSkew;
  }

  /** How far the cluster's clock is ahead of the editor's, milliseconds; 0 where they may well agree. */
  get offsetMs(): number {
    if (this.#least <= 0 && this.#most >= 0) return 0;
    return Math.round((this.#least + this.#most) / 2);
  }

  now(): number {
    return this.#base.now() + this.offsetMs;
  }

  after(ms: number, callback: () => void): Disposable {
    return this.#base.after(ms, callback);
  }

  /** Takes the date of an answer, between whose request and arrival the server has written it (by the editor's clock). */
  readonly heard = (serverMs: number, sentMs: number, receivedMs: number): void => {
    const least = serverMs - receivedMs;
    const most = serverMs + GRAIN_MS - sentMs;
    if (most < least) return; // the editor's clock was moved meanwhile
    this.#least = Math.max(this.#least, least);
    this.#most = Math.min(this.#most, most);
    // They cannot all be true: one of the two clocks was set.
    if (this.#least > this.#most) [this.#least, this.#most] = [least, most];
    const offset = this.offsetMs;
    if (Math.abs(offset - this.#told) < 5 * GRAIN_MS) return;
    this.#told = offset;
    this.#onSkew?.(offset);
  };
}
