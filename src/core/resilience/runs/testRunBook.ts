import { startOf, type TestRun } from './testRun';

/** How many runs are kept. */
export const RUN_LIMIT = 200;

/** The runs of resilience tests that this workspace has made, the newest ones. */
export class TestRunBook {
  readonly #limit: number;
  #runs = new Map<string, TestRun>();
  #clearedAt = 0;

  constructor(limit = RUN_LIMIT) {
    this.#limit = limit;
  }

  /** What began before this time was cleared. */
  get clearedAt(): number {
    return this.#clearedAt;
  }

  /** Newest first. */
  get all(): TestRun[] {
    return [...this.#runs.values()].sort((a, b) => startOf(b) - startOf(a));
  }

  /** Takes in what was kept; a run does not change, so that one that is known stays. */
  merge(runs: readonly TestRun[], clearedAt = 0): void {
    this.#clearedAt = Math.max(this.#clearedAt, clearedAt);
    for (const run of runs) if (!this.#runs.has(run.id)) this.#runs.set(run.id, run);
    const kept = this.all.filter((run) => knownFrom(run) > this.#clearedAt).slice(0, this.#limit);
    this.#runs = new Map(kept.map((run) => [run.id, run]));
  }

  /** Forgets all runs. */
  clear(nowMs: number): void {
    // The cluster's clock may be ahead of the editor's.
    this.#clearedAt = Math.max(nowMs, this.#clearedAt, ...this.all.map(knownFrom));
    this.#runs.clear();
  }
}

/** What was imported after a clearing stays, however long ago it was run. */
const knownFrom = (run: TestRun): number => Math.max(startOf(run), run.imported?.at ?? 0);

/** The newest run of the same scenario on the same cluster that passed before this one. */
export const lastPassedBefore = (run: TestRun, runs: readonly TestRun[]): TestRun | undefined =>
  runs
    .filter(
      (one) =>
        one.id !== run.id &&
        one.scenario === run.scenario &&
        one.where === run.where &&
        one.verdict === 'passed' &&
        startOf(one) < startOf(run),
    )
    .sort((a, b) => startOf(b) - startOf(a))[0];
