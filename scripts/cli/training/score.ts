import type { Diagnosis } from '../../../src/core/diagnosis/types';

/** Sums of a scenario's cases. */
interface Sums {
  cases: number;
  hits: Record<1 | 3 | 5, number>;
}

/** AC@k by scenario and false alarms in healthy cases, as the published method is scored. */
export class Scoreboard {
  readonly #sums = new Map<string, Sums>();
  #healthy = 0;
  #alarms = 0;

  add(scenario: string, diagnosis: Diagnosis, truth: readonly [string, string][]): void {
    if (truth.length === 0) {
      this.#healthy += 1;
      if (!diagnosis.healthy) this.#alarms += 1;
      return;
    }
    const wanted = new Set(truth.map((pair) => pair.join('|')));
    for (const name of [scenario, 'all']) {
      const sums = this.#sums.get(name) ?? { cases: 0, hits: { 1: 0, 3: 0, 5: 0 } };
      this.#sums.set(name, sums);
      sums.cases += 1;
      for (const k of [1, 3, 5] as const) {
        const hits = diagnosis.ranking.slice(0, k).filter(({ node, type }) => wanted.has(`${node}|${type}`)).length;
        sums.hits[k] += hits / Math.min(k, wanted.size);
      }
    }
  }

  result(): Record<string, unknown> {
    const round = (value: number): number => Number(value.toFixed(4));
    const byScenario = Object.fromEntries(
      [...this.#sums]
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([name, { cases, hits }]) => [
          name,
          { cases, 'AC@1': round(hits[1] / cases), 'AC@3': round(hits[3] / cases), 'AC@5': round(hits[5] / cases) },
        ]),
    );
    return {
      ...byScenario,
      healthyCases: this.#healthy,
      falseAlarmRate: this.#healthy > 0 ? round(this.#alarms / this.#healthy) : null,
    };
  }
}
