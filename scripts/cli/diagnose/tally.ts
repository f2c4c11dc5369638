import { UNKNOWN_TYPE } from '../../../src/core/diagnosis/diagnosedTypes';
import type { Detection } from '../../../src/core/diagnosis/ranking';

const KS = [1, 3] as const;

/** AC@k by scenario, how often the first pair's node is sick, and which nodes are found anomalous, at the detection's own thresholds. */
export class Tally {
  readonly #hits = new Map<string, { cases: number; hits: [number, number]; node: number }>();
  readonly #quiet = { cases: 0, alarms: 0 };
  readonly #nodes = { sick: 0, found: 0, wrong: 0 };

  /** `truth`: what acts, by node's place and type. */
  add(scenario: string, detection: Detection, truth: readonly (readonly [node: number, type: string])[]): void {
    const { types, thresholds, probabilities } = detection;
    const anomalous = probabilities.map((row) => row.some((p, l) => p >= (thresholds[l] as number)));
    const sick = new Set(truth.map(([node]) => node));
    anomalous.forEach((found, i) => {
      if (sick.has(i)) this.#nodes.sick += 1;
      if (found) this.#nodes[sick.has(i) ? 'found' : 'wrong'] += 1;
    });
    if (truth.length === 0) {
      this.#quiet.cases += 1;
      this.#quiet.alarms += Number(anomalous.includes(true));
      return;
    }
    const wanted = new Set(truth.map(([node, type]) => `${node}|${type}`));
    const order = probabilities
      .flatMap((row, i) => types.map((type, l) => ({ node: i, type, p: row[l] as number, l })))
      .filter(({ type }) => type !== UNKNOWN_TYPE)
      .sort((a, b) => b.p - a.p);
    for (const name of [scenario, 'all', ...(scenario === 'A' ? [truth[0]?.[1] as string] : [])]) {
      const sums = this.#hits.get(name) ?? { cases: 0, hits: [0, 0], node: 0 };
      this.#hits.set(name, sums);
      sums.cases += 1;
      sums.node += Number(sick.has(order[0]?.node ?? -1));
      KS.forEach((k, place) => {
        const found = order.slice(0, k).filter(({ node, type }) => wanted.has(`${node}|${type}`)).length;
        sums.hits[place] = (sums.hits[place] as number) + found / Math.min(k, wanted.size);
      });
    }
  }

  result(): Record<string, unknown> {
    const share = (part: number, whole: number): number => Number((part / Math.max(1, whole)).toFixed(3));
    return {
      ...Object.fromEntries(
        [...this.#hits].sort().map(([name, { cases, hits }]) => [name, hits.map((sum) => share(sum, cases))]),
      ),
      sickNodeFirst: share(this.#hits.get('all')?.node ?? 0, this.#hits.get('all')?.cases ?? 0),
      quietWithAlarm: share(this.#quiet.alarms, this.#quiet.cases),
      sickNodesFound: share(this.#nodes.found, this.#nodes.sick),
      healthyNodesFound: this.#nodes.wrong,
    };
  }
}
