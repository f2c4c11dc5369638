import { msg, type Text } from '../base/text';
import { AppError, toAppError } from '../base/errors';
import { sleep } from '../time/waiting';
import type { ScenarioPlan } from '../scenario/planScenario';
import { mayAbort, type Expectation } from '../scenario/expectation';
import { BACK_SAMPLES, type Phases } from './judge';
import type { InjectedFault } from './judgeDiagnosis';
import { BLIND_MS, Looks } from './looks';
import { disturbed, STEADY_MS, steadySpan } from './steadyState';
import type { AbortTimes, TestLook, TestResult } from './testResult';
import type { FaultRun, TestWorld } from './testWorld';
import { verdictOf, type Outcome, type Verdict } from './outcome';

/** How a test is run. */
export interface TestOptions {
  /** Injects even where the database is not in its steady state. */
  force?: boolean;
  /** Ends everything of the scenario when aborted. */
  signal?: AbortSignal;
  onProgress?: (message: Text) => void;
  /** Called after every look with what is known by then. */
  onLook?: (seen: TestLook) => void;
}

/** How often samples are looked at while faults are running. */
const LOOK_EVERY_MS = 2000;
/** What is not answered in this time is judged at the next look. */
const ANSWERED_MS = 1000;
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
): Promise<{ unsteady: Text | undefined; outcomes: readonly Outcome[] }> {
  return new ResilienceTest(plan, expectations, world, signal ? { signal } : {}).lookBefore();
}

/** Why the faults are ended before their time. */
interface Ending {
  reason: Text;
  /** Where it is not that of an aborted test. */
  verdict?: Verdict;
  /** The guard that was broken, and when that was seen. */
  guard?: Omit<AbortTimes, 'endedAt'>;
}

class ResilienceTest {
  readonly #plan: ScenarioPlan;
  readonly #expectations: readonly Expectation[];
  readonly #world: TestWorld;
  readonly #options: TestOptions;
  readonly #signal: AbortSignal;
  readonly #phases: Phases;
  readonly #looks: Looks;
  #run: FaultRun | undefined;
  /** The newest moment at which each aborting expectation could be judged. */
  #seenAt: number;

