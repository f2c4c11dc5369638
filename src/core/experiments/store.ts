import { Emitter } from '../base/emitter';
import type { Experiment, ExperimentPhase } from './experiment';
import { derivePhase, isActive } from './phase';
import type { ExperimentSpan } from './spans';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { ExperimentGateway, ExperimentSnapshot } from './gateway';
import { updateSpans } from './spans';

/** What a store needs. */
export interface ExperimentStoreOptions {
  gateway: ExperimentGateway;
  clock: Clock;
  /** When experiments acted that ended before: they stay on the charts. */
  past?: readonly ExperimentSpan[];
  /** How long the watch stays after the last subscriber has left, milliseconds. */
  lingerMs?: number;
  /** How often phases that change with the time alone are looked at, milliseconds. */
  tickMs?: number;
}

/**
 * One watch of the cluster's experiments, shared by all who subscribe. It starts with the first subscriber and stops a
 * minute after the last has left, unless an experiment of ours still acts.
 */
export class ExperimentStore implements Disposable {
  readonly #gateway: ExperimentGateway;
  readonly #clock: Clock;
  readonly #lingerMs: number;
  readonly #tickMs: number;
  readonly #listeners = new Emitter<ExperimentSnapshot>();
  readonly #observers = new Emitter<ExperimentSnapshot>();
  #snapshot: ExperimentSnapshot = { experiments: [], health: { state: 'connecting' }, missingKinds: [] };
  #spans: readonly ExperimentSpan[] = [];
  #phases = '';
  #watch: Disposable | undefined;
  #tick: Disposable | undefined;
  #linger: Disposable | undefined;
  #relisting = false;
  #disposed = false;

  constructor(options: ExperimentStoreOptions) {
    this.#gateway = options.gateway;
    this.#clock = options.clock;
    this.#spans = options.past ?? [];
    this.#lingerMs = options.lingerMs ?? 60_000;
    this.#tickMs = options.tickMs ?? 5_000;
  }

  /** The newest list; stays as it was while the watch is stopped. */
  get snapshot(): ExperimentSnapshot {
    return this.#snapshot;
  }

  /** When experiments acted, those that are gone too, oldest first. */
  get spans(): readonly ExperimentSpan[] {
    return this.#spans;
  }

  /** True while the cluster is watched. */
  get watching(): boolean {
    return this.#watch !== undefined;
  }

  /** An experiment's phase now. */
  phaseOf(experiment: Experiment): ExperimentPhase {
    return derivePhase(experiment, this.#clock.now()).phase;
  }

  /** Calls back at once with what is known, then on every change, of a phase by time alone too. */
  subscribe(listener: (snapshot: ExperimentSnapshot) => void): Disposable {
    const listening = this.#listeners.add(listener);
    this.#linger?.dispose();
    this.#linger = undefined;
    this.#start();
    if (this.#listeners.size > 0) listener(this.#snapshot); // none are left where the start disposed of this store
    return {
      dispose: () => {
        if (this.#listeners.size === 0) return;
        listening.dispose();
        if (this.#listeners.size === 0) this.#lingerThenStop();
      },
    };
  }

  /** Calls back on every change while others keep the watch going; does not start or hold it. */
  observe(listener: (snapshot: ExperimentSnapshot) => void): Disposable {
    return this.#observers.add(listener);
  }

  /** Lists anew and watches from there, where the cluster is watched; what is known stays shown until the new list is there. */
  relist(): void {
    if (!this.#watch) return;
    this.#watch.dispose();
    this.#relisting = true;
    this.#watch = this.#gateway.watch((snapshot) => this.#heard(snapshot));
  }

  dispose(): void {
    this.#disposed = true;
    this.#listeners.clear();
    this.#observers.clear();
    this.#linger?.dispose();
    this.#stop();
  }

  #start(): void {
    if (this.#watch || this.#disposed) return;
    this.#watch = this.#gateway.watch((snapshot) => this.#heard(snapshot));
    this.#scheduleTick();
  }

  #stop(): void {
    this.#watch?.dispose();
    this.#tick?.dispose();
    this.#watch = this.#tick = this.#linger = undefined;
    this.#relisting = false;
  }

  #lingerThenStop(): void {
    if (this.#disposed || !this.#watch) return;
    this.#linger = this.#clock.after(this.#lingerMs, () => {
      const acting = this.#snapshot.experiments.some((one) => one.ours && isActive(this.phaseOf(one)));
      if (acting) this.#lingerThenStop();
      else this.#stop();
    });
  }

  #heard(snapshot: ExperimentSnapshot): void {
    if (this.#relisting && snapshot.health.state === 'connecting') return;
    this.#relisting = false;
    this.#update(snapshot);
  }

  #update(snapshot: ExperimentSnapshot): void {
    if (this.#disposed) return;
    this.#snapshot = snapshot;
    // Nothing is known about what is no longer listed while the list itself is missing.
    const known = snapshot.health.state === 'live' || snapshot.experiments.length > 0;
    if (known) this.#spans = updateSpans(this.#spans, snapshot.experiments, this.#clock.now());
    this.#phases = this.#phasesNow();
    this.#listeners.emit(snapshot);
    this.#observers.emit(snapshot);
  }

  #scheduleTick(): void {
    this.#tick = this.#clock.after(this.#tickMs, () => {
      this.#scheduleTick();
      if (this.#phasesNow() !== this.#phases) this.#update({ ...this.#snapshot });
    });
  }

  #phasesNow(): string {
    return this.#snapshot.experiments.map((one) => this.phaseOf(one)).join();
  }
}
