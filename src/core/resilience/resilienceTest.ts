import { AppError, toAppError } from '../base/errors';
import { sleep, untilAborted } from '../time/waiting';
import type { StopReport } from '../injection/injection';
import type { ScenarioPlan } from '../scenario/planScenario';
import { mayAbort, type Expectation, type SampleSource } from '../scenario/expectation';
import { judgeMetric, judgePods, judgeRecovery, type Phases } from './judge';
import { DiagnosisLooks } from './diagnosisLooks';
import { PodLooks } from './podLooks';
import { judgeDiagnosis, type InjectedFault } from './judgeDiagnosis';
import type { FaultRun, TestWorld } from './testWorld';
import { verdictOf, type Outcome, type Verdict } from './outcome';
import type { Samples } from './samples';

/** How a test is run. */
export interface TestOptions {
  /** Injects even where the database is not in its steady state. */
  force?: boolean;
  /** Ends everything of the scenario when aborted. */
  signal?: AbortSignal;
  onProgress?: (message: string) => void;
  onOutcomes?: (outcomes: readonly Outcome[]) => void;
}

/** What a test came to. */
export interface TestResult {
  verdict: Verdict;
  /** Why it was aborted, or why nothing was injected. */
  reason: string | undefined;
  outcomes: readonly Outcome[];
  phases: Phases;
  /** What could not be stopped: it may still be running. */
  left: StopReport['failed'];
}

/** The steady state is judged by the samples of this long before the first fault. */
export const STEADY_MS = 5 * 60_000;
/** The shortest steady state, where a fault has ended just before. */
const SHORTEST_STEADY_MS = 90_000;
/** So long after a fault the database is not taken for steady yet. */
const SETTLING_MS = 30_000;
/** How often samples are looked at while faults are running. */
const LOOK_EVERY_MS = 2000;
/** A guard that has seen nothing for this long cannot see, and ends the faults. */
export const BLIND_MS = 30_000;
/** How long after its duration a fault may take to end. */
const LATE_MS = 60_000;
/** Nothing acts any more: the last look may take its time, the diagnosis of a long fault needs it. */
const LAST_LOOK_MS = 120_000;
/** A recovery is watched for as long as the longest expectation asks, and for this long where none does. */
const USUAL_RECOVERY_MS = 60_000;

/**
 * Runs the faults of a plan against its expectations: the steady state first, then the faults with the expectations
 * judged as samples come, then the recovery. Rejects where the steady state cannot be looked at; once something was
 * injected it always resolves.
 */
export async function runResilienceTest(
  plan: ScenarioPlan,
  expectations: readonly Expectation[],
  world: TestWorld,
  options: TestOptions = {},
): Promise<TestResult> {
  return new ResilienceTest(plan, expectations, world, options).run();
}

/** Judges the steady state as a test would before its faults, and injects nothing; `unsteady` says what is against it. */
export async function lookAtSteadyState(
  plan: ScenarioPlan,
  expectations: readonly Expectation[],
  world: TestWorld,
  signal?: AbortSignal,
): Promise<{ unsteady: string | undefined; outcomes: readonly Outcome[] }> {
  return new ResilienceTest(plan, expectations, world, signal ? { signal } : {}).lookBefore();
}

class ResilienceTest {
  readonly #plan: ScenarioPlan;
  readonly #expectations: readonly Expectation[];
  readonly #world: TestWorld;
  readonly #options: TestOptions;
  readonly #phases: Phases;
  readonly #pods: PodLooks;
  readonly #diagnoses: DiagnosisLooks;
  #run: FaultRun | undefined;
  #outcomes: readonly Outcome[] = [];
  /** The newest moment at which each aborting expectation could be judged. */
  #seenAt: number;

