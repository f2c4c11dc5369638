import { isAbort, toAppError } from '../../core/base/errors';
import type { Monitor } from '../../core/monitoring/monitor';
import type { MonitorState } from '../../core/monitoring/monitorState';
import { FINEST_STEP_MS, stepFor } from '../../core/metrics/step';
import type { Clock } from '../../core/base/clock';
import type { ChartViewMessage } from '../../shared/chartMessages';

/** A window up to this long is shown as finely as it can be; a longer one with the configured step at the finest. */
const SHORT_MS = 15 * 60_000;
/** Before the page has told how wide it is. */
const ASSUMED_PIXELS = 240;

/** A stretch of the past that is shown instead of the newest data. */
export interface ShownStretch {
  fromMs: number;
  toMs: number;
}

/** Which time the panel shows: the newest so many minutes, or a stretch of the past that is not refreshed. */
export class RangeController {
  readonly #clock: Clock;
  readonly #changed: () => void;
  #pixels = ASSUMED_PIXELS;
  #stretch: ShownStretch | undefined;
  #past: MonitorState | undefined;
  #running: AbortController | undefined;

  /** `changed` is called when `show` has something new. */
  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  get stretch(): ShownStretch | undefined {
    return this.#stretch;
  }

  /** What the panel shows: the monitor's state, or that of the stretch with the spans as they are now. */
  shown(state: MonitorState): MonitorState {
    if (!this.#stretch) return state;
    if (this.#past) return { ...this.#past, spans: state.spans };
    return { ...state, health: { state: 'loading' } };
  }

  handle(
    message: Extract<ChartViewMessage, { type: 'setRange' | 'setStretch' | 'setPixels' }>,
    monitor: Monitor,
  ): void {
    switch (message.type) {
      case 'setRange':
        this.leave(monitor);
        return monitor.setRange(message.windowMs, this.#step(message.windowMs, monitor));
      case 'setPixels': {
        this.#pixels = message.pixels;
        const { windowMs } = monitor.state;
        if (!this.#stretch) return monitor.setRange(windowMs, this.#step(windowMs, monitor));
        if (this.#past && this.#past.stepMs !== this.#stretchStep(this.#stretch)) this.load(monitor);
        return;
      }
      case 'setStretch': {
        const length = message.toMs - message.fromMs;
        const toMs = Math.min(message.toMs, this.#clock.now());
        this.#stretch = { fromMs: toMs - length, toMs };
        this.#past = undefined;
        monitor.setLive(false);
        this.#changed();
        this.load(monitor);
      }
    }
  }

  /** Back to the newest data, refreshed. */
  leave(monitor: Monitor): void {
    if (!this.#stretch) return;
    this.forget();
    monitor.setLive(true);
  }

  forget(): void {
    this.stop();
    this.#stretch = undefined;
    this.#past = undefined;
  }

  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  /** Asks for the stretch (again). */
  load(monitor: Monitor): void {
    const stretch = this.#stretch;
    if (!stretch) return;
    this.stop();
    const running = new AbortController();
    this.#running = running;
    const settle = (past: MonitorState): void => {
      if (running.signal.aborted) return;
      this.#past = past;
      this.#changed();
    };
    monitor.past({ ...stretch, stepMs: this.#stretchStep(stretch) }, running.signal).then(settle, (thrown: unknown) => {
      if (!isAbort(thrown)) settle({ ...monitor.state, health: { state: 'failed', error: toAppError(thrown) } });
    });
  }

  #step(windowMs: number, monitor: Monitor): number {
    return stepFor(windowMs, this.#pixels, windowMs <= SHORT_MS ? FINEST_STEP_MS : monitor.configured.stepMs);
  }

  #stretchStep({ fromMs, toMs }: ShownStretch): number {
    return stepFor(toMs - fromMs, this.#pixels);
  }
}
