import { msg, type Text } from '../base/text';
import { Emitter } from '../base/emitter';
import { formatDuration } from '../time/duration';
import { AppError, toAppError } from '../base/errors';
import type { ChaosObject, Experiment, ExperimentRef } from '../experiments/experiment';
import type { ExperimentStore } from '../experiments/store';
import { toManifest } from '../injection/manifest';
import type { InjectionPolicy } from '../injection/policy';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { Log } from '../base/log';
import type { ExperimentSnapshot } from '../experiments/gateway';
import { isUnsure } from '../injection/reliableRequests';
import { fullNameOf } from '../experiments/find';
import type { StopReport, WaitOptions } from '../injection/injection';
import { markIn, markOf, withMark, type ScenarioMark } from './mark';
import type { PlannedStep, ScenarioPlan } from './planScenario';

/** What a run injects and stops with; the injection service is one. */
export interface ScenarioInjector {
  injectManifest(manifest: ChaosObject, policy: InjectionPolicy, options?: WaitOptions): Promise<Experiment>;
  stopAll(refs: readonly ExperimentRef[], options?: WaitOptions): Promise<StopReport>;
}

/** What a run needs. */
export interface ScenarioRunParts {
  injector: ScenarioInjector;
  store: ExperimentStore;
  /** The cluster's time. */
  clock: Clock;
  log: Log;
  random?: () => number;
}

/** What has become of a step. `injecting` and later have, or may have, an experiment in the cluster. */
type StepState = 'waiting' | 'injecting' | 'running' | 'done' | 'failed' | 'cancelled';

/** A step of a run. */
export interface StepProgress {
  state: StepState;
  ref: ExperimentRef | undefined;
  /** When its experiment was, or may have been, created; epoch milliseconds of the cluster's clock. */
  createdAt: number | undefined;
  /** Why it failed. */
  error: AppError | undefined;
}

/** The state of a run. `abandoned`: waiting steps no longer start, active ones continue to their end. */
export type RunState = 'running' | 'stopping' | 'done' | 'failed' | 'stopped' | 'abandoned';

/** A step that is later than this is not started any more. */
const TOO_LATE_MS = 60_000;

/**
 * One start of a scenario: injects each step at its time, and none after the first failure where the scenario says so.
 * Each experiment has a duration of its own, so that nothing acts for ever whatever becomes of the run.
 */
export class ScenarioRun implements Disposable {
  readonly mark: ScenarioMark;
  readonly plan: ScenarioPlan;
  /** Resolves when no step waits, acts or is being stopped. */
  readonly ended: Promise<void>;
  readonly #parts: ScenarioRunParts;
  readonly #policy: () => InjectionPolicy;
  readonly #steps: StepProgress[] = [];
  /** What starts steps, and what ends them. */
  readonly #starts = new Set<Disposable>();
  readonly #ends = new Set<Disposable>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #listeners = new Emitter();
  readonly #aborted = new AbortController();
  readonly #watching: Disposable;
  readonly #seen = new Set<string>();
  #state: RunState = 'running';
  #reason: Text | undefined;
  #left: StopReport['failed'] = [];
  #end: () => void = () => undefined;

