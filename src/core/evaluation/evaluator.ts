import { Emitter } from '../base/emitter';
import { isAbort, toAppError } from '../base/errors';
import type { Experiment } from '../experiments/experiment';
import type { ExperimentStore } from '../experiments/store';
import type { Monitor } from '../monitoring/monitor';
import type { MonitorState } from '../monitoring/monitorState';
import type { ExperimentSpan } from '../experiments/spans';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { Log } from '../base/log';
import { withoutDoubt, toSample, type DiagnosisSample } from './sample';
import { missingMoments } from './missing';
import type { PastDiagnosis } from './pastDiagnosis';
import { scoreboard, type Scoreboard } from './scoreboard';
import { judgingTimes } from './times';
import type { ExperimentVerdict } from './verdict';

/** What a keeper needs. Times are milliseconds. */
export interface EvaluatorOptions {
  store: Pick<ExperimentStore, 'spans' | 'observe'>;
  monitor: Pick<Monitor, 'observe'>;
  past: Pick<PastDiagnosis, 'looks'>;
  /** The cluster's time. */
  clock: Clock;
  log: Log;
  stepMs: number;
  refreshMs: number;
}

/** Looks that are kept: more than a day of one every 15 s. */
const MOST_LOOKS = 8000;
/** After a failure the past is not asked again for this long. */
const REST_MS = 60_000;
/** Experiments whose missing looks are made up for; older ones keep what was seen of them. */
const MOST_SPANS = 40;
/** Objects that are remembered for reports. */
const MOST_OBJECTS = 200;

/**
 * Keeps what the diagnosis said beside what was injected. Follows the monitor and the store without holding either; where
 * nobody looked while an experiment acted (the panel was closed, the window was loaded anew) it has the past diagnosed
 * again, from what Prometheus still has, as soon as somebody looks.
 */
export class Evaluator implements Disposable {
  readonly #options: EvaluatorOptions;
  readonly #times;
  readonly #everyMs: number;
  readonly #listeners = new Emitter();
  readonly #held: Disposable[];
  readonly #objects = new Map<string, Experiment>();
  readonly #controller = new AbortController();
  #looks: DiagnosisSample[] = [];
  #board: { of: Scoreboard; spans: readonly ExperimentSpan[] } | undefined;
  #filling: Promise<void> | undefined;
  #restUntil = -Infinity;
  #lastDiagnosis: MonitorState['diagnosis'];

  constructor(options: EvaluatorOptions) {
    this.#options = options;
    this.#times = judgingTimes(options.stepMs);
    this.#everyMs = Math.max(options.stepMs, options.refreshMs);
    this.#held = [
      options.monitor.observe((state) => this.#heard(state)),
      options.store.observe(({ experiments }) => {
        this.#remember(experiments);
        if (this.#board?.spans !== options.store.spans) this.#tell();
      }),
    ];
  }

  /** The score of all that is known now. */
  get board(): Scoreboard {
    const { store, clock } = this.#options;
    const { spans } = store;
    if (this.#board?.spans !== spans) this.#board = undefined;
    this.#board ??= {
      spans,
      of: scoreboard({ spans, looks: this.#looks, times: this.#times, nowMs: clock.now() }),
    };
    return this.#board.of;
  }

  /** An experiment of ours against the diagnosis, with all that it extends or was extended by; undefined before it acted. */
  verdictOf(key: string): ExperimentVerdict | undefined {
    return this.board.verdicts.find(({ span }) => [span, ...(span.earlier ?? [])].some((one) => one.key === key));
  }

  /** An experiment of ours as it was last seen, also when its object is gone. */
  experimentOf(key: string): Experiment | undefined {
    return this.#objects.get(key);
  }

  /** Calls back when the score may have changed. */
  subscribe(listener: () => void): Disposable {
    return this.#listeners.add(listener);
  }

  /** Has the past diagnosed where nobody looked. Rejects with AppError when the metrics cannot be had, or when aborted. */
  async complete(signal: AbortSignal = this.#controller.signal): Promise<void> {
    await this.#filling?.catch(() => undefined);
    await this.#fill(signal);
  }

  dispose(): void {
    this.#controller.abort();
    this.#listeners.clear();
    for (const one of this.#held) one.dispose();
  }

  #remember(experiments: readonly Experiment[]): void {
    for (const experiment of experiments) {
      if (!experiment.ours) continue;
      this.#objects.delete(experiment.key); // the newest stand last
      this.#objects.set(experiment.key, experiment);
    }
    for (const key of this.#objects.keys()) {
      if (this.#objects.size <= MOST_OBJECTS) break;
      this.#objects.delete(key);
    }
  }

  #heard({ diagnosis, health, problems }: MonitorState): void {
    if (!diagnosis || health.state !== 'live' || diagnosis === this.#lastDiagnosis) return;
    this.#lastDiagnosis = diagnosis;
    this.#add([withoutDoubt(toSample(diagnosis, this.#looks.at(-1)), problems)]);
    const { clock, log } = this.#options;
    if (this.#filling || clock.now() < this.#restUntil) return;
    this.#filling = this.#fill(this.#controller.signal)
      .catch((error: unknown) => {
        if (this.#controller.signal.aborted || isAbort(error)) return;
        this.#restUntil = clock.now() + REST_MS;
        log.debug(`the past could not be diagnosed: ${toAppError(error).message}`);
      })
      .finally(() => (this.#filling = undefined));
  }

  async #fill(signal: AbortSignal): Promise<void> {
    const { store, clock, past } = this.#options;
    const spans = store.spans.filter(({ ours }) => ours).slice(-MOST_SPANS);
    for (const span of [...spans].reverse()) {
      // The newest samples may still be on their way: they are the live look's.
      const nowMs = clock.now() - this.#everyMs;
      const moments = missingMoments(span, this.#looks, { times: this.#times, everyMs: this.#everyMs, nowMs });
      if (moments.length > 0) this.#add(await past.looks(moments, signal));
    }
  }

  #add(looks: readonly DiagnosisSample[]): void {
    if (looks.length === 0) return;
    const newest = this.#looks.at(-1)?.at ?? -Infinity;
    const first = looks[0] as DiagnosisSample;
    if (looks.length === 1 && first.at > newest) this.#looks.push(first);
    else {
      const byTime = new Map([...this.#looks, ...looks].map((look) => [look.at, look]));
      this.#looks = [...byTime.values()].sort((a, b) => a.at - b.at);
    }
    if (this.#looks.length > MOST_LOOKS) this.#looks = this.#looks.slice(-MOST_LOOKS);
    this.#board = undefined;
    this.#tell();
  }

  #tell(): void {
    this.#listeners.emit();
  }
}
