import { Emitter } from '../base/emitter';
import type { Experiment, ExperimentPhase } from './experiment';
import { derivePhase, isActive } from './phase';
import type { ExperimentSpan } from './spans';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { isUnseen, type ExperimentGateway, type ExperimentSnapshot } from './gateway';
import { updateSpans } from './spans';

/** What a store needs. */
export interface ExperimentStoreOptions {
  gateway: ExperimentGateway;
  clock: Clock;
  /** Spans of experiments that ended earlier; they stay on the charts. */
  past?: readonly ExperimentSpan[];
  /** How long the watch stays after the last subscriber has left, milliseconds. */
  lingerMs?: number;
  /** How often to check for phases that change with time alone, milliseconds. */
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
  /** When the snapshot was up to date, if it comes from an earlier watch. */
  #trueAt: number | undefined;
  #disposed = false;

  constructor(options: ExperimentStoreOptions) {
    this.#gateway = options.gateway;
    this.#clock = options.clock;
    this.#spans = options.past ?? [];
    this.#lingerMs = options.lingerMs ?? 60_000;
    this.#tickMs = options.tickMs ?? 5_000;
  }

  /** The newest list; unchanged while the watch is stopped. */
  get snapshot(): ExperimentSnapshot {
    return this.#snapshot;
  }

  /** The spans of all experiments, including those that are gone, oldest first. */
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

  /** Calls back at once with the current snapshot, then on every change, including phases that change with time alone. */
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

  /** If the cluster is watched, lists it again and watches from there; each kind keeps its experiments until it is listed. */
  relist(): void {
    if (!this.#watch) return;
    this.#leave();
    this.#relisting = true;
    this.#listen();
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
    this.#listen();
    this.#scheduleTick();
  }

  #listen(): void {
    this.#watch = this.#gateway.watch((snapshot) => this.#heard(snapshot), this.#snapshot.experiments);
  }

  /** Stops the watch; the snapshot stays as it is until the next watch. */
  #leave(): void {
    const { health } = this.#snapshot;
    this.#trueAt ??= health.state === 'live' ? this.#clock.now() : health.state === 'stale' ? health.since : undefined;
    this.#watch?.dispose();
  }

  #stop(): void {
    this.#leave();
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
    const { health } = snapshot;
    if (health.state === 'live') this.#trueAt = undefined;
    if (health.state !== 'stale') return this.#update(snapshot);
    this.#update({ ...snapshot, health: { ...health, since: Math.min(health.since, this.#trueAt ?? Infinity) } });
  }

  #update(snapshot: ExperimentSnapshot): void {
    if (this.#disposed) return;
    this.#snapshot = snapshot;
    // Of what is not listed nothing is known while a list is missing, or where it may not be looked.
    const removed = new Set(snapshot.removed?.map(({ key }) => key));
    const isGone = ({ key, ref }: ExperimentSpan): boolean =>
      removed.has(key) || (snapshot.health.state === 'live' && !isUnseen(snapshot, ref));
    this.#spans = updateSpans(this.#spans, snapshot.experiments, this.#clock.now(), undefined, isGone);
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