  constructor(plan: ScenarioPlan, expectations: readonly Expectation[], world: TestWorld, options: TestOptions) {
    this.#plan = plan;
    this.#expectations = expectations;
    this.#world = world;
    this.#options = options;
    this.#pods = new PodLooks(world);
    this.#diagnoses = new DiagnosisLooks(world, options.signal ?? new AbortController().signal);
    const now = world.clock.now();
    this.#seenAt = now;
    this.#phases = {
      before: { fromMs: now - STEADY_MS, toMs: now },
      faultFromMs: undefined,
      faultToMs: undefined,
      endMs: undefined,
    };
  }

  /**
   * Takes as the steady state only what was after the last fault, which is waited for; resolves with the reason where a
   * fault acts already.
   */
  async #findCalm(signal: AbortSignal, wait: boolean): Promise<string | undefined> {
    const { clock } = this.#world;
    const calm = await this.#world.calmSince(signal);
    if (calm === Infinity) return 'Another fault is running. Nothing was injected.';
    const fromMs = calm + SETTLING_MS;
    const restMs = fromMs + SHORTEST_STEADY_MS - clock.now();
    if (!wait && restMs > 0) return 'A fault ended only just now: the database has not settled yet.';
    if (restMs > 0) {
      this.#options.onProgress?.('Waiting until the database has settled after the last fault …');
      await sleep(clock, restMs, signal);
    }
    const toMs = clock.now();
    this.#phases.before = { fromMs: Math.min(toMs, Math.max(fromMs, toMs - STEADY_MS)), toMs };
    return undefined;
  }

  /** Loads the detector and asks it once: what cannot be judged is not injected either. */
  async #mustDiagnose(signal: AbortSignal): Promise<void> {
    if (!this.#has('diagnosis')) return;
    const toMs = this.#phases.before.toMs;
    await untilAborted(this.#world.diagnoses({ fromMs: toMs - 2 * BLIND_MS, toMs }, signal), signal);
  }

  async lookBefore(): Promise<{ unsteady: string | undefined; outcomes: readonly Outcome[] }> {
    const running = await this.#findCalm(this.#options.signal ?? new AbortController().signal, false);
    await this.#look(this.#options.signal);
    return { unsteady: running ?? this.#unsteady(), outcomes: this.#outcomes };
  }

  async run(): Promise<TestResult> {
    const { clock, log } = this.#world;
    const { signal = new AbortController().signal, force = false, onProgress } = this.#options;
    signal.throwIfAborted();
    const running = await this.#findCalm(signal, true);
    onProgress?.('Checking the steady state …');
    await this.#look(signal);
    await this.#mustDiagnose(signal);
    await this.#pods.begin(signal);
    const unsteady = running ?? this.#unsteady();
    if (unsteady !== undefined && !force) return this.#result('inconclusive', unsteady);
    signal.throwIfAborted();
    onProgress?.('Injecting the faults …');
    this.#run = this.#world.start();
    this.#seenAt = clock.now();
    const reason = await this.#watch(signal);
    if (reason !== undefined) {
      log.warn(`resilience test ${this.#plan.scenario.name}: aborted: ${reason}`);
      onProgress?.('Ending the faults …');
      const { failed } = await this.#world.stop();
      this.#phases.faultToMs = clock.now();
      this.#phases.endMs = clock.now();
      await this.#lookForTheLast();
      return { ...this.#result('aborted', reason), left: failed };
    }
    const isOver = await this.#untilOver(signal);
    this.#phases.faultToMs = clock.now();
    onProgress?.('Watching the recovery …');
    const cancelled = await this.#recover(signal);
    this.#phases.endMs = clock.now();
    await this.#lookForTheLast();
    if (cancelled) return this.#result('aborted', 'Cancelled during the recovery.');
    const { state, reason: why } = this.#run;
    if (state === 'stopped') return this.#result('aborted', String(why ?? 'The scenario was stopped.'));
    if (!isOver) return this.#result('inconclusive', 'A fault was still running a minute after its planned end.');
    // A step that was not injected leaves its expectations without a meaning.
    return state === 'done'
      ? this.#result(verdictOf(this.#outcomes, false), undefined)
      : this.#result('inconclusive', String(why ?? 'Not every step was injected.'));
  }

  /** Watches until the faults have ended; resolves with the reason to end them before, undefined where there is none. */
  async #watch(signal: AbortSignal): Promise<string | undefined> {
    const run = this.#run as FaultRun;
    const { clock } = this.#world;
    const ended = new AbortController();
    void run.ended.then(() => ended.abort());
    const guards = this.#expectations.filter(mayAbort);
    while (!ended.signal.aborted) {
      await sleep(clock, LOOK_EVERY_MS, AbortSignal.any([signal, ended.signal])).catch(() => undefined);
      if (signal.aborted) return 'Cancelled.';
      if (run.steps.some(({ ref }) => ref)) this.#phases.faultFromMs ??= clock.now();
      // A server that never answers must not blind the guard: it is left after the time that it may be blind.
      const timeout = new AbortController();
      const timer = clock.after(BLIND_MS, () => timeout.abort());
      await this.#look(AbortSignal.any([signal, timeout.signal])).catch((thrown: unknown) =>
        this.#world.log.debug(`resilience test: ${toAppError(thrown).message}`),
      );
      timer.dispose();
      if (signal.aborted) return 'Cancelled.';
      const broken = this.#outcomes.find(
        ({ name, brokenAt }) => brokenAt !== undefined && guards.some((one) => one.name === name),
      );
      if (broken) return `"${broken.name}" failed: ${broken.seen}`;
      if (guards.length > 0 && !ended.signal.aborted && clock.now() - this.#seenAt >= BLIND_MS)
        return 'The expectations that guard the faults could not be judged: no new samples.';
    }
    return undefined;
  }

  /** Chaos Mesh takes a fault back some time after its duration: waits for that; false where it takes too long. */
  async #untilOver(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#world;
    const until = clock.now() + LATE_MS;
    while (!signal.aborted && clock.now() < until) {
      if ((await this.#world.calmSince(signal).catch(() => Infinity)) !== Infinity) return true;
      await sleep(clock, LOOK_EVERY_MS, signal).catch(() => undefined);
    }
    return false;
  }

  /** Waits until everything is judged, or for as long as a recovery may take; true where it was cancelled. */
  async #recover(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#world;
    const asked = this.#expectations.flatMap((one) => (one.kind === 'recovery' ? [one.withinMs] : []));
    const watched = this.#expectations.some(
      (one) => one.kind === 'metric' && (one.during === 'recovery' || one.during === 'always'),
    );
    const longest = Math.max(0, ...asked, ...(watched ? [USUAL_RECOVERY_MS] : [])) + BLIND_MS;
    const until = clock.now() + longest;
    for (;;) {
      await this.#look(signal).catch(() => undefined);
      if (signal.aborted) return true;
      const open = this.#outcomes.filter(({ state }) => state === 'pending');
      const recovering = open.some(({ name }) =>
        this.#expectations.some((one) => one.name === name && one.kind === 'recovery'),
      );
      if (clock.now() >= until || (!recovering && !watched)) return false;
      await sleep(clock, LOOK_EVERY_MS, signal).catch(() => undefined);
    }
  }

  /** Judges what is known at the end: what could not be looked at any more is inconclusive, with the reason. */
  async #lookForTheLast(): Promise<void> {
    const { clock, log } = this.#world;
    const timeout = new AbortController();
    const timer = clock.after(LAST_LOOK_MS, () => timeout.abort(new AppError('timeout', 'Prometheus did not answer.')));
    try {
      await this.#look(timeout.signal);
    } catch (thrown) {
      const { message } = toAppError(thrown);
      log.warn(`resilience test: the last look failed: ${message}`);
      this.#outcomes = this.#outcomes.map((one) =>
        one.state === 'pending' ? { ...one, state: 'inconclusive', seen: message } : one,
      );
      this.#options.onOutcomes?.(this.#outcomes);
    } finally {
      timer.dispose();
    }
  }

  /** Fetches what is new and judges everything anew. */
  async #look(signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.#world;
    const abort = signal ?? new AbortController().signal;
    const span = { fromMs: this.#phases.before.fromMs, toMs: this.#phases.endMs ?? clock.now() };
    const sources = this.#expectations.flatMap((one) => ('source' in one ? [one.source] : []));
    const { faultFromMs, endMs } = this.#phases;
    const diagnosed =
      this.#has('diagnosis') && faultFromMs !== undefined ? { ...span, fromMs: faultFromMs } : undefined;
    if (diagnosed && endMs === undefined) this.#diagnoses.ask(diagnosed);
    const [series] = await Promise.all([
      sources.length === 0 ? [] : untilAborted(this.#world.samples(sources, span, abort), abort),
      this.#has('pods') && this.#run !== undefined ? this.#pods.count(abort) : undefined,
      diagnosed && endMs !== undefined ? this.#diagnoses.askForTheLast(diagnosed, abort) : undefined,
    ]);
    const bySource = new Map(sources.map((source, i) => [source, series[i] as Samples]));
    this.#outcomes = this.#expectations.map((one) => this.#judge(one, bySource, span.toMs));
    this.#seenAt = Math.max(this.#seenAt, this.#judgedUntil(bySource));
    this.#options.onOutcomes?.(this.#outcomes);
  }

  #judge(one: Expectation, series: ReadonlyMap<SampleSource, Samples>, nowMs: number): Outcome {
    switch (one.kind) {
      case 'metric':
        return judgeMetric(one, series.get(one.source) as Samples, this.#phases, nowMs);
      case 'recovery':
        return judgeRecovery(one, series.get(one.source) as Samples, this.#phases, nowMs);
      case 'diagnosis':
        return judgeDiagnosis(one, this.#faults(), this.#diagnoses.samples, this.#phases);
      case 'pods':
        return judgePods(one, this.#pods.of(one.count), this.#phases.endMs !== undefined);
    }
  }

  /** The newest moment at which every guard has a sample. */
  #judgedUntil(series: ReadonlyMap<SampleSource, Samples>): number {
    const newest = this.#expectations.filter(mayAbort).map((one) => {
      if (one.kind === 'pods') return this.#pods.newest;
      const samples = 'source' in one ? series.get(one.source) : undefined;
      if (!samples) return -Infinity;
      for (let i = samples.timestamps.length - 1; i >= 0; i -= 1)
        if (Number.isFinite(samples.values[i])) return samples.timestamps[i] as number;
      return -Infinity;
    });
    return newest.length === 0 ? this.#world.clock.now() : Math.min(...newest);
  }

  #has(kind: Expectation['kind']): boolean {
    return this.#expectations.some((one) => one.kind === kind);
  }

  #faults(): InjectedFault[] {
    const start = this.#phases.faultFromMs;
    return this.#plan.steps.flatMap(({ index, offsetMs, injection }) =>
      injection.targets.map(({ pod }) => ({
        node: pod,
        type: injection.type,
        fromMs: this.#run?.steps[index]?.ref && start !== undefined ? start + offsetMs : undefined,
      })),
    );
  }

  /** What says that the database is not in its steady state; undefined where it is. */
  #unsteady(): string | undefined {
    const bad = this.#outcomes.find(
      ({ name, state }) =>
        this.#expectations.some((one) => one.name === name && 'source' in one) &&
        (state === 'failed' || state === 'inconclusive'),
    );
    return bad && `The database is not in its steady state: "${bad.name}": ${bad.seen} Nothing was injected.`;
  }

  #result(verdict: Verdict, reason: string | undefined): TestResult {
    return { verdict, reason, outcomes: this.#outcomes, phases: this.#phases, left: [] };
  }
}
