import type { NodeLook } from '../../core/base/nodeLook';
import type { CardContent } from './chartContent';
import { h, setText } from '../elements/dom';
import { swatch } from '../elements/swatch';
import { newest } from '../elements/table';
import { t } from '../texts';
import { lineLook, type Theme } from '../theme';

/**
 * The line that a chart's head speaks of, with its value at a place of the axis (-1: the newest): the first of `first`
 * that has one, else the highest.
 */
export function inHead(
  { lines, ofNodes }: Pick<CardContent, 'lines' | 'ofNodes'>,
  index: number,
  shown: (name: string) => boolean,
  first: readonly string[],
): { name: string; value: number } | undefined {
  let best: { name: string; value: number; place: number } | undefined;
  for (const { name, values } of lines) {
    if (ofNodes && !shown(name)) continue;
    const value = index < 0 ? (newest(values) ?? NaN) : (values[index] ?? NaN);
    if (Number.isNaN(value)) continue;
    const found = first.indexOf(name);
    const place = found < 0 ? first.length : found;
    if (!best || place < best.place || (place === best.place && value > best.value)) best = { name, value, place };
  }
  return best && { name: best.name, value: best.value };
}

/** The end of a chart's head: one line's mark, name and value. */
export class CardHead {
  readonly #mark = h('span', { class: 'mark' });
  readonly #name = h('span', { class: 'name' });
  readonly #value = h('span', { class: 'value' });
  readonly element = h('span', { class: 'now' }, this.#mark, this.#name, this.#value);
  #marked = '';

  show(line: { name: string; short: string; value: string; look: NodeLook } | undefined, theme: Theme): void {
    setText(this.#name, line?.short ?? '');
    this.#name.title = line?.name ?? '';
    setText(this.#value, line?.value ?? t('no data'));
    const key = line ? JSON.stringify(lineLook(theme, line.look)) : '';
    if (key === this.#marked) return;
    this.#marked = key;
    this.#mark.replaceChildren(...(line ? [swatch(theme, line.look)] : []));
  }
}
