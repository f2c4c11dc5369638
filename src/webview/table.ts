import { h } from './dom';

/** A chart as a table: per node the newest, smallest, mean and largest value of the window. */
export function summaryTable(
  lines: readonly { name: string; values: readonly (number | null)[] }[],
  write: (value: number) => string,
): HTMLElement {
  const head = h('tr', {}, ...['Node', 'Now', 'Min', 'Mean', 'Max'].map((title) => h('th', { scope: 'col' }, title)));
  const rows = lines.map(({ name, values }) => {
    const kept = values.filter((value) => value !== null);
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
    const cells =
      kept.length === 0
        ? ['no data', '', '', '']
        : [kept.at(-1) as number, Math.min(...kept), mean, Math.max(...kept)].map(write);
    return h('tr', {}, h('th', { scope: 'row' }, name), ...cells.map((text) => h('td', {}, text)));
  });
  return h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows));
}
