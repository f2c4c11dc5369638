import { backoffMs } from '../time/backoff';
import { Emitter } from '../base/emitter';
import { lookBackMs } from '../diagnosis/stretches';
import { noSamples, noTargets } from './emptyHealth';
import { AppError, isAbort, toAppError } from '../base/errors';
import type { ExperimentStore } from '../experiments/store';
import { analyseAll, fetchLook, NO_ANSWER, ofShown, problemsOf } from './lookFrames';
import { pastLook } from './pastLook';
import { isEmptyFrame } from '../metrics/axis';
import type { MonitorHealth, MonitorState } from './monitorState';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { Log } from '../base/log';
import type { TargetGateway } from '../cluster/databasePod';
import type { AnomalyScorer } from '../diagnosis/scorer';
import type { MetricSource } from '../metrics/source';
import type { DatabasePod, TargetQuery } from '../cluster/databasePod';
import { onAbort } from '../time/onAbort';
import { untilAborted } from '../time/waiting';

/** Watches the database: fetches frames, has them ranked and diagnosed, and notifies its subscribers. Works only while it has subscribers and is live. */
export interface Monitor extends Disposable {
  readonly state: MonitorState;
  /** How far every diagnosis looks back, and its step, milliseconds. */
  readonly configured: { readonly windowMs: number; readonly stepMs: number };
  /** Calls back with the current state at once and on every change. */
  subscribe(listener: (state: MonitorState) => void): Disposable;
  /** Calls back on every change while others keep the monitor running; does not start it. */
  observe(listener: (state: MonitorState) => void): Disposable;
  /** Changes the range, and aborts the current query. */
  setRange(windowMs: number, stepMs: number): void;
  /** While paused, keeps its data and queries nothing. */
  setLive(live: boolean): void;
  /** The state at the end of a past range; does not change the monitor. Rejects with AppError. */
  past(stretch: Stretch, signal?: AbortSignal): Promise<MonitorState>;
  /** Fetches, ranks and diagnoses now; resolves with the new state. Rejects only when aborted. */
  refresh(signal?: AbortSignal): Promise<MonitorState>;
}

/** A requested past range, on whole steps; milliseconds. */
export interface Stretch {
  fromMs: number;
  toMs: number;
  stepMs: number;
}

/** What a monitor needs. All times are milliseconds. */
export interface MonitorOptions {
  targets: TargetGateway;
  query: TargetQuery;
  metrics: MetricSource;
  scorer: AnomalyScorer;
  store: ExperimentStore;
  clock: Clock;
  log: Log;
  /** The initial range. */
  windowMs: number;
  /** Step of the diagnosis, and of the initial range. */
  stepMs: number;
  refreshMs: number;
}

/** A monitor for one cluster; it does nothing until someone subscribes or requests a refresh. */
export function createMonitor(options: MonitorOptions): Monitor {
  return new ClusterMonitor(options);
}

