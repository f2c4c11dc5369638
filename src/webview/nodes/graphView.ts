import type { PanelGraph, PanelGraphNode } from '../../shared/truthMessages';
import { h, setText } from '../elements/dom';
import { shortNames } from './focus';
import { graphFocus, opensGraph } from './graphFocus';
import { circlePlaces, GRAPH_SIZE, graphExtent, nodeRadius } from './graphLayout';
import { formatPercent } from '../../core/base/percent';
import { svg } from '../elements/svg';
import { t } from '../texts';

/** Beyond so many nodes only the sick ones have their names beside them. */
const MOST_LABELS = 12;

/**
 * The compound anomaly graph: a circle per node, larger and fuller the higher its score, and a line per edge, thicker the
 * heavier it is; of many nodes only the anomalous and their nearest. One stop of the tab key, arrows go from node to node;
 * what a node is stands below, and in a table. Folded where there are few nodes, until somebody unfolds it.
 */
export class GraphView {
  readonly element: HTMLDetailsElement;
  readonly #drawing = h('div', { class: 'graph-drawing' });
  readonly #words = h('p', { class: 'muted graph-words' });
  readonly #note = h('p', { class: 'muted' });
  readonly #table = h('div', { class: 'table' });
  #graph: PanelGraph | undefined;
  #shown = '';
  #colours: ReadonlyMap<string, string> = new Map();
  /** Nodes for which it was folded or unfolded by itself; what a user does with it stays while they are as many. */
  #opened: boolean | undefined;
  #active = 0;
  #nodes: SVGGElement[] = [];
  #lines: SVGLineElement[] = [];

