import { STATE_SIGNS } from '../../core/resilience/outcome';
import type { PanelSpan } from '../../shared/protocol';
import { h, setText } from '../elements/dom';
import { timeOfDay } from '../format';
import { t } from '../texts';

/** More lanes would take the room of the chart: further spans share the last lane. */
const MOST_LANES = 4;

type Ends = Pick<PanelSpan, 'fromMs' | 'toMs'>;

/** The lane of each span, in their order: those of one lane do not overlap, as far as there are lanes. */
export function laneOf(spans: readonly Ends[]): number[] {
  const free: number[] = [];
  return spans.map(({ fromMs, toMs }) => {
    const found = free.findIndex((at) => at <= fromMs);
    const lane = found >= 0 ? found : Math.min(free.length, MOST_LANES - 1);
    free[lane] = Math.max(free[lane] ?? 0, toMs ?? Infinity);
    return lane;
  });
}

/** The room that a name needs, percent of the lanes' width. */
const NAME_ROOM = 24;
/** With less room a name is left out: it would only be letters over the next one. */
const LEAST_ROOM = 6;

/**
 * Where a bar's name begins, in percent of the width: at the bar, or before it where what is behind it is too little for a
 * name and there is more before it. `free`: where the lane is free before the bar; `end`: behind it.
 */
export function nameFrom({ left, end, free }: { left: number; end: number; free: number }): number {
  const begin = Math.max(free, Math.min(left, end - NAME_ROOM));
  return end - left < NAME_ROOM && left - free > end - left ? begin : left;
}

/** What the lanes show. */
export interface LanesModel {
  spans: readonly PanelSpan[];
  fromMs: number;
  toMs: number;
  /** Where a span that still acts ends for now. */
  newestMs: number;
  colourOf: (span: PanelSpan) => string;
}

/** The experiments above a plot, each a bar from its begin to its end, named when it is pointed at. */
export class Lanes {
  readonly element = h('div', { class: 'lanes', hidden: true });
  readonly #name = h('div', { class: 'lane-name', hidden: true, 'aria-hidden': 'true' });
  readonly #bars = new Map<string, HTMLElement>();
  readonly #reveal: (key: string) => void;
  #lead = false;

  constructor(reveal: (key: string) => void) {
    this.#reveal = reveal;
    this.element.append(this.#name);
  }

  /** On one chart the bars carry their names and take the keyboard; on the others they only repeat them. */
  set lead(lead: boolean) {
    if (lead === this.#lead) return;
    this.#lead = lead;
    for (const bar of this.#bars.values()) bar.remove();
    this.#bars.clear();
    this.element.classList.toggle('lead', lead);
    if (lead) {
      this.element.setAttribute('role', 'group');
      this.element.setAttribute('aria-label', t('Experiments'));
    } else for (const name of ['role', 'aria-label']) this.element.removeAttribute(name);
  }

  update({ spans, fromMs, toMs, newestMs, colourOf }: LanesModel): void {
    const seen = spans
      .filter((span) => span.fromMs < toMs && (span.toMs ?? newestMs) > fromMs)
      .sort((a, b) => a.fromMs - b.fromMs);
    const lanes = laneOf(seen);
    const share = (ms: number): number => (100 * (Math.min(toMs, Math.max(fromMs, ms)) - fromMs)) / (toMs - fromMs);
    const kept = new Set(seen.map(({ key }) => key));
    for (const [key, bar] of this.#bars)
      if (!kept.has(key)) {
        bar.remove();
        this.#bars.delete(key);
      }
    seen.forEach((span, i) => {
      const bar = this.#bars.get(span.key) ?? this.#add(span.key);
      const next = seen.find((_, place) => place > i && lanes[place] === lanes[i]);
      const [left, right] = [share(span.fromMs), share(span.toMs ?? newestMs)];
      const words = wordsOf(span);
      bar.dataset['words'] = words;
      bar.classList.toggle('others', !span.ours);
      bar.style.setProperty('--lane', String(lanes[i]));
      bar.style.setProperty('--colour', colourOf(span));
      const end = next ? share(next.fromMs) : 100;
      const before = seen.findLast((_, place) => place < i && lanes[place] === lanes[i]);
      const begin = nameFrom({ left, end, free: before ? share(before.toMs ?? newestMs) : 0 });
      if (this.#lead) {
        bar.setAttribute('aria-label', words);
        const name = span.verdict ? `${STATE_SIGNS[span.verdict.state]} ${span.title}` : span.title;
        setText(bar.lastElementChild as HTMLElement, end - begin < LEAST_ROOM ? '' : name);
      }
      bar.classList.toggle('before', begin < left);
      bar.style.setProperty('--bar', `${right - left}cqw`);
      bar.style.setProperty('--begin', `${left - begin}cqw`);
      bar.style.left = `${begin}%`;
      bar.style.width = `${end - begin}%`;
    });
    this.element.style.setProperty('--lanes', String(Math.max(0, ...lanes.map((lane) => lane + 1))));
    this.element.hidden = seen.length === 0;
    if (seen.length === 0) this.#name.hidden = true;
  }

  #add(key: string): HTMLElement {
    const bar = this.#lead
      ? h('button', { class: 'lane', onclick: () => this.#reveal(key) }, h('span', { class: 'bar' }), h('span', {}))
      : h('div', { class: 'lane' }, h('span', { class: 'bar' }));
    const show = (): void => {
      this.#name.textContent = bar.dataset['words'] ?? '';
      this.#name.hidden = false;
      const most = this.element.clientWidth - this.#name.offsetWidth;
      this.#name.style.left = `${Math.max(0, Math.min(bar.offsetLeft, most))}px`;
    };
    const hide = (): void => {
      this.#name.hidden = true;
    };
    for (const event of ['pointerenter', 'focus']) bar.addEventListener(event, show);
    for (const event of ['pointerleave', 'blur']) bar.addEventListener(event, hide);
    this.#bars.set(key, bar);
    this.element.append(bar);
    return bar;
  }
}

/** A span in words: what, where, when, whose. */
function wordsOf({ title, nodes, fromMs, toMs, ours, verdict }: PanelSpan): string {
  const ends = toMs === undefined ? `${timeOfDay(fromMs)}–` : `${timeOfDay(fromMs)}–${timeOfDay(toMs)}`;
  return [title, nodes.join(', '), ends, ours ? '' : t('by others'), verdict?.text].filter(Boolean).join(' · ');
}
