import type { Experiment, ExperimentTarget } from './experiment';
import { derivePhase, timeLeft } from './experimentPhase';

/** A row of the list: an experiment, or one of its targets. Holds data only. */
export type ExperimentRow = ExperimentOfRow | { type: 'target'; experiment: Experiment; target: ExperimentTarget };

interface ExperimentOfRow {
  type: 'experiment';
  experiment: Experiment;
}

/**
 * The rows of the list of experiments. A row is one object as long as its experiment is there, so that what changes can
 * be told row by row, however many there are.
 */
export class ExperimentRows {
  #rows = new Map<string, { row: ExperimentOfRow; look: string }>();

  /** The experiments' rows, in the order of the list. */
  get roots(): ExperimentRow[] {
    return [...this.#rows.values()].map(({ row }) => row);
  }

  /** The row of an experiment's key. */
  find(key: string): ExperimentRow | undefined {
    return this.#rows.get(key)?.row;
  }

  clear(): void {
    this.#rows.clear();
  }

  /** Takes a new list. Answers with the rows that look different now, or `all` when rows have come or gone. */
  update(experiments: readonly Experiment[], nowMs: number): 'all' | ExperimentRow[] {
    const before = this.#rows;
    const reshaped = experiments.length !== before.size || experiments.some(({ key }) => !before.has(key));
    if (reshaped) this.#rows = new Map();
    for (const experiment of experiments) {
      const entry = before.get(experiment.key) ?? { row: { type: 'experiment', experiment }, look: '' };
      entry.row.experiment = experiment;
      if (reshaped) this.#rows.set(experiment.key, entry);
    }
    const changed = this.tick(nowMs);
    return reshaped ? 'all' : changed;
  }

  /** The rows that look different at this time. */
  tick(nowMs: number): ExperimentRow[] {
    const changed: ExperimentRow[] = [];
    for (const entry of this.#rows.values()) {
      const look = lookOf(entry.row.experiment, nowMs);
      if (look === entry.look) continue;
      entry.look = look;
      changed.push(entry.row);
    }
    return changed;
  }
}

/** The time left in the steps in which it is shown: ten seconds, and minutes where there are many. */
export function coarseTimeLeft(ms: number): number {
  const seconds = Math.ceil(ms / 10_000) * 10;
  return seconds < 600 ? seconds : Math.floor(seconds / 60) * 60;
}

/** All that a row shows, in one text: two looks that are equal look the same. */
function lookOf(experiment: Experiment, nowMs: number): string {
  const { phase, reason } = derivePhase(experiment, nowMs);
  const left = timeLeft(experiment, nowMs);
  const targets = experiment.targets
    .map((target) => `${target.id}${target.phase}${target.lastFailure ?? ''}${target.replaced ? '!' : ''}`)
    .join();
  return `${phase}|${reason ?? ''}|${left === undefined ? '' : coarseTimeLeft(left)}|${targets}`;
}