  constructor() {
    this.element = h(
      'details',
      { class: 'graph' },
      h('summary', {}, h('h3', {}, t('Anomaly graph'))),
      this.#drawing,
      this.#words,
      this.#note,
      h('details', { class: 'twin' }, h('summary', {}, t('As a table')), this.#table),
    );
  }

  /** `colours`: of the nodes, as the charts have them. */
  update(graph: PanelGraph | undefined, colours: ReadonlyMap<string, string> = new Map()): void {
    this.element.hidden = !graph || graph.nodes.length === 0;
    const key = JSON.stringify([graph, graph?.nodes.map(({ node }) => colours.get(node))]);
    if (!graph || key === this.#shown) return;
    this.#shown = key;
    this.#colours = colours;
    const opens = opensGraph(graph.nodes.length);
    if (opens !== this.#opened) this.element.open = this.#opened = opens;
    const focus = graphFocus(graph);
    const isAlone = focus !== graph && focus.edges.length === 0;
    this.#show(isAlone ? { ...focus, nodes: [] } : focus, graph);
  }

  /** Draws `graph`, which may be a part of `whole`. */
  #show(graph: PanelGraph, whole: PanelGraph): void {
    this.#graph = graph;
    const focused = this.#nodes.indexOf(document.activeElement as unknown as SVGGElement);
    this.#active = Math.max(0, Math.min(this.#active, graph.nodes.length - 1));
    this.#drawing.hidden = graph.nodes.length === 0;
    this.#draw(graph);
    if (focused >= 0) this.#nodes[Math.min(focused, this.#nodes.length - 1)]?.focus();
    else this.#light(undefined);
    setText(this.#note, noteText(graph, whole));
    this.#table.replaceChildren(table(whole));
  }

  #draw(graph: PanelGraph): void {
    const { nodes, edges } = graph;
    const count = nodes.length;
    if (count === 0) {
      this.#nodes = this.#lines = [];
      return this.#drawing.replaceChildren();
    }
    const most = nodeRadius(1, count);
    const places = circlePlaces(count, most);
    const { top, height } = graphExtent(places, most);
    const short = shortNames(nodes.map(({ node }) => node));
    this.#lines = edges.map(({ from, to, weight }) => {
      const [a, b] = [places[from], places[to]];
      return svg('line', {
        class: 'edge',
        x1: a?.x,
        y1: a?.y,
        x2: b?.x,
        y2: b?.y,
        'stroke-width': (0.5 + 5 * weight * Math.min(1, 30 / edges.length)).toFixed(2),
      });
    });
    this.#nodes = nodes.map((node, i) => {
      const place = places[i] as (typeof places)[number];
      const labelled = count <= MOST_LABELS || node.anomalous;
      const radius = nodeRadius(node.rank, count);
      const group = svg(
        'g',
        {
          class: node.anomalous ? 'node sick' : 'node',
          role: 'img',
          tabindex: i === this.#active ? 0 : -1,
          'aria-label': describe(graph, i),
        },
        svg('title', {}, describe(graph, i)),
        svg('circle', { class: 'ground', cx: place.x, cy: place.y, r: radius }),
        svg('circle', {
          class: 'fill',
          cx: place.x,
          cy: place.y,
          r: radius,
          'fill-opacity': Number.isFinite(node.rank) ? (0.1 + 0.9 * node.rank).toFixed(2) : 0,
        }),
        ...(labelled
          ? [
              svg(
                'text',
                { x: place.labelX, y: place.labelY, 'text-anchor': 'middle' },
                short.get(node.node) ?? node.node,
              ),
            ]
          : []),
      );
      group.style.setProperty('--node', this.#colours.get(node.node) ?? '');
      group.addEventListener('focus', () => this.#focus(i));
      group.addEventListener('blur', () => this.#light(undefined));
      group.addEventListener('mouseenter', () => this.#light(i));
      group.addEventListener('mouseleave', () => this.#light(undefined));
      return group;
    });
    const picture = svg(
      'svg',
      {
        viewBox: `0 ${top.toFixed(1)} ${GRAPH_SIZE} ${height.toFixed(1)}`,
        role: 'group',
        'aria-label': t('Anomaly graph of {0} nodes; arrow keys go from node to node', count),
      },
      ...this.#lines,
      ...this.#nodes,
    );
    picture.addEventListener('keydown', (event) => this.#key(event));
    this.#drawing.replaceChildren(picture);
  }

  #key(event: KeyboardEvent): void {
    const count = this.#nodes.length;
    const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const step = steps[event.key];
    const next =
      step !== undefined
        ? (this.#active + step + count) % count
        : event.key === 'Home'
          ? 0
          : event.key === 'End'
            ? count - 1
            : undefined;
    if (next === undefined) return;
    event.preventDefault();
    this.#nodes[next]?.focus();
  }

  #focus(i: number): void {
    this.#nodes[this.#active]?.setAttribute('tabindex', '-1');
    this.#active = i;
    this.#nodes[i]?.setAttribute('tabindex', '0');
    this.#light(i);
  }

  /** Brings a node's edges out and says what it is; undefined = none. */
  #light(i: number | undefined): void {
    const graph = this.#graph;
    if (!graph) return;
    this.#drawing.classList.toggle('lit', i !== undefined);
    graph.edges.forEach(({ from, to }, k) =>
      this.#lines[k]?.classList.toggle('of-node', i !== undefined && (from === i || to === i)),
    );
    const { length } = graph.nodes;
    const legend = length > 0 ? t('Node size and fill: anomaly score. Edge width: similarity.') : '';
    setText(this.#words, i === undefined ? legend : describe(graph, i));
  }
}

/** What is not drawn, in a sentence. */
function noteText(graph: PanelGraph, whole: PanelGraph): string {
  if (graph.nodes.length === 0)
    return whole.nodes.some(({ anomalous }) => anomalous)
      ? t('No other node is similar to an anomalous one.')
      : t('No node is anomalous: there is nothing to draw.');
  if (graph !== whole)
    return t(
      'Only the anomalous nodes and those most similar to them are drawn: {0} of {1}.',
      graph.nodes.length,
      whole.nodes.length,
    );
  return graph.left > 0
    ? t('The {0} strongest edges are drawn; {1} weaker ones are not.', graph.edges.length, graph.left)
    : '';
}

const scoreText = (score: number): string => (Number.isFinite(score) ? formatPercent(score) : t('no data'));
const influenceText = (influence: number): string => `×${influence.toFixed(1)}`;

/** The heaviest edge of a node, with the node at its other end. */
function strongest({ nodes, edges }: PanelGraph, i: number): { other: PanelGraphNode; weight: number } | undefined {
  const edge = edges.find(({ from, to }) => from === i || to === i);
  const other = edge && nodes[edge.from === i ? edge.to : edge.from];
  return edge && other && { other, weight: edge.weight };
}

/** What a node is besides its score. */
function details(graph: PanelGraph, i: number): string {
  const link = strongest(graph, i);
  const influence = t('influence {0} the average', influenceText((graph.nodes[i] as PanelGraphNode).influence));
  return link
    ? `${influence}, ${t('most similar to {0} ({1})', link.other.node, formatPercent(link.weight))}`
    : influence;
}

function describe(graph: PanelGraph, i: number): string {
  const { node, rank } = graph.nodes[i] as PanelGraphNode;
  return `${t('{0}: anomaly score {1}', node, scoreText(rank))}, ${details(graph, i)}`;
}

/** Two lines for each node, so that a narrow column cuts nothing off. */
function table(graph: PanelGraph): HTMLElement {
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
