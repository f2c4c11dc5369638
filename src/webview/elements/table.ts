import { h } from './dom';
import { t } from '../texts';
import { extent } from '../charts/valueScale';

/** One line's values in a chart; NaN = no sample. */
export interface Line {
  name: string;
  values: Float64Array;
}

/** A sample older than this many steps does not count as current: the node no longer reports. */
const FRESH_STEPS = 4;

/** The current value; undefined if the newest samples are missing. */
export function newest(values: Line['values']): number | undefined {
  for (let i = values.length - 1; i >= Math.max(0, values.length - FRESH_STEPS); i--)
    if (!Number.isNaN(values[i])) return values[i];
  return undefined;
}

function mean(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values)
    if (!Number.isNaN(value)) {
      sum += value;
      count += 1;
    }
  return sum / count;
}

/** A chart as a table: for each node the newest, smallest, mean and largest value of the window, and the value at one time. */
export function summaryTable(
  caption: string,
  lines: readonly Line[],
  write: (value: number) => string,
  at: { title: string; index: number } | undefined,
): HTMLElement {
  const titles = [t('Node'), ...(at ? [at.title] : []), t('Now'), t('Min'), t('Mean'), t('Max')];
  const head = h('tr', {}, ...titles.map((title) => h('th', { scope: 'col' }, title)));
  const written = (value: number | undefined): string =>
    value === undefined || Number.isNaN(value) ? t('no data') : write(value);
  const rows = lines.map(({ name, values }) => {
    const ends = extent([values]);
    const cells = [
      ...(at ? [written(values[at.index])] : []),
      written(newest(values)),
      ...(ends ? [ends.low, mean(values), ends.high].map(write) : ['', '', '']),
    ];
    return h('tr', {}, h('th', { scope: 'row' }, name), ...cells.map((text) => h('td', {}, text)));
  });
  return h(
    'table',
    {},
    h('caption', { class: 'visually-hidden' }, caption),
    h('thead', {}, head),
    h('tbody', {}, ...rows),
  );
}