class ClusterMonitor implements Monitor {
  readonly #options: MonitorOptions;
  readonly #listeners = new Emitter();
  readonly #observers = new Emitter();
  #state: MonitorState;
  #running: { controller: AbortController; done: Promise<MonitorState> } | undefined;
  #timer: Disposable | undefined;
  #ageing: Disposable | undefined;
  #spans: Disposable | undefined;
  #failures = 0;
  #disposed = false;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#state = {
      health: { state: 'idle' },
      source: undefined,
      targets: [],
      frame: undefined,
      ranks: undefined,
      diagnosis: undefined,
      problems: [],
      spans: options.store.spans,
      windowMs: options.windowMs,
      stepMs: options.stepMs,
      freshMs: Math.max(60_000, 3 * options.refreshMs), // one or two refreshes may be slow
      live: true,
    };
  }

  get state(): MonitorState {
    return this.#state;
  }

  get configured(): { windowMs: number; stepMs: number } {
    return { windowMs: lookBackMs(this.#options.stepMs), stepMs: this.#options.stepMs };
  }

  subscribe(listener: (state: MonitorState) => void): Disposable {
    const listening = this.#listeners.add(() => listener(this.#state));
    this.#spans ??= this.#options.store.subscribe(() => {
      if (this.#state.spans !== this.#options.store.spans) this.#set({ spans: this.#options.store.spans });
    });
    listener(this.#state);
    this.#wake();
    return {
      dispose: () => {
        if (this.#listeners.size === 0) return;
        listening.dispose();
        if (this.#listeners.size === 0) this.#rest();
      },
    };
  }

  observe(listener: (state: MonitorState) => void): Disposable {
    return this.#observers.add(() => listener(this.#state));
  }

  setRange(windowMs: number, stepMs: number): void {
    if (windowMs === this.#state.windowMs && stepMs === this.#state.stepMs) return;
    this.#abort();
    this.#set({ windowMs, stepMs });
    if (this.#listeners.size > 0) void this.#start();
  }

  setLive(live: boolean): void {
    if (live === this.#state.live) return;
    this.#set({ live });
    if (live) this.#wake();
    else {
      this.#timer?.dispose();
      this.#timer = undefined;
      this.#abort();
    }
  }

  async refresh(signal = new AbortController().signal): Promise<MonitorState> {
    signal.throwIfAborted();
    // A query in progress may be older than the caller's change, and would return the old state.
    this.#abort();
    const done = this.#start();
    const controller = this.#running?.controller;
    const listening = onAbort(signal, () => controller?.abort());
    try {
      return await this.#orNewer(done, signal);
    } finally {
      listening.dispose();
    }
  }

  /** What a query comes to; where somebody else began a newer one meanwhile, which ended it, what that one comes to. */
  async #orNewer(done: Promise<MonitorState>, signal: AbortSignal): Promise<MonitorState> {
    try {
      return await done;
    } catch (thrown) {
      const newer = this.#running?.done;
      if (!newer || newer === done || !isAbort(thrown) || signal.aborted) throw thrown;
      return untilAborted(this.#orNewer(newer, signal), signal);
    }
  }

  async past(stretch: Stretch, signal = new AbortController().signal): Promise<MonitorState> {
    const look = await pastLook(this.#options, this.configured, stretch, signal);
    const { fromMs, toMs, stepMs } = stretch;
    return { ...this.#state, ...look, spans: this.#options.store.spans, windowMs: toMs - fromMs, stepMs };
  }

  dispose(): void {
    this.#disposed = true;
    this.#listeners.clear();
    this.#observers.clear();
    this.#rest();
  }

  /** Starts polling if there are subscribers. */
  #wake(): void {
    if (this.#disposed || this.#listeners.size === 0 || !this.#state.live || this.#running || this.#timer) return;
    void this.#start();
  }

  #rest(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#ageing?.dispose();
    this.#ageing = undefined;
    this.#spans?.dispose();
    this.#spans = undefined;
    this.#abort();
  }

  #abort(): void {
    this.#running?.controller.abort();
    this.#running = undefined;
  }

  /** One refresh; the next is planned when it ends, so that refreshes never queue up. */
  #start(): Promise<MonitorState> {
    this.#timer?.dispose();
    this.#timer = undefined;
    const controller = new AbortController();
    const { windowMs, stepMs } = this.#state;
    const done = this.#look(controller.signal, windowMs, stepMs).finally(() => {
      if (this.#running?.controller !== controller) return;
      this.#running = undefined;
      this.#plan();
    });
    this.#running = { controller, done };
    done.catch(() => undefined); // refresh() reports the error to its caller; a poll has no caller
    return done;
  }

  #plan(): void {
    if (this.#disposed || this.#listeners.size === 0 || !this.#state.live) return;
    const { clock, refreshMs } = this.#options;
    const wait = this.#failures === 0 ? refreshMs : Math.max(refreshMs, backoffMs(this.#failures - 1, 120_000));
    this.#timer = clock.after(wait, () => {
      this.#timer = undefined;
      this.#wake();
    });
  }

  async #look(signal: AbortSignal, windowMs: number, stepMs: number): Promise<MonitorState> {
    const { targets: gateway, query, metrics, scorer, clock, log } = this.#options;
    if (!this.#state.frame) this.#set({ health: { state: 'loading' } });
    try {
      const targets = await untilAborted(gateway.list(query, signal), signal);
      if (targets.length === 0) {
        this.#failures = 0;
        return this.#set({
          targets,
          frame: undefined,
          ...NO_ANSWER,
          health: noTargets(query),
        });
      }
      const source = await untilAborted(metrics.describe(targets, signal), signal);
      this.#set({ targets, source });
      const now = clock.now();
      const gone = (sinceMs: number): DatabasePod[] => gateway.gone?.(query, sinceMs) ?? [];
      const range = { shown: targets, gone, windowMs, stepMs, toMs: now };
      const found = await fetchLook(metrics, range, this.configured, source.metrics.length, signal);
      const frame = found.shown;
      this.#failures = 0;
      if (isEmptyFrame(frame)) {
        return this.#set({ frame, ...NO_ANSWER, health: noSamples(source.url, query) });
      }
      const analysis = await analyseAll(scorer, found.ranked, found.moments, signal);
      const pods = new Set(targets.map(({ pod }) => pod));
      const answer = ofShown(analysis, frame, ({ node }) => pods.has(node));
      const problems = problemsOf(found.ranked, pods);
      this.#ageLater();
      const health = { state: 'live' as const, updatedAt: clock.now() };
      return this.#set({ frame, ...answer, problems, health, spans: this.#options.store.spans });
    } catch (thrown) {
      if (signal.aborted || isAbort(thrown)) throw new AppError('cancelled', 'Cancelled.');
      const error = toAppError(thrown);
      this.#failures += 1;
      log.warn(`The metrics could not be refreshed: ${error.message}`);
      return this.#set({ health: this.#failed(error) });
    }
  }

  /** Notifies subscribers again when the state becomes out of date without a refresh. */
  #ageLater(): void {
    this.#ageing?.dispose();
    this.#ageing = undefined;
    if (this.#disposed || this.#listeners.size === 0) return;
    this.#ageing = this.#options.clock.after(this.#state.freshMs + 1, () => {
      this.#ageing = undefined;
      this.#set({});
    });
  }

  /** Keeps the last good frame, marked as out of date since then. */
  #failed(error: AppError): MonitorHealth {
    const { health, frame } = this.#state;
    if (!frame) return { state: 'failed', error };
    if (health.state === 'stale') return { ...health, error };
    return {
      state: 'stale',
      since: health.state === 'live' ? health.updatedAt : (frame.timestamps.at(-1) ?? this.#options.clock.now()),
      error,
    };
  }

  #set(change: Partial<MonitorState>): MonitorState {
    this.#state = { ...this.#state, ...change };
    if (!this.#disposed) for (const told of [this.#listeners, this.#observers]) told.emit();
    return this.#state;
  }
}
