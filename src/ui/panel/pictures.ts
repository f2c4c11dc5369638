import type { MonitorState } from '../../core/monitoring/monitorState';
import { appendOf } from '../../shared/append';
import type { PanelAppend, PanelSnapshot } from '../../shared/protocol';
import { toSnapshot } from './snapshot';

/** Numbers the pictures of the panel, and sends of one that continues the last only what is new in it. */
export class Pictures {
  #seq = 0;
  #last: PanelSnapshot | undefined;

  /** The next message for a state; `stretch`: the fixed axis that it is shown on. */
  next(
    state: MonitorState,
    nowMs: number,
    stretch: { fromMs: number; toMs: number } | undefined,
  ): PanelSnapshot | PanelAppend {
    this.#seq += 1;
    const whole = { ...toSnapshot(state, this.#seq, nowMs, stretch !== undefined), ...stretch };
    const append = this.#last && appendOf(this.#last, whole);
    this.#last = whole;
    return append ?? whole;
  }

  /** A picture of nothing, such as a failure: number and all. */
  bare(picture: Omit<PanelSnapshot, 'type' | 'seq'>): PanelSnapshot {
    this.#seq += 1;
    this.#last = { ...picture, type: 'snapshot', seq: this.#seq };
    return this.#last;
  }

  /** The page is a new one: it gets a whole picture first. */
  restart(): void {
    this.#last = undefined;
  }
}
