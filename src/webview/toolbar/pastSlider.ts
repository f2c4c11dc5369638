import type { PanelSnapshot } from '../../shared/protocol';
import { clusterNow } from '../clusterTime';
import { h, setText } from '../elements/dom';
import { stretchEnds, timeOfDay } from '../format';
import { t } from '../texts';

/** The actions of the slider. */
export interface PastSliderActions {
  /** Diagnoses a moment once the slider has rested there. */
  diagnoseAt: (atMs: number) => void;
  /** Returns to the newest diagnosis. */
  live: () => void;
  /** The moment under the thumb, while it moves. */
  moved: (atMs: number) => void;
}

/** How long the thumb must not move. */
const REST_MS = 150;

/** The slider's position in words: the time of the moment. */
export function momentWords(atMs: number | undefined, { live, fixed }: { live: boolean; fixed: boolean }): string {
  if (atMs !== undefined) return timeOfDay(atMs);
  return fixed ? t('End of range') : live ? t('Live') : t('Paused');
}

/** A slider over the panel's range: it diagnoses any past moment; its right end is now. */
export class PastSlider {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #time = h('span', { class: 'slider-time' });
  readonly #begin = h('span');
  readonly #end = h('span');
  readonly #ends = h('span', { id: 'past-ends', class: 'visually-hidden' });
  readonly #back: HTMLButtonElement;
  readonly #actions: PastSliderActions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #atMs: number | undefined;
  #live = true;
  #fixed = false;

  constructor(actions: PastSliderActions) {
    this.#actions = actions;
    this.#input = h('input', {
      type: 'range',
      'aria-label': t('Moment of the diagnosis'),
      'aria-describedby': 'past-ends',
      oninput: () => this.#moved(),
    });
    this.#back = h('button', { class: 'back-to-live', onclick: () => this.toLive() }, t('Back to live'));
    this.element = h(
      'div',
      { class: 'past-slider' },
      this.#input,
      h('div', { class: 'past-ends', 'aria-hidden': 'true' }, this.#begin, this.#end),
      this.#ends,
      h('div', { class: 'past-row' }, this.#time, this.#back),
    );
    this.#show();
  }

  /** The chosen moment of the past; undefined = the newest. */
  get atMs(): number | undefined {
    return this.#atMs;
  }

  update({ fromMs, toMs, stepMs, live, fixed, timestamps }: PanelSnapshot): void {
    this.#live = live;
    this.#fixed = fixed;
    this.#input.disabled = timestamps.length === 0;
    const first = Math.ceil(Math.min(fromMs, this.#atMs ?? fromMs) / stepMs) * stepMs;
    const last = Math.max(first, Math.floor(Math.max(toMs, this.#atMs ?? toMs) / stepMs) * stepMs);
    Object.assign(this.#input, { min: String(first), max: String(last), step: String(stepMs) });
    this.#input.value = String(this.#atMs ?? last);
    this.#label(first, last);
    this.#show();
  }

  /** Returns to the newest diagnosis. */
  toLive(): void {
    clearTimeout(this.#timer);
    this.#input.value = this.#input.max;
    if (this.#atMs === undefined) return;
    this.#atMs = undefined;
    if (document.activeElement === this.#back) this.#input.focus();
    this.#show();
    this.#actions.live();
  }

  /** The times at the slider's ends; with the date unless it is today. */
  #label(first: number, last: number): void {
    const [begin = '', end = ''] = stretchEnds(first, last, clusterNow());
    setText(this.#begin, begin);
    setText(this.#end, end);
    setText(this.#ends, t('{0} to {1}', begin, end));
  }

  #moved(): void {
    clearTimeout(this.#timer);
    const value = Number(this.#input.value);
    if (this.#live && value >= Number(this.#input.max)) return this.toLive();
    this.#atMs = value;
    this.#show();
    this.#actions.moved(value);
    this.#timer = setTimeout(() => this.#actions.diagnoseAt(value), REST_MS);
  }

  #show(): void {
    const text = momentWords(this.#atMs, { live: this.#live, fixed: this.#fixed });
    setText(this.#time, text);
    this.#input.setAttribute('aria-valuetext', text);
    this.#back.hidden = this.#atMs === undefined;
  }
}
