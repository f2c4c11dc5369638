import type { AppError } from '../../../src/core/base/errors';
import type { ChaosObject, Experiment } from '../../../src/core/experiments/experiment';
import { toExperiment } from '../../../src/core/experiments/parse';
import type { ExperimentGateway, ExperimentSnapshot } from '../../../src/core/experiments/gateway';
import { chaosObject } from '../experiments/experiments';

/** A gateway whose cluster is an array that the test changes. */
export class FakeGateway implements ExperimentGateway {
  readonly calls: string[] = [];
  readonly #listeners = new Set<(snapshot: ExperimentSnapshot) => void>();
  experiments: Experiment[] = [];
  refusal: AppError | undefined;

  get watches(): number {
    return this.#listeners.size;
  }

  snapshot(): ExperimentSnapshot {
    return { experiments: [...this.experiments], health: { state: 'live' }, missingKinds: [] };
  }

  /** Makes these the cluster's experiments and tells the watchers. */
  show(...experiments: Experiment[]): void {
    this.experiments = experiments;
    this.tell(this.snapshot());
  }

  tell(snapshot: ExperimentSnapshot): void {
    for (const listener of [...this.#listeners]) listener(snapshot);
  }

  list(): Promise<ExperimentSnapshot> {
    return Promise.resolve(this.snapshot());
  }

  watch(listener: (snapshot: ExperimentSnapshot) => void): { dispose(): void } {
    this.#listeners.add(listener);
    this.calls.push('watch');
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  get(ref: { name: string }): Promise<ChaosObject | undefined> {
    this.calls.push(`get ${ref.name}`);
    return Promise.resolve(this.experiments.find((one) => one.ref.name === ref.name)?.object);
  }

  dryRun(manifest: ChaosObject): Promise<ChaosObject> {
    this.calls.push('dryRun');
    return this.refusal ? Promise.reject(this.refusal) : Promise.resolve(manifest);
  }

  create(manifest: ChaosObject): Promise<Experiment> {
    this.calls.push('create');
    const made = chaosObject({
      name: manifest.metadata.name ?? '',
      kind: manifest.kind,
      spec: manifest.spec,
      noStatus: true,
    });
    return Promise.resolve(toExperiment(made));
  }

  setPaused(ref: { name: string }, paused: boolean): Promise<void> {
    this.calls.push(`${paused ? 'pause' : 'resume'} ${ref.name}`);
    return Promise.resolve();
  }

  mark(ref: { name: string }): Promise<void> {
    this.calls.push(`mark ${ref.name}`);
    return Promise.resolve();
  }

  delete(ref: { name: string }): Promise<void> {
    this.calls.push(`delete ${ref.name}`);
    return this.refusal ? Promise.reject(this.refusal) : Promise.resolve();
  }

  forceClean(): Promise<void> {
    return Promise.resolve();
  }

  removeFinalizers(ref: { name: string }): Promise<void> {
    this.calls.push(`removeFinalizers ${ref.name}`);
    return Promise.resolve();
  }

  events(): Promise<[]> {
    return Promise.resolve([]);
  }
}