  /** Starts at once; the plan must have no problems. `policy` is asked before each step. */
  constructor(plan: ScenarioPlan, run: string, policy: () => InjectionPolicy, parts: ScenarioRunParts) {
    const [problem] = plan.problems;
    if (problem) throw new AppError('invalid', problem.message, { hint: 'Nothing was changed in the cluster.' });
    this.plan = plan;
    this.#parts = parts;
    this.#policy = policy;
    this.mark = markOf(plan, run, parts.clock.now());
    this.ended = new Promise((resolve) => (this.#end = resolve));
    for (const { index } of plan.steps)
      this.#steps[index] = { state: 'waiting', ref: undefined, createdAt: undefined, error: undefined };
    this.#watching = parts.store.subscribe((snapshot) => this.#look(snapshot));
    for (const step of plan.steps) this.#at(this.#starts, step.offsetMs, () => this.#begin(step));
  }

  get state(): RunState {
    return this.#state;
  }

  /** Why it did not end as planned; undefined where there is nothing to say. */
  get reason(): Text | undefined {
    return this.#reason;
  }

  /** What its last stop could not stop: it may still act. */
  get left(): StopReport['failed'] {
    return this.#left;
  }

  /** By the steps' places in the scenario. */
  get steps(): readonly StepProgress[] {
    return this.#steps;
  }

  /** True while it starts steps, or takes them back. */
  get isActive(): boolean {
    return this.#state === 'running' || this.#state === 'stopping';
  }

  /** Calls back on every change. */
  onChange(listener: () => void): Disposable {
    return this.#listeners.add(listener);
  }

  /** Starts nothing more and deletes every experiment of this run, also one that is just being created. Rejects never. */
  async stop(options: WaitOptions = {}): Promise<StopReport> {
    return this.#stop('stopped', undefined, options);
  }

  /** Starts nothing more; active experiments continue to their end. For a window that closes. */
  abandon(reason?: Text): void {
    if (this.#state !== 'running') return;
    this.#cancelWaiting();
    this.#aborted.abort();
    this.#settle('abandoned', reason);
  }

  dispose(): void {
    this.abandon();
  }

  #at(timers: Set<Disposable>, offsetMs: number, work: () => void): void {
    const { clock } = this.#parts;
    const timer = clock.after(Math.max(0, this.mark.startedAt + offsetMs - clock.now()), () => {
      timers.delete(timer);
      work();
    });
    timers.add(timer);
  }

  #begin(step: PlannedStep): void {
    const progress = this.#steps[step.index] as StepProgress;
    if (this.#state !== 'running' || progress.state !== 'waiting') return;
    const lateMs = this.#parts.clock.now() - this.mark.startedAt - step.offsetMs;
    // The machine slept: what was planned one after the other would begin all at once.
    if (lateMs > TOO_LATE_MS)
      return this.abandon(msg`Step "${step.name}" was due ${formatDuration(Math.floor(lateMs / 1000) * 1000)} ago.`);
    progress.state = 'injecting';
    this.#tell();
    const work = this.#inject(step, progress).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  async #inject(step: PlannedStep, progress: StepProgress): Promise<void> {
    const { injector, clock, log, random } = this.#parts;
    const manifest = withMark(toManifest(step.injection, random), this.mark, step.index);
    let sentAt: number | undefined;
    try {
      const experiment = await injector.injectManifest(manifest, this.#policy(), {
        signal: this.#aborted.signal,
        onSending: () => (sentAt = clock.now()),
        onCreated: ({ ref, createdAt }) => {
          progress.ref = ref;
          progress.createdAt = createdAt || sentAt;
          this.#tell();
        },
      });
      if (!this.isActive) return;
      progress.state = 'running';
      const endsAt = (experiment.createdAt || clock.now()) + step.durationMs;
      if (this.#state === 'running') this.#at(this.#ends, endsAt - this.mark.startedAt, () => this.#over(progress));
    } catch (thrown) {
      const error = toAppError(thrown);
      const { kind, metadata } = manifest;
      // It may be there in spite of the error: it is looked for by its name when all is taken back.
      if (!progress.ref && sentAt !== undefined && isUnsure(error)) {
        progress.ref = { kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
        progress.createdAt = sentAt;
      }
      if (error.code === 'cancelled' || this.#state !== 'running') {
        if (progress.state === 'injecting') progress.state = progress.ref ? 'running' : 'cancelled';
        return;
      }
      progress.state = 'failed';
      progress.error = error;
      log.warn(`scenario ${this.mark.name}: step ${step.name} failed: ${error.message}`);
      if (this.plan.scenario.onFailure === 'stop') {
        const reason = msg`Step "${step.name}" failed, so the scenario was stopped. ${error.text}`;
        // Not waited for: this very step is among those that are waited for.
        queueMicrotask(() => void this.#stop('failed', reason));
      }
    } finally {
      this.#tell();
      this.#endIfOver();
    }
  }

  #over(progress: StepProgress): void {
    if (progress.state === 'running') progress.state = 'done';
    this.#tell();
    this.#endIfOver();
  }

  #endIfOver(): void {
    if (this.#state !== 'running') return;
    if (this.#steps.some(({ state }) => state === 'waiting' || state === 'injecting' || state === 'running')) return;
    const failed = this.#steps.find(({ state }) => state === 'failed');
    if (failed && this.plan.scenario.onFailure === 'stop') return; // the stop is on its way
    const cancelled = this.#steps.some(({ state }) => state === 'cancelled');
    this.#settle(failed ? 'failed' : cancelled ? 'stopped' : 'done', failed?.error?.text);
  }

  async #stop(as: RunState, reason: Text | undefined, options: WaitOptions = {}): Promise<StopReport> {
    if (this.#state !== 'running') {
      await this.ended;
      if (as !== 'stopped') return { stopped: [], failed: [] };
    } else {
      this.#state = 'stopping';
      this.#reason = reason;
      this.#cancelWaiting();
      this.#aborted.abort();
      this.#tell();
      // A creation that is under way is waited for, so that what it creates is deleted too.
      while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    }
    const refs = this.#refs();
    const report = await this.#parts.injector.stopAll(refs, options);
    this.#left = report.failed;
    this.#settle(as, this.#reason ?? reason);
    return report;
  }

  /** Every experiment of this run: those that it knows, and those that the cluster says are its. */
  #refs(): ExperimentRef[] {
    const refs = new Map<string, ExperimentRef>();
    const add = (ref: ExperimentRef | undefined): void => {
      if (ref) refs.set(fullNameOf(ref), ref);
    };
    for (const { ref } of this.#steps) add(ref);
    for (const one of this.#own(this.#parts.store.snapshot)) add(one.ref);
    return [...refs.values()];
  }

  #own({ experiments }: ExperimentSnapshot): Experiment[] {
    return experiments.filter((one) => markIn(one)?.mark.run === this.mark.run);
  }

  /** Whoever deletes a part of the scenario, here or in another editor, does not want the rest of it to begin. */
  #look(snapshot: ExperimentSnapshot): void {
    if (this.#state !== 'running') return;
    const own = this.#own(snapshot);
    const there = new Set(own.map(({ ref }) => ref.name));
    const deleted =
      own.find(({ deletingSince }) => deletingSince !== undefined)?.ref.name ??
      (snapshot.health.state === 'live' ? [...this.#seen].find((name) => !there.has(name)) : undefined);
    for (const name of there) this.#seen.add(name);
    if (deleted === undefined || !this.#steps.some(({ state }) => state === 'waiting')) return;
    this.#cancelWaiting();
    this.#reason = msg`${deleted} was deleted, so no further steps start.`;
    this.#parts.log.info(`scenario ${this.mark.name}: ${String(this.#reason)}`);
    this.#tell();
    this.#endIfOver();
  }

  #cancelWaiting(): void {
    for (const timer of this.#starts) timer.dispose();
    this.#starts.clear();
    for (const progress of this.#steps) if (progress.state === 'waiting') progress.state = 'cancelled';
  }

  #settle(state: RunState, reason: Text | undefined): void {
    this.#state = state;
    this.#reason = reason ?? this.#reason;
    for (const timer of [...this.#starts, ...this.#ends]) timer.dispose();
    this.#watching.dispose();
    this.#end();
    this.#tell();
  }

  #tell(): void {
    this.#listeners.emit();
  }
}
