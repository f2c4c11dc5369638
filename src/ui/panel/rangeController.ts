import { isAbort, toAppError } from '../../core/base/errors';
import type { Monitor } from '../../core/monitoring/monitor';
import type { MonitorState } from '../../core/monitoring/monitorState';
import { FINEST_STEP_MS, stepFor } from '../../core/metrics/step';
import type { Clock } from '../../core/base/clock';
import type { ChartViewMessage } from '../../shared/chartMessages';

/** Up to this length, a window is shown at the finest step; longer ones at the configured step or coarser. */
const SHORT_MS = 15 * 60_000;
/** Until the page has sent its width. */
const ASSUMED_PIXELS = 240;

/** A past time range that is shown instead of the newest data. */
export interface ShownStretch {
  fromMs: number;
  toMs: number;
}

/** The panel's time range: the newest minutes, or a past range that is not refreshed. */
export class RangeController {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #changed: () => void;
  #pixels = ASSUMED_PIXELS;
  #stretch: ShownStretch | undefined;
  #past: MonitorState | undefined;
  #running: AbortController | undefined;

  /** `clock` is the cluster's; `changed` is called when `show` has something new. */
  constructor(clock: Pick<Clock, 'now'>, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  get stretch(): ShownStretch | undefined {
    return this.#stretch;
  }

  /** The panel's content: the monitor's state, or that of the past range with the current spans. */
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

  /** Returns to the newest data and refreshes them. */
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

  /** Queries the past range (again). */
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
