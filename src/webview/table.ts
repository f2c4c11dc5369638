import { h } from './dom';
import { t } from './texts';

/** One node's values in a chart. */
export interface Line {
  name: string;
  values: readonly (number | null)[];
}

/** A sample older than this many steps is not the newest any more: the node has fallen silent. */
const FRESH_STEPS = 4;

/** The value that stands for now; undefined where the newest samples are missing. */
export function newest(values: Line['values']): number | undefined {
  return values.slice(-FRESH_STEPS).findLast((value) => value !== null) ?? undefined;
}

/** A chart as a table: per node the newest, smallest, mean and largest value of the window. */
export function summaryTable(lines: readonly Line[], write: (value: number) => string): HTMLElement {
  const head = h(
    'tr',
    {},
    ...[t('Node'), t('Now'), t('Min'), t('Mean'), t('Max')].map((title) => h('th', { scope: 'col' }, title)),
  );
  const rows = lines.map(({ name, values }) => {
    const kept = values.filter((value) => value !== null);
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
    const now = newest(values);
    const cells = [
      now === undefined ? t('no data') : write(now),
      ...(kept.length === 0 ? ['', '', ''] : [Math.min(...kept), mean, Math.max(...kept)].map(write)),
    ];
    return h('tr', {}, h('th', { scope: 'row' }, name), ...cells.map((text) => h('td', {}, text)));
  });
  return h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows));
}
