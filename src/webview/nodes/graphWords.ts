import { formatPercent } from '../../core/base/percent';
import { inARow } from '../../core/base/text';
import type { PanelGraph, PanelGraphNode } from '../../shared/truthMessages';
import { h } from '../elements/dom';
import { t } from '../texts';
import { MOST_ANOMALOUS, NEAREST, type DrawnGraph } from './graphFocus';

/** What is not drawn, in a sentence or two. */
export function leftOut({ nodes }: PanelGraph, { first, similar, edges, shape }: DrawnGraph): string {
  if (shape === 'circle') return '';
  if (first.length === 0) return t('No node is anomalous: there is nothing to draw.');
  if (edges.length === 0) return t('No other node is similar to an anomalous one.');
  const anomalous = nodes.filter((node) => node.anomalous).length;
  const hidden = nodes.length - first.length - similar.length;
  return inARow(
    anomalous > first.length
      ? t('Shows only the {0} strongest edges of each of the {1} most anomalous nodes.', NEAREST, MOST_ANOMALOUS)
      : t('Shows only the {0} strongest edges of each anomalous node.', NEAREST),
    hidden > 0 ? t('{0} of {1} nodes are only in the table.', hidden, nodes.length) : '',
  );
}

const scoreText = (score: number): string => (Number.isFinite(score) ? formatPercent(score) : t('no data'));
const influenceText = (influence: number): string => `×${influence.toFixed(1)}`;

/** What a node is besides its score. */
function details({ nodes, edges }: PanelGraph, i: number): string {
  const influence = t('influence {0} the average', influenceText((nodes[i] as PanelGraphNode).influence));
  const heaviest = edges.find(({ from, to }) => from === i || to === i);
  const other = heaviest && nodes[heaviest.from === i ? heaviest.to : heaviest.from];
  return heaviest && other
    ? `${influence}, ${t('most similar to {0} ({1})', other.node, formatPercent(heaviest.weight))}`
    : influence;
}

/** A node in words. */
export function describeNode(graph: PanelGraph, i: number): string {
  const { node, rank } = graph.nodes[i] as PanelGraphNode;
  return `${t('{0}: anomaly score {1}', node, scoreText(rank))}, ${details(graph, i)}`;
}

/** The nodes as a table. Two lines for each, so that a narrow column cuts nothing off. */
export function graphTable(graph: PanelGraph): HTMLElement {
  const order = graph.nodes.map((_, i) => i);
  order.sort((a, b) => (graph.nodes[b]?.rank || 0) - (graph.nodes[a]?.rank || 0));
  return h(
    'table',
    {},
    h('thead', {}, h('tr', {}, ...[t('Node'), t('Anomaly score')].map((title) => h('th', { scope: 'col' }, title)))),
    h(
      'tbody',
      {},
      ...order.map((i) => {
        const { node, rank } = graph.nodes[i] as PanelGraphNode;
        const name = h('th', { scope: 'row' }, node, h('div', { class: 'muted' }, details(graph, i)));
        return h('tr', {}, name, h('td', {}, scoreText(rank)));
      }),
    ),
  );
}