  constructor(plan: ScenarioPlan, expectations: readonly Expectation[], world: TestWorld, options: TestOptions) {
    this.#plan = plan;
    this.#expectations = expectations;
    this.#world = world;
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
    this.#looks = new Looks(world, expectations, this.#signal);
    const now = world.clock.now();
    this.#seenAt = now;
    this.#phases = {
      before: { fromMs: now - STEADY_MS, toMs: now },
      faultFromMs: undefined,
      faultToMs: undefined,
      endMs: undefined,
    };
  }

  async lookBefore(): Promise<{ unsteady: Text | undefined; outcomes: readonly Outcome[] }> {
    const running = await this.#findCalm();
    await this.#looks.begin(this.#phases, this.#faults(), this.#signal);
    return { unsteady: running ?? this.#unsteady(), outcomes: this.#looks.outcomes };
  }

  async run(): Promise<TestResult> {
    const { clock } = this.#world;
    const { force = false, onProgress } = this.#options;
    this.#signal.throwIfAborted();
    const running = await this.#findCalm(() =>
      onProgress?.('Waiting until the database has settled after the last fault …'),
    );
    onProgress?.('Checking the steady state …');
    await this.#looks.begin(this.#phases, this.#faults(), this.#signal);
    this.#tell();
    // The look may have taken long, and others inject too.
    const unsteady = running ?? this.#unsteady() ?? (await disturbed(this.#world, this.#phases.before, this.#signal));
    if (unsteady !== undefined && !force) return this.#result('inconclusive', unsteady);
    this.#signal.throwIfAborted();
    onProgress?.('Injecting the faults …');
    this.#run = this.#world.start();
    this.#seenAt = clock.now();
    const ending = (await this.#watch(this.#run)) ?? (await this.#untilOver());
    if (ending) return this.#abort(ending);
    this.#noteFaults();
    this.#phases.faultToMs = clock.now();
    onProgress?.('Watching the recovery …');
    const cancelled = await this.#recover();
    this.#phases.endMs = clock.now();
    await this.#lookForTheLast();
    if (cancelled) return this.#result('aborted', 'Cancelled during the recovery.');
    const { state, reason } = this.#run;
    if (state === 'stopped') return this.#result('aborted', reason ?? 'The scenario was stopped.');
    const another = this.#metAnother();
    if (another !== undefined) return this.#result('inconclusive', another);
    // A step that was not injected leaves its expectations without a meaning.
    return state === 'done'
      ? this.#result(verdictOf(this.#looks.outcomes, false), undefined)
      : this.#result('inconclusive', reason ?? 'Not every step was injected.');
  }

  /** Takes what was after the last fault as the steady state; resolves with the reason where that cannot be. */
  async #findCalm(waiting?: () => void): Promise<Text | undefined> {
    const found = await steadySpan(this.#world, this.#signal, waiting);
    if ('reason' in found) return found.reason;
    this.#phases.before = found.span;
    return undefined;
  }

  /** Watches until the faults have ended; resolves with the reason to end them before, undefined where there is none. */
  async #watch(run: FaultRun): Promise<Ending | undefined> {
    const { clock } = this.#world;
    const ended = new AbortController();
    void run.ended.then(() => ended.abort());
    let next = clock.now() + LOOK_EVERY_MS;
    while (!ended.signal.aborted) {
      await sleep(clock, Math.max(0, next - clock.now()), AbortSignal.any([this.#signal, ended.signal])).catch(
        () => undefined,
      );
      if (this.#signal.aborted) return { reason: 'Cancelled.' };
      next = clock.now() + LOOK_EVERY_MS;
      const ending = await this.#lookAtGuards(ended.signal);
      if (ending) return ending;
    }
    return undefined;
  }

  /** Looks once while faults act; resolves with the reason to end them. After their end nothing is missed by blindness. */
  async #lookAtGuards(ended?: AbortSignal): Promise<Ending | undefined> {
    const { clock } = this.#world;
    const guards = this.#expectations.filter(mayAbort);
    this.#noteFaults();
    await this.#looks.glance(this.#phases, this.#faults(), this.#signal, ANSWERED_MS);
    this.#tell();
    if (this.#signal.aborted) return { reason: 'Cancelled.' };
    for (const { name, seen, brokenAt } of this.#looks.outcomes)
      if (brokenAt !== undefined && guards.some((one) => one.name === name))
        return { reason: msg`"${name}" failed: ${seen}`, guard: { name, brokenAt, seenAt: clock.now() } };
    this.#seenAt = Math.max(this.#seenAt, this.#looks.guardedUntil);
    if (guards.length > 0 && !ended?.aborted && clock.now() - this.#seenAt >= BLIND_MS)
      return { reason: 'The expectations that guard the faults could not be judged: no new samples.' };
    return undefined;
  }

  /** Ends everything of the scenario before its time. */
  async #abort({ reason, guard, verdict = 'aborted' }: Ending): Promise<TestResult> {
    const { clock, log } = this.#world;
    log.warn(`resilience test ${this.#plan.scenario.name}: ${verdict}: ${String(reason)}`);
    this.#options.onProgress?.('Ending the faults …');
    const { failed } = await this.#world.stop();
    const endedAt = clock.now();
    this.#noteFaults();
    Object.assign(this.#phases, { faultToMs: endedAt, endMs: endedAt });
    await this.#lookForTheLast();
    const result = { ...this.#result(verdict, reason), left: failed };
    return guard ? { ...result, abort: { ...guard, endedAt } } : result;
  }

  /**
   * Chaos Mesh takes a fault back some time after its duration: until then it acts, and is guarded. Resolves with the
   * reason to end it where it takes too long.
   */
  async #untilOver(): Promise<Ending | undefined> {
    const { clock } = this.#world;
    const until = clock.now() + LATE_MS;
    for (;;) {
      if ((await this.#world.calmSince(this.#signal).catch(() => Infinity)) !== Infinity) return undefined;
      if (clock.now() >= until)
        return {
          reason: this.#metAnother() ?? 'A fault was still running a minute after its planned end.',
          verdict: 'inconclusive',
        };
      await sleep(clock, LOOK_EVERY_MS, this.#signal).catch(() => undefined);
      const ending = this.#signal.aborted ? { reason: 'Cancelled.' } : await this.#lookAtGuards();
      if (ending) return ending;
    }
  }

  /** Waits until everything is judged, or for as long as a recovery may take; true where it was cancelled. */
  async #recover(): Promise<boolean> {
    const { clock } = this.#world;
    const asked = this.#expectations.flatMap((one) => (one.kind === 'recovery' ? [one.withinMs] : []));
    const watched = this.#expectations.some(
      (one) => one.kind === 'metric' && (one.during === 'recovery' || one.during === 'always'),
    );
    // The last samples that may show a recovery in time are some steps later.
    const longest =
      Math.max(0, ...asked, ...(watched ? [USUAL_RECOVERY_MS] : [])) + BLIND_MS + BACK_SAMPLES * this.#looks.stepMs;
    const until = clock.now() + longest;
    for (;;) {
      await this.#looks.glance(this.#phases, this.#faults(), this.#signal, ANSWERED_MS);
      this.#tell();
      if (this.#signal.aborted) return true;
      const recovering = this.#looks.outcomes.some(
        ({ name, state }) =>
          state === 'pending' && this.#expectations.some((one) => one.name === name && one.kind === 'recovery'),
      );
      if (clock.now() >= until || (!recovering && !watched)) return false;
      await sleep(clock, LOOK_EVERY_MS, this.#signal).catch(() => undefined);
    }
  }

  /** Judges what is known at the end: what could not be looked at any more is inconclusive, with the reason. */
  async #lookForTheLast(): Promise<void> {
    const { clock, log } = this.#world;
    const timeout = new AbortController();
    const timer = clock.after(LAST_LOOK_MS, () =>
      timeout.abort(new AppError('timeout', 'Prometheus did not respond.')),
    );
    try {
      await this.#looks.lookForTheLast(this.#phases, this.#faults(), timeout.signal);
    } catch (thrown) {
      const { message, text } = toAppError(thrown);
      log.warn(`resilience test: the last look failed: ${message}`);
      this.#looks.close(text);
    } finally {
      timer.dispose();
    }
    this.#tell();
  }

  #faults(): InjectedFault[] {
    const began = this.#injectedAt();
    return this.#plan.steps.flatMap(({ injection: { type, targets } }, i) =>
      targets.map(({ pod }) => ({ node: pod, type, fromMs: began[i] })),
    );
  }

  /** By the plan's steps. */
  #injectedAt(): (number | undefined)[] {
    return this.#plan.steps.map(({ index }) => this.#run?.steps[index]?.createdAt);
  }

  /** Takes the begin of the faults from the cluster: a look may come long after it. */
  #noteFaults(): void {
    const began = this.#injectedAt().filter((at) => at !== undefined);
    if (began.length > 0) this.#phases.faultFromMs = Math.min(...began);
  }

  /** What to say where the faults were not alone; undefined where they were. */
  #metAnother(): Text | undefined {
    const { faultFromMs, faultToMs = this.#world.clock.now() } = this.#phases;
    return faultFromMs !== undefined && this.#world.hasForeign({ fromMs: faultFromMs, toMs: faultToMs })
      ? 'A fault of another run acted at the same time.'
      : undefined;
  }

  /** What says that the database is not in its steady state; undefined where it is. */
  #unsteady(): Text | undefined {
    const bad = this.#looks.unsteady(this.#phases);
    return bad && msg`The database is not in its steady state: "${bad.name}": ${bad.seen} Nothing was injected.`;
  }

  #tell(): void {
    const { outcomes, judged } = this.#looks;
    this.#options.onLook?.({ outcomes, judged, phases: { ...this.#phases } });
  }

  #result(verdict: Verdict, reason: Text | undefined): TestResult {
    const { outcomes, judged } = this.#looks;
    const left = this.#run?.left ?? [];
    return { verdict, reason, outcomes, judged, phases: this.#phases, injectedAt: this.#injectedAt(), left };
  }
}
