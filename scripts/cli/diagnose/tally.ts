import type { Detection } from '../../../src/core/diagnosis/ranking';

const KS = [1, 3] as const;
const LEVELS = [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98];

/** AC@k by scenario from probabilities alone, and the share of quiet clusters with a false alarm for several thresholds. */
export class Tally {
  readonly #hits = new Map<string, { cases: number; hits: [number, number] }>();
  readonly #quiet: number[] = [];
  /** The best true pair's margin over the threshold is not looked at: named is judged by the threshold alone. */
  readonly #sick: number[] = [];

  add(scenario: string, detection: Detection, truth: readonly (readonly [node: number, type: string])[]): void {
    const highest = Math.max(...detection.probabilities.map((row) => Math.max(...row)));
    if (truth.length === 0) return void this.#quiet.push(highest);
    this.#sick.push(highest);
    const wanted = new Set(truth.map(([node, type]) => `${node}|${type}`));
    const order = detection.probabilities
      .flatMap((row, i) => detection.types.map((type, l) => [`${i}|${type}`, row[l] as number] as const))
      .sort((a, b) => b[1] - a[1]);
    for (const name of [scenario, 'all']) {
      const sums = this.#hits.get(name) ?? { cases: 0, hits: [0, 0] };
      this.#hits.set(name, sums);
      sums.cases += 1;
      KS.forEach((k, place) => {
        const found = order.slice(0, k).filter(([pair]) => wanted.has(pair)).length;
        sums.hits[place] = (sums.hits[place] as number) + found / Math.min(k, wanted.size);
      });
    }
  }

  result(): Record<string, unknown> {
    const share = (list: readonly number[], level: number): number =>
      Number((list.filter((value) => value >= level).length / Math.max(1, list.length)).toFixed(3));
    return {
      ...Object.fromEntries(
        [...this.#hits]
          .sort()
          .map(([name, { cases, hits }]) => [name, hits.map((sum) => Number((sum / cases).toFixed(3)))]),
      ),
      falseAlarms: Object.fromEntries(LEVELS.map((level) => [level, share(this.#quiet, level)])),
      named: Object.fromEntries(LEVELS.map((level) => [level, share(this.#sick, level)])),
    };
  }
}
