import { Emitter } from '../base/emitter';
import { randomText } from '../base/randomText';
import type { StopReport } from '../injection/injection';
import type { Disposable } from '../base/disposable';
import type { ScenarioRun, ScenarioRunParts } from './run';

/** The scenarios that this window started on one cluster. */
export class ScenarioRuns implements Disposable {
  readonly #parts: ScenarioRunParts;
  readonly #runs: ScenarioRun[] = [];
  readonly #listeners = new Emitter();

  constructor(parts: ScenarioRunParts) {
    this.#parts = parts;
  }

  /** Newest first; those that have ended too. */
  get all(): readonly ScenarioRun[] {
    return [...this.#runs].reverse();
  }

  /** The run of this id. */
  find(run: string): ScenarioRun | undefined {
    return this.#runs.find(({ mark }) => mark.run === run);
  }

  /** Takes up a run that `make` starts under a new id. */
  add(make: (run: string, parts: ScenarioRunParts) => ScenarioRun): ScenarioRun {
    const run = make(randomText(8, this.#parts.random ?? Math.random), this.#parts);
    this.#runs.push(run);
    run.onChange(() => this.#tell());
    this.#tell();
    return run;
  }

  /** Forgets one that has ended. */
  forget(run: string): void {
    const at = this.#runs.findIndex((one) => one.mark.run === run && !one.isActive);
    if (at < 0) return;
    this.#runs.splice(at, 1);
    this.#tell();
  }

  /** Stops all that are active; before everything else is stopped, so that no step begins behind it. */
  async stopAll(): Promise<StopReport> {
    const reports = await Promise.all(this.#runs.filter((run) => run.isActive).map((run) => run.stop()));
    return {
      stopped: reports.flatMap(({ stopped }) => stopped),
      failed: reports.flatMap(({ failed }) => failed),
    };
  }

  onChange(listener: () => void): Disposable {
    return this.#listeners.add(listener);
  }

  /** Starts nothing more; active experiments continue to their end. */
  dispose(): void {
    for (const run of this.#runs) run.abandon();
    this.#listeners.clear();
  }

  #tell(): void {
    this.#listeners.emit();
  }
}
