import type { Random } from '../../core/base/random';

/** A machine that nodes run on, and what else does: an ambient load that wanders, and now and then a burst of a neighbour. */
export class Host {
  readonly cores: number;
  readonly #noise: number;
  #ambient: number;
  #burst = { cores: 0, seconds: 0 };

  constructor(cores: number, noise: number, random: Random) {
    this.cores = cores;
    this.#noise = noise;
    this.#ambient = random.normal();
  }

  /** Goes on by a second; the cores that others use then. */
  step(random: Random): number {
    this.#ambient = 0.99 * this.#ambient + 0.141 * random.normal();
    this.#burst.seconds -= 1;
    if (this.#burst.seconds <= 0)
      this.#burst =
        random.next() < this.#noise / 60
          ? { cores: this.cores * (0.1 + 0.4 * random.next()), seconds: 10 + random.below(50) }
          : { cores: 0, seconds: 0 };
    return Math.min(0.95 * this.cores, Math.max(0, this.cores * this.#noise * (1 + this.#ambient)) + this.#burst.cores);
  }
}
