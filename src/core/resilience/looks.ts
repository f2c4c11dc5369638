import type { Text } from '../base/text';
import { toAppError } from '../base/errors';
import { sleep, untilAborted } from '../time/waiting';
import { mayAbort, type Expectation, type PodCount, type SampleSource } from '../scenario/expectation';
import { CountLooks } from './countLooks';
import { DiagnosisLooks } from './diagnosisLooks';
import { judgeMetric, judgeRecovery, type Phases } from './judge';
import { judgeBefore } from './judgeBefore';
import { judgeCount, judgeCountBefore } from './judgeCount';
import { judgeDiagnosis, type InjectedFault } from './judgeDiagnosis';
import type { Outcome } from './outcome';
import { EventCounter, PodCounter } from './podCounts';
import { baselineOf, type Samples, type Span } from './samples';
import type { TestWorld } from './testWorld';

/** A question to a server is left after this time: one that never answers must not blind a guard for ever. */
export const BLIND_MS = 30_000;

/**
 * What a test has seen so far, and how its expectations are judged by that. Samples, pods, events and the diagnosis are
 * asked for side by side: what one server does not answer keeps nothing of the others from being judged.
 */
export class Looks {
  readonly #world: TestWorld;
  readonly #expectations: readonly Expectation[];
  readonly #sources: readonly SampleSource[];
  readonly #diagnoses: DiagnosisLooks;
  readonly #podCounter = new PodCounter();
  readonly #eventCounter: EventCounter;
  readonly #pods: CountLooks;
  readonly #events: CountLooks;
  readonly #underWay = new Map<string, Promise<void>>();
  #samples: ReadonlyMap<SampleSource, Samples> = new Map();
  #podsBefore: ReadonlyMap<PodCount, number> = new Map();
  readonly #baselines = new Map<SampleSource, number | undefined>();
  #outcomes: readonly Outcome[] = [];

  constructor(world: TestWorld, expectations: readonly Expectation[], signal: AbortSignal) {
    this.#world = world;
    this.#expectations = expectations;
    this.#sources = expectations.flatMap((one) => ('source' in one ? [one.source] : []));
    this.#diagnoses = new DiagnosisLooks(world, signal);
    this.#eventCounter = new EventCounter(expectations.filter((one) => one.kind === 'events'));
    this.#pods = new CountLooks(world, async (abort) => this.#podCounter.count(await world.pods(abort)));
    this.#events = new CountLooks(world, async (abort) => this.#eventCounter.count(await world.podEvents(abort)));
  }

  get outcomes(): readonly Outcome[] {
    return this.#outcomes;
  }

  /** The samples of the newest look, by the names of their expectations. */
  get judged(): ReadonlyMap<string, Samples> {
    return new Map(
      this.#expectations.flatMap((one) => ('source' in one ? [[one.name, this.#samplesOf(one.source)] as const] : [])),
    );
  }

