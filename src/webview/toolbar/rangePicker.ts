import { LEAST_RANGE_MS, MOST_RANGE_MS, RANGES_MS } from '../../shared/chartMessages';
import type { PanelSnapshot } from '../../shared/protocol';
import { clusterNow } from '../clusterTime';
import { h, setText } from '../elements/dom';
import { stretchEnds } from '../format';
import { Popover } from '../elements/popover';
import { earlier, later, zoomedOut, type RangeStep } from './rangeSteps';
import { t } from '../texts';

/** The actions of the range picker. */
export interface RangeActions {
  setRange: (windowMs: number) => void;
  setStretch: (fromMs: number, toMs: number) => void;
  reset: () => void;
}

const label = (ms: number): string =>
  ms >= 3_600_000 ? t('Last {0} h', ms / 3_600_000) : t('Last {0} min', ms / 60_000);

/** The format for typed times. The browser's time field would use a 12-hour clock where the machine does. */
const FORM = 'YYYY-MM-DD HH:MM:SS';
const TYPED = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/i;

/** A time for the fields: local, to the second. */
export function toInput(ms: number): string {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** Parses a typed time, or one pasted from a log with its zone; NaN if it is invalid. */
export const fromInput = (text: string): number =>
  TYPED.test(text.trim()) ? Date.parse(text.trim().toUpperCase().replace(' ', 'T')) : NaN;

const field = (label: string): HTMLInputElement =>
  h('input', { type: 'text', class: 'time', 'aria-label': label, placeholder: FORM, title: FORM, spellcheck: 'false' });

/** What is wrong with a typed range; undefined if it is valid. */
export function stretchProblem(fromMs: number, toMs: number, nowMs: number): string | undefined {
  if (Number.isNaN(fromMs) || Number.isNaN(toMs)) return t('Enter both times as {0}.', FORM);
  if (toMs - fromMs < LEAST_RANGE_MS) return t('The end must be at least a minute after the start.');
  if (toMs - fromMs > MOST_RANGE_MS) return t('At most 31 days can be shown.');
  if (fromMs > nowMs) return t('The start is in the future.');
  return undefined;
}

/** The range in one line: `Last 30 min`, or its start and end. */
function shownText({ fixed, windowMs, fromMs, toMs }: PanelSnapshot): string {
  if (!fixed) return label(windowMs);
  const [from, to] = stretchEnds(fromMs, toMs, Date.now());
  return `${from} – ${to}`;
}

/** Chooses the last minutes, or a fixed range that is not refreshed; with buttons to move it and to zoom out. */
export class RangePicker {
  readonly element: HTMLElement;
  readonly #popover: Popover;
  readonly #shown = h('span', { class: 'shown' });
  readonly #from = field(t('From'));
  readonly #to = field(t('To'));
  readonly #problem = h('p', { class: 'problem', role: 'alert' });
  readonly #quick: readonly HTMLButtonElement[];
  readonly #later: HTMLButtonElement;
  readonly #out: HTMLButtonElement;
  readonly #actions: RangeActions;
  #snapshot: PanelSnapshot | undefined;

  constructor(actions: RangeActions) {
    this.#actions = actions;
    const form = h(
      'form',
      {
        class: 'stretch',
        onsubmit: (event) => {
          event.preventDefault();
          this.#submit();
        },
      },
      h('h3', {}, t('Absolute time range')),
      h('label', {}, h('span', {}, t('From')), this.#from),
      h('label', {}, h('span', {}, t('To')), this.#to),
      this.#problem,
      h('button', { type: 'submit', class: 'primary' }, t('Apply time range')),
    );
    this.#quick = RANGES_MS.map((ms) => h('button', { 'data-range': ms, onclick: () => this.#choose(ms) }, label(ms)));
    const quick = h('div', { class: 'quick', role: 'group', 'aria-label': t('Quick ranges') }, ...this.#quick);
    this.#popover = new Popover(t('Time range'), [form, quick], () => this.#opened());
    const { button } = this.#popover;
    button.classList.add('range-button');
    button.append(h('span', { class: 'visually-hidden' }, `${t('Time range')}: `), this.#shown, ' ▾');
    const step = (title: string, text: string, next: (range: PanelSnapshot) => RangeStep | undefined) =>
      h(
        'button',
        {
          class: 'icon',
          title,
          'aria-label': title,
          onclick: () => {
            const to = this.#snapshot && next(this.#snapshot);
            if (to !== undefined) this.#go(to);
          },
        },
        text,
      );
    this.#later = step(t('Later by half the range'), '›', (range) => later(range, Date.now()));
    this.#out = step(t('Zoom out'), '⊖', zoomedOut);
    this.element = h(
      'div',
      { class: 'range' },
      this.#popover.element,
      step(t('Earlier by half the range'), '‹', earlier),
      this.#later,
      this.#out,
    );
  }

  update(snapshot: PanelSnapshot): void {
    this.#snapshot = snapshot;
    setText(this.#shown, shownText(snapshot));
    this.#later.disabled = !snapshot.fixed;
    this.#out.disabled = zoomedOut(snapshot) === undefined;
    for (const one of this.#quick)
      one.setAttribute('aria-pressed', String(!snapshot.fixed && one.dataset['range'] === String(snapshot.windowMs)));
  }

  /** Fills the fields with the current range. */
  #opened(): void {
    setText(this.#problem, '');
    if (!this.#snapshot) return;
    const { fromMs, toMs } = this.#snapshot;
    [this.#from.value, this.#to.value] = [toInput(fromMs), toInput(toMs)];
    this.#from.focus();
  }

  #choose(windowMs: number): void {
    this.#popover.close();
    this.#actions.setRange(windowMs);
  }

  #go(step: RangeStep): void {
    if (step === 'newest') this.#actions.reset();
    else if ('windowMs' in step) this.#actions.setRange(step.windowMs);
    else this.#actions.setStretch(step.fromMs, step.toMs);
  }

  #submit(): void {
    const [from, to] = [fromInput(this.#from.value), fromInput(this.#to.value)];
    const problem = stretchProblem(from, to, clusterNow());
    setText(this.#problem, problem ?? '');
    if (problem !== undefined) return;
    this.#popover.close();
    this.#actions.setStretch(from, to);
  }
}
