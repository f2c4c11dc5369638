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

/** What an evaluator needs. Times are milliseconds. */
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

/** How many samples are kept: more than a day at one every 15 s. */
const MOST_LOOKS = 8000;
/** How long to wait after a failure before querying the past again. */
const REST_MS = 60_000;
/** The most experiments whose missing samples are filled in; older ones keep what was seen of them. */
const MOST_SPANS = 40;
/** The most objects that are kept for reports. */
const MOST_OBJECTS = 200;

/**
 * Compares the diagnosis with what was injected. Follows the monitor and the store without keeping either running. If no
 * diagnosis ran during an experiment (the panel was closed, the window was reloaded), it diagnoses the past from
 * Prometheus's data as soon as someone looks.
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

  /** The current scoreboard. */
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

  /** The verdict on one of our experiments, including its extensions; undefined before it was active. */
  verdictOf(key: string): ExperimentVerdict | undefined {
    return this.board.verdicts.find(({ span }) => [span, ...(span.earlier ?? [])].some((one) => one.key === key));
  }

  /** One of our experiments as last seen, even if its object is gone. */
  experimentOf(key: string): Experiment | undefined {
    return this.#objects.get(key);
  }

  /** Calls back when the scoreboard may have changed. */
  subscribe(listener: () => void): Disposable {
    return this.#listeners.add(listener);
  }

  /** Diagnoses the past where no diagnosis ran. Rejects with AppError if the metrics are unavailable, or when aborted. */
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
      this.#objects.delete(experiment.key); // the newest come last
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
      // The newest samples may not have arrived yet; the live diagnosis covers them.
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