  /** The time between two samples, milliseconds; 0 where there are none. */
  get stepMs(): number {
    return Math.max(0, ...[...this.#samples.values()].map(({ stepMs }) => stepMs));
  }

  has(kind: Expectation['kind']): boolean {
    return this.#expectations.some((one) => one.kind === kind);
  }

  /** Asks once for all that has to be known before anything is injected. Rejects where something cannot be had. */
  async begin(phases: Phases, faults: readonly InjectedFault[], signal: AbortSignal): Promise<void> {
    await this.#fetch(this.#spanOf(phases), signal);
    this.judge(phases, faults);
    // From here on a pod that comes or goes must not move what the others are measured by.
    for (const source of this.#sources) this.#baselines.set(source, baselineOf(this.#samplesOf(source), phases.before));
    // Loads the detector: what cannot be judged is not injected either.
    const { toMs } = phases.before;
    if (this.has('diagnosis'))
      await untilAborted(this.#world.diagnoses({ fromMs: toMs - 2 * BLIND_MS, toMs }, signal), signal);
    if (this.has('pods')) this.#podsBefore = this.#podCounter.begin(await this.#world.pods(signal));
    if (this.has('events')) this.#eventCounter.begin(await this.#world.podEvents(signal));
  }

  /** What is broken before anything is injected, or cannot be seen; undefined where the database is steady. */
  unsteady(phases: Phases): Outcome | undefined {
    return this.#expectations
      .map((one, i) => {
        if (one.kind === 'metric') return judgeBefore(one, this.#samplesOf(one.source), phases);
        if (one.kind === 'pods') return judgeCountBefore(one, this.#podsBefore.get(one.count) ?? 0);
        return one.kind === 'recovery' ? this.#outcomes[i] : undefined;
      })
      .find((outcome) => outcome?.state === 'failed' || outcome?.state === 'inconclusive');
  }

  /**
   * Asks for what is new, and judges everything by what has come after at most this time: what is still under way is not
   * asked for again.
   */
  async glance(phases: Phases, faults: readonly InjectedFault[], signal: AbortSignal, mostMs: number): Promise<void> {
    const span = this.#spanOf(phases);
    const { faultFromMs } = phases;
    if (this.has('diagnosis') && faultFromMs !== undefined) this.#diagnoses.ask({ ...span, fromMs: faultFromMs });
    const work = [
      this.#once('samples', signal, (abort) => this.#fetch(span, abort)),
      ...(this.has('pods') ? [this.#once('pods', signal, (abort) => this.#pods.look(abort))] : []),
      ...(this.has('events') ? [this.#once('events', signal, (abort) => this.#events.look(abort))] : []),
    ];
    const waited = new AbortController();
    await Promise.race([
      Promise.all(work),
      sleep(this.#world.clock, mostMs, AbortSignal.any([signal, waited.signal])).catch(() => undefined),
    ]);
    waited.abort();
    this.judge(phases, faults);
  }

  /** Asks for everything once more when nothing acts any more; rejects where the samples cannot be had. */
  async lookForTheLast(phases: Phases, faults: readonly InjectedFault[], signal: AbortSignal): Promise<void> {
    const span = this.#spanOf(phases);
    const { faultFromMs } = phases;
    await untilAborted(Promise.all(this.#underWay.values()), signal);
    const [samples] = await Promise.allSettled([
      this.#fetch(span, signal),
      this.has('pods') ? this.#pods.look(signal) : undefined,
      this.has('events') ? this.#events.look(signal) : undefined,
      this.has('diagnosis') && faultFromMs !== undefined
        ? this.#diagnoses.askForTheLast({ ...span, fromMs: faultFromMs }, signal)
        : undefined,
    ]);
    this.judge(phases, faults);
    if (samples.status === 'rejected') throw samples.reason;
  }

  /** Judges everything by what is known. */
  judge(phases: Phases, faults: readonly InjectedFault[]): void {
    const nowMs = phases.endMs ?? this.#world.clock.now();
    this.#outcomes = this.#expectations.map((one) => this.#judged(one, phases, faults, nowMs));
  }

  /** What is still open cannot be judged any more, and why. */
  close(why: Text): void {
    this.#outcomes = this.#outcomes.map((one) =>
      one.state === 'pending' ? { ...one, state: 'inconclusive', seen: why } : one,
    );
  }

  /** The newest moment at which every guard has something to see; now where there is none. */
  get guardedUntil(): number {
    const newest = this.#expectations.filter(mayAbort).map((one) => {
      if (one.kind === 'pods') return this.#pods.newest;
      if (one.kind === 'events') return this.#events.newest;
      // What cannot be judged can never break: it guards nothing.
      if (this.#outcomes.some(({ name, state }) => name === one.name && state === 'inconclusive')) return -Infinity;
      const samples = 'source' in one ? this.#samples.get(one.source) : undefined;
      // With a long step the newest sample is older, and no less is seen.
      return samples ? newestOf(samples) + Math.max(0, 2 * samples.stepMs - BLIND_MS) : -Infinity;
    });
    return newest.length === 0 ? this.#world.clock.now() : Math.min(...newest);
  }

  #judged(one: Expectation, phases: Phases, faults: readonly InjectedFault[], nowMs: number): Outcome {
    const ended = phases.endMs !== undefined;
    switch (one.kind) {
      case 'metric':
        return judgeMetric(one, this.#samplesOf(one.source), phases, nowMs, this.#baselines.get(one.source));
      case 'recovery':
        return judgeRecovery(one, this.#samplesOf(one.source), phases, nowMs, this.#baselines.get(one.source));
      case 'diagnosis':
        return judgeDiagnosis(one, faults, this.#diagnoses.samples, phases);
      case 'pods':
        return judgeCount(one, this.#pods.of(one.count), ended);
      case 'events':
        return judgeCount(one, this.#events.of(one.name), ended);
    }
  }

  #samplesOf(source: SampleSource): Samples {
    return this.#samples.get(source) ?? { timestamps: [], values: [], stepMs: 0 };
  }

  async #fetch(span: Span, signal: AbortSignal): Promise<void> {
    if (this.#sources.length === 0) return;
    const series = await untilAborted(this.#world.samples(this.#sources, span, signal), signal);
    this.#samples = new Map(this.#sources.map((source, i) => [source, series[i] as Samples]));
  }

  /** Does not start work that is already in progress. Never rejects. */
  #once(name: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const known = this.#underWay.get(name);
    if (known) return known;
    const timeout = new AbortController();
    const timer = this.#world.clock.after(BLIND_MS, () => timeout.abort());
    const made = work(AbortSignal.any([signal, timeout.signal]))
      .catch((thrown: unknown) => this.#world.log.debug(`resilience test: ${toAppError(thrown).message}`))
      .finally(() => {
        timer.dispose();
        this.#underWay.delete(name);
      });
    this.#underWay.set(name, made);
    return made;
  }

  #spanOf(phases: Phases): Span {
    return { fromMs: phases.before.fromMs, toMs: phases.endMs ?? this.#world.clock.now() };
  }
}

function newestOf({ timestamps, values }: Samples): number {
  for (let i = timestamps.length - 1; i >= 0; i -= 1) if (Number.isFinite(values[i])) return timestamps[i] as number;
  return -Infinity;
}
