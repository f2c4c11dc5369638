import { formatRank, formatValue } from './format';
import type { CardContent } from './chartContent';
import { RANK_CHART } from './chartContent';
import { t } from './texts';

/** Lines that a tooltip names; the rest is counted. */
const MOST = 12;

/** How a chart's values are written. */
export const writeOf =
  ({ id, unit }: Pick<CardContent, 'id' | 'unit'>): ((value: number) => string) =>
  (value) =>
    id === RANK_CHART ? formatRank(value) : formatValue(value, unit);

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

/** What the shown lines read at a place of the axis, highest first, with how many more there are. */
export function readings(
  content: CardContent,
  index: number,
  shown: (name: string) => boolean,
): { list: Reading[]; more: number } {
  const write = writeOf(content);
  const all: { name: string; value: number }[] = [];
  for (const { name, values } of content.lines) {
    const value = values[index] ?? NaN;
    if (!Number.isNaN(value) && (!content.ofNodes || shown(name))) all.push({ name, value });
  }
  all.sort((a, b) => b.value - a.value);
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
