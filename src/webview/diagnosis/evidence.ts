import { metricDefinition } from '../../core/metrics/catalogue';
import type { PanelReason } from '../../shared/protocol';
import { h } from '../elements/dom';
import { formatValue } from '../format';
import { named, t } from '../texts';

/** A value as a multiple of the baseline: `×2`, `×0.31`; empty if the baseline is 0 or the signs differ. */
export function factorText(value: number, baseline: number): string {
  const factor = value / baseline;
  if (!Number.isFinite(factor) || factor < 0) return '';
  if (factor >= 1000) return '×1000+';
  return `×${factor >= 100 ? Math.round(factor) : Number(factor.toPrecision(2))}`;
}

/** Why a pair was named: one row per metric, with a link to the metric's chart. */
export function evidenceTable(
  { title, node }: { title: string; node: string },
  reasons: readonly PanelReason[],
  show: (metric: string) => void,
): HTMLElement {
  const titles = [t('Metric'), t('Now'), t('Baseline'), t('Factor')];
  return h(
    'table',
    { class: 'reasons' },
    h('caption', { class: 'visually-hidden' }, t('Evidence for {0} on {1}', title, node)),
    h('thead', {}, h('tr', {}, ...titles.map((one) => h('th', { scope: 'col' }, one)))),
    h('tbody', {}, ...reasons.map((reason) => row(reason, show))),
  );
}

function row(
  { metric, text, direction, value, baseline, atPeers }: PanelReason,
  show: (metric: string) => void,
): HTMLElement {
  const definition = metricDefinition(metric);
  const [now, normal] = [value, baseline].map((one) => formatValue(one, definition?.unit));
  const factor = factorText(value, baseline);
  const name = definition ? named(String(definition.title)) : metric;
  const shown = atPeers ? t('{0}, seen by the peers', name) : name;
  // The accessible name contains the visible words, which speech control uses.
  const said = text.includes(shown) ? text : `${shown}: ${text}`;
  return h(
    'tr',
    // A click anywhere in the row works; the keyboard uses the button.
    { class: direction, title: t('Show the chart'), onclick: () => show(metric) },
    h('th', { scope: 'row' }, h('button', { class: 'row-link', 'aria-label': said }, shown)),
    h('td', { class: 'value' }, now),
    h('td', { class: 'baseline' }, normal),
    h('td', { class: 'factor' }, factor === '' ? (direction === 'up' ? '↑' : '↓') : factor),
  );
}
