import type { PanelGraph, PanelGraphNode } from '../../shared/truthMessages';
import { h, setText } from '../elements/dom';
import { svg } from '../elements/svg';
import { t } from '../texts';
import { shortNames } from './focus';
import { drawnGraph, opensGraph, type DrawnGraph } from './graphFocus';
import {
  circlePlaces,
  columnPlaces,
  edgePath,
  graphExtent,
  graphLabel,
  GRAPH_WIDTH,
  nodeRadius,
  type GraphPlace,
} from './graphLayout';
import { describeNode, graphTable, leftOut } from './graphWords';

/**
 * The compound anomaly graph: a circle per node, larger and fuller the higher its score, and a line per edge, thicker the
 * heavier it is; of many nodes only the anomalous and their nearest, in two columns. One stop of the tab key, arrows go
 * from node to node; what a node is stands below, and in a table. Folded where there are few nodes, until somebody unfolds it.
 */
export class GraphView {
  readonly element: HTMLDetailsElement;
  readonly #drawing = h('div', { class: 'graph-drawing' });
  readonly #words = h('p', { class: 'muted graph-words' });
  readonly #note = h('p', { class: 'muted graph-note' });
  readonly #table = h('div', { class: 'table' });
  #graph: PanelGraph | undefined;
  #edges: PanelGraph['edges'] = [];
  /** The nodes that are drawn, by their places in the graph. */
  #drawn: readonly number[] = [];
  #shown = '';
  #colours: ReadonlyMap<string, string> = new Map();
  /** Nodes for which it was folded or unfolded by itself; what a user does with it stays while they are as many. */
  #opened: boolean | undefined;
  #active = 0;
  #nodes: SVGGElement[] = [];
  #lines: SVGPathElement[] = [];

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
    this.element.hidden = !graph || graph.nodes.length < 2; // one node is like no other
    const key = JSON.stringify([graph, graph?.nodes.map(({ node }) => colours.get(node))]);
    if (!graph || key === this.#shown) return;
    this.#shown = key;
    this.#colours = colours;
    const opens = opensGraph(graph.nodes.length);
    if (opens !== this.#opened) this.element.open = this.#opened = opens;
    this.#show(graph, drawnGraph(graph));
  }

  #show(graph: PanelGraph, drawn: DrawnGraph): void {
    this.#graph = graph;
    this.#edges = drawn.edges;
    const focused = this.#nodes.indexOf(document.activeElement as unknown as SVGGElement);
    this.#drawn = drawn.edges.length > 0 || drawn.shape === 'circle' ? [...drawn.first, ...drawn.similar] : [];
    this.#active = Math.max(0, Math.min(this.#active, this.#drawn.length - 1));
    this.#drawing.hidden = this.#drawn.length === 0;
    this.#draw(graph, drawn);
    if (focused >= 0) this.#nodes[Math.min(focused, this.#nodes.length - 1)]?.focus();
    else this.#light(undefined);
    setText(this.#note, leftOut(graph, drawn));
    this.#table.replaceChildren(graphTable(graph));
  }

  #draw(graph: PanelGraph, { first, similar, shape }: DrawnGraph): void {
    if (this.#drawn.length === 0) {
      this.#nodes = this.#lines = [];
      return this.#drawing.replaceChildren();
    }
    const columns = shape === 'columns';
    const places = columns ? columnPlaces([first.length, similar.length]) : circlePlaces(this.#drawn.length);
    const placeOf = (node: number): GraphPlace => places[this.#drawn.indexOf(node)] as GraphPlace;
    const { top, height } = graphExtent(places);
    this.#lines = this.#edges.map(({ from, to, weight }) => {
      const ends = first.includes(to) && !first.includes(from) ? [to, from] : [from, to];
      const [a, b] = ends as [number, number];
      const line = svg('path', {
        class: 'edge',
        d: edgePath(placeOf(a), placeOf(b), columns && first.includes(b)),
        'stroke-width': (0.5 + 5 * weight).toFixed(2),
      });
      // Whose edge it is: of several anomalous nodes each has its own.
      if (columns) line.style.setProperty('--node', this.#colourOf(graph, a));
      return line;
    });
    const short = shortNames(graph.nodes.map(({ node }) => node));
    this.#nodes = this.#drawn.map((node, i) =>
      this.#node(graph, i, short.get(graph.nodes[node]?.node ?? '') ?? '', placeOf(node)),
    );
    const headings = columns
      ? [[first, t('Anomalous'), places[0]] as const, [similar, t('Most similar'), places[first.length]] as const]
      : [];
    const picture = svg(
      'svg',
      {
        viewBox: `0 ${top.toFixed(1)} ${GRAPH_WIDTH} ${height.toFixed(1)}`,
        role: 'group',
        'aria-label': t('Anomaly graph of {0} nodes; arrow keys go from node to node', this.#drawn.length),
      },
      ...headings.flatMap(([nodes, title, place]) =>
        place && nodes.length > 0
          ? [svg('text', { class: 'heading', x: place.labelX, y: top + 11, 'text-anchor': place.anchor }, title)]
          : [],
      ),
      ...this.#lines,
      ...this.#nodes,
    );
    picture.addEventListener('keydown', (event) => this.#key(event));
    this.#drawing.replaceChildren(picture);
  }

  #colourOf({ nodes }: PanelGraph, node: number): string {
    return this.#colours.get(nodes[node]?.node ?? '') ?? '';
  }

  /** The node at a place of those that are drawn. */
  #node(graph: PanelGraph, i: number, name: string, { x, y, labelX, labelY, anchor }: GraphPlace): SVGGElement {
    const place = this.#drawn[i] as number;
    const { rank, anomalous } = graph.nodes[place] as PanelGraphNode;
    const words = describeNode(graph, place);
    const circle = { cx: x, cy: y, r: nodeRadius(rank) };
    const opacity = Number.isFinite(rank) ? (0.1 + 0.9 * rank).toFixed(2) : 0;
    const group = svg(
      'g',
      {
        class: anomalous ? 'node anomalous' : 'node',
        role: 'img',
        tabindex: i === this.#active ? 0 : -1,
        'aria-label': words,
      },
      svg('title', {}, words),
      svg('circle', { class: 'ground', ...circle }),
      svg('circle', { class: 'fill', ...circle, 'fill-opacity': opacity }),
      svg('text', { x: labelX, y: labelY, 'text-anchor': anchor }, graphLabel(name)),
    );
    group.style.setProperty('--node', this.#colourOf(graph, place));
    group.addEventListener('focus', () => this.#focus(i));
    group.addEventListener('blur', () => this.#light(undefined));
    group.addEventListener('mouseenter', () => this.#light(i));
    group.addEventListener('mouseleave', () => this.#light(undefined));
    return group;
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
    const node = i === undefined ? undefined : this.#drawn[i];
    this.#drawing.classList.toggle('lit', node !== undefined);
    this.#edges.forEach(({ from, to }, k) =>
      this.#lines[k]?.classList.toggle('of-node', node !== undefined && (from === node || to === node)),
    );
    const legend = this.#drawn.length > 0 ? t('Node size and fill: anomaly score. Edge width: similarity.') : '';
    setText(this.#words, node === undefined ? legend : describeNode(graph, node));
  }
}
