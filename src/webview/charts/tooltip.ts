import { RANK_CHART, type CardContent } from './chartContent';
import { h } from '../elements/dom';
import { formatPercent } from '../../core/base/percent';
import { formatValue } from '../format';
import { t } from '../texts';

/** Lines that a tooltip names; the rest is counted. */
const MOST = 8;

/** How a chart's values are written. */
export const writeOf =
  ({ id, unit }: Pick<CardContent, 'id' | 'unit'>): ((value: number) => string) =>
  (value) =>
    id === RANK_CHART ? formatPercent(value) : formatValue(value, unit);

/** The place on an axis that is nearest to a time; -1 where there is none. */
export function nearest(timestamps: Float64Array, ms: number): number {
  let low = 0;
  let high = timestamps.length - 1;
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((timestamps[middle] as number) < ms) low = middle;
    else high = middle;
  }
  return Math.abs((timestamps[low] as number) - ms) <= Math.abs((timestamps[high] as number) - ms) ? low : high;
}

/** One line at one time. */
export interface Reading {
  name: string;
  text: string;
  value: number;
}

/**
 * What the shown lines read at a place of the axis, with how many more there are: those of `first` in their order, then
 * the highest.
 */
export function readings(
  content: CardContent,
  index: number,
  shown: (name: string) => boolean,
  first: readonly string[] = [],
): { list: Reading[]; more: number } {
  const write = writeOf(content);
  const all: { name: string; value: number; place: number }[] = [];
  for (const { name, values } of content.lines) {
    const value = values[index] ?? NaN;
    if (Number.isNaN(value) || (content.ofNodes && !shown(name))) continue;
    const place = first.indexOf(name);
    all.push({ name, value, place: place < 0 ? Infinity : place });
  }
  all.sort((a, b) => (a.place === b.place ? b.value - a.value : a.place - b.place));
  return {
    list: all.slice(0, MOST).map(({ name, value }) => ({ name, value, text: write(value) })),
    more: Math.max(0, all.length - MOST),
  };
}

/** Why no line reads anything at a place of the axis. */
export function whyNone({ gaps = [], timestamps }: CardContent, index: number): string {
  const at = timestamps[index] ?? NaN;
  return gaps.find(({ fromMs, toMs }) => fromMs <= at && at <= toMs)?.text ?? t('no data');
}

/** The same in one sentence, for a screen reader. */
export function spoken(content: CardContent, index: number, shown: (name: string) => boolean): string {
  const { list, more } = readings(content, index, shown);
  if (list.length === 0) return whyNone(content, index);
  const words = list.map(({ name, text }) => `${name} ${text}`);
  return [...words, ...(more > 0 ? [t('and {0} more', more)] : [])].join(', ');
}

/** What a tooltip says. */
export interface TooltipText {
  title: string;
  rows: readonly { name: string; text: string; swatch: Element; strong: boolean }[];
  more: number;
  /** In place of rows. */
  none: string | undefined;
}

/** The values of one chart, beside its plot and never over it. */
export class Tooltip {
  readonly element = h('div', { class: 'chart-tooltip', hidden: true, 'aria-hidden': 'true' });

  hide(): void {
    if (!this.element.hidden) this.element.hidden = true;
  }

  /** Shows a text at a place from the plot's left, below the card or, where there is no room, above it. */
  show({ title, rows, more, none }: TooltipText, plot: HTMLElement, x: number): void {
    this.element.replaceChildren(
      h('div', { class: 'at' }, title),
      ...rows.map((row) =>
        h(
          'div',
          { class: row.strong ? 'reading strong' : 'reading' },
          row.swatch,
          h('span', { class: 'name' }, row.name),
          h('span', {}, row.text),
        ),
      ),
      ...(more > 0 ? [h('div', { class: 'muted' }, t('+{0} more', more))] : []),
      ...(none === undefined ? [] : [h('div', { class: 'muted' }, none)]),
    );
    this.element.hidden = false;
    const around = plot.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const below = around.bottom + height + 12 <= window.innerHeight || around.top < height + 48;
    this.element.classList.toggle('above', !below);
    const left = Math.min(x - width / 2, window.innerWidth - around.left - width - 8);
    this.element.style.left = `${Math.round(Math.max(4 - around.left, left))}px`;
  }
}
