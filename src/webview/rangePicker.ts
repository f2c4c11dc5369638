import { LEAST_RANGE_MS, MOST_RANGE_MS, RANGES_MS } from '../shared/chartMessages';
import type { PanelSnapshot } from '../shared/protocol';
import { h, setText } from './dom';
import { t } from './texts';

/** What the range picker can ask for. */
export interface RangeActions {
  setRange: (windowMs: number) => void;
  setStretch: (fromMs: number, toMs: number) => void;
  reset: () => void;
}

const FIXED = 'fixed';

const label = (ms: number): string =>
  ms >= 3_600_000 ? t('Last {0} h', ms / 3_600_000) : t('Last {0} min', ms / 60_000);

/** How a time is typed. The browser's own field for times has a 12 h clock wherever its machine has. */
const FORM = 'YYYY-MM-DD HH:MM:SS';
const TYPED = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/i;

/** A time as it stands in the fields: local, to the second. */
export function toInput(ms: number): string {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** A time that was typed, or pasted from a log with its zone; NaN where it is none. */
export const fromInput = (text: string): number =>
  TYPED.test(text.trim()) ? Date.parse(text.trim().toUpperCase().replace(' ', 'T')) : NaN;

const field = (label: string): HTMLInputElement =>
  h('input', { type: 'text', class: 'time', 'aria-label': label, placeholder: FORM, title: FORM, spellcheck: 'false' });

/** What is wrong with a stretch that was typed; undefined where nothing is. */
export function stretchProblem(fromMs: number, toMs: number, nowMs: number): string | undefined {
  if (Number.isNaN(fromMs) || Number.isNaN(toMs)) return t('Enter both times as {0}.', FORM);
  if (toMs - fromMs < LEAST_RANGE_MS) return t('The end must be at least a minute after the start.');
  if (toMs - fromMs > MOST_RANGE_MS) return t('At most 31 days can be shown.');
  if (fromMs > nowMs) return t('The start is in the future.');
  return undefined;
}

/** The last so many minutes, or a stretch from one time to another that is not refreshed. */
export class RangePicker {
  readonly element: HTMLElement;
  readonly #select: HTMLSelectElement;
  readonly #from = field(t('From'));
  readonly #to = field(t('To'));
  readonly #problem = h('span', { class: 'problem', role: 'alert' });
  readonly #form: HTMLFormElement;
  readonly #back: HTMLButtonElement;
  readonly #actions: RangeActions;
  #typing = false;

  constructor(actions: RangeActions) {
    this.#actions = actions;
    this.#select = h(
      'select',
      { 'aria-label': t('Time range'), onchange: () => this.#chosen() },
      ...RANGES_MS.map((ms) => h('option', { value: ms }, label(ms))),
      h('option', { value: FIXED }, t('From … to …')),
    );
    this.#form = h(
      'form',
      {
        class: 'stretch',
        hidden: true,
        onsubmit: (event) => {
          event.preventDefault();
          this.#submit();
        },
        oninput: () => (this.#typing = true),
      },
      this.#from,
      h('span', { 'aria-hidden': 'true' }, '–'),
      this.#to,
      h('button', { type: 'submit' }, t('Show')),
      this.#problem,
    );
    this.#back = h(
      'button',
      { hidden: true, onclick: actions.reset, title: t('Back to the newest data (Escape or double click)') },
      t('Reset zoom'),
    );
    this.element = h('div', { class: 'range' }, this.#select, this.#form, this.#back);
  }

  update({ fixed, windowMs, fromMs, toMs }: PanelSnapshot): void {
    this.#back.hidden = !fixed;
    if (fixed) {
      this.#select.value = FIXED;
      this.#form.hidden = false;
      if (!this.#typing) this.#fill(fromMs, toMs);
    } else if (!this.#typing) {
      this.#select.value = String(windowMs);
      this.#form.hidden = true;
      this.#fill(fromMs, toMs);
    }
  }

  #fill(fromMs: number, toMs: number): void {
    const [from, to] = [toInput(fromMs), toInput(toMs)];
    if (this.#from.value !== from) this.#from.value = from;
    if (this.#to.value !== to) this.#to.value = to;
  }

  #chosen(): void {
    if (this.#select.value === FIXED) {
      this.#typing = true;
      this.#form.hidden = false;
      this.#from.focus();
      return;
    }
    this.#typing = false;
    setText(this.#problem, '');
    this.#actions.setRange(Number(this.#select.value));
  }

  #submit(): void {
    const [from, to] = [fromInput(this.#from.value), fromInput(this.#to.value)];
    const problem = stretchProblem(from, to, Date.now());
    setText(this.#problem, problem ?? '');
    if (problem !== undefined) return;
    this.#typing = false;
    this.#actions.setStretch(from, to);
  }
}
