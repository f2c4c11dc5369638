import { beforeAll, describe, expect, it, vi } from 'vitest';
import { strongestEdges } from '../../../src/core/diagnosis/graph/strongestEdges';
import type { PanelGraph } from '../../../src/shared/truthMessages';
import { drawnGraph, opensGraph, type DrawnGraph } from '../../../src/webview/nodes/graphFocus';
import {
  circlePlaces,
  columnPlaces,
  edgePath,
  graphExtent,
  graphLabel,
  GRAPH_WIDTH,
  nodeRadius,
  type GraphPlace,
} from '../../../src/webview/nodes/graphLayout';

/** The longest label in a wide font. */
const LABEL = 92;
interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

let leftOut: (graph: PanelGraph, drawn: DrawnGraph) => string;
beforeAll(async () => {
  vi.stubGlobal('document', { getElementById: () => null, documentElement: { lang: 'en' } });
  ({ leftOut } = await import('../../../src/webview/nodes/graphWords'));
});

describe('the anomaly graph', () => {
  it('keeps the heaviest edges of each node', () => {
    const weights = Float64Array.of(0, 0.9, 0.2, 0.9, 0, 0.5, 0.2, 0.5, 0);
    const graph = { nodes: ['a', 'b', 'c'], weights };
    // Of c its own heaviest, though others are heavier.
    expect(strongestEdges(graph, 1)).toEqual([
      { from: 0, to: 1, weight: 0.9 },
      { from: 1, to: 2, weight: 0.5 },
    ]);
    expect(strongestEdges(graph, 2)).toHaveLength(3);
    expect(strongestEdges({ nodes: ['a', 'b'], weights: new Float64Array(4) }, 9)).toEqual([]);
  });

  const overlaps = (a: Box, b: Box): boolean =>
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

  it.each<[string, GraphPlace[]]>([
    ...[1, 2, 3, 4, 5].map((count): [string, GraphPlace[]] => [`${count} nodes on a circle`, circlePlaces(count)]),
    ...(
      [
        [1, 3],
        [4, 12],
        [2, 0],
      ] as const
    ).map((counts): [string, GraphPlace[]] => [`${counts} nodes in columns`, columnPlaces(counts)]),
  ])('keeps %s and their labels inside, apart from each other', (_, places) => {
    const { top, height } = graphExtent(places);
    const radius = nodeRadius(1);
    const circles = places.map(({ x, y }) => ({ x: x - radius, y: y - radius, w: 2 * radius, h: 2 * radius }));
    const labels = places.map(({ labelX, labelY, anchor }) => ({
      x: labelX - LABEL * { start: 0, middle: 0.5, end: 1 }[anchor],
      y: labelY - 10,
      w: LABEL,
      h: 12,
    }));
    const boxes = [...circles, ...labels];
    for (const { x, y, w, h } of boxes) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + w).toBeLessThanOrEqual(GRAPH_WIDTH);
      expect(y).toBeGreaterThanOrEqual(top);
      expect(y + h).toBeLessThanOrEqual(top + height);
    }
    boxes.forEach((box, i) => boxes.slice(i + 1).forEach((other) => expect(overlaps(box, other)).toBe(false)));
  });

  it('keeps the end of a long label, which tells names apart', () => {
    expect(['zone2-a79', 'observer-zone2-a79'].map(graphLabel)).toEqual(['zone2-a79', '…er-zone2-a79']);
    expect(graphLabel('observer-zone2-a79')).toHaveLength(13);
  });

  it('bends an edge within a column around the nodes between its ends', () => {
    const [a, , c] = columnPlaces([3, 0]) as [GraphPlace, GraphPlace, GraphPlace];
    expect(edgePath(a, c, false)).toBe('M110.0 0.0L110.0 56.0');
    expect(edgePath(a, c, true)).toBe('M110.0 0.0Q178.0 28.0 110.0 56.0');
  });

  const graphOf = (count: number, anomalous: readonly number[], edges: PanelGraph['edges']): PanelGraph => ({
    nodes: Array.from({ length: count }, (_, i) => ({
      node: `n${i}`,
      rank: anomalous.includes(i) ? 0.9 + i / 1000 : 0,
      influence: 1,
      anomalous: anomalous.includes(i),
    })),
    edges,
  });
  const edge = (from: number, to: number, weight: number): PanelGraph['edges'][number] => ({ from, to, weight });

  it('draws of many nodes only the anomalous ones with their heaviest edges', () => {
    const edges = [
      edge(2, 5, 0.9),
      edge(0, 1, 0.8),
      edge(4, 5, 0.7),
      edge(2, 4, 0.6),
      edge(3, 5, 0.5),
      edge(1, 5, 0.4),
    ];
    const graph = graphOf(6, [5], edges);
    const drawn = drawnGraph(graph);
    expect(drawn).toEqual({
      first: [5],
      similar: [2, 4, 3],
      edges: [edges[0], edges[2], edges[4]],
      shape: 'columns',
    });
    expect(leftOut(graph, drawn)).toBe(
      'Shows only the 3 strongest edges of each anomalous node. 2 of 6 nodes are only in the table.',
    );
    const healthy = graphOf(6, [], edges);
    expect(drawnGraph(healthy)).toMatchObject({ first: [], similar: [], edges: [] });
    expect(leftOut(healthy, drawnGraph(healthy))).toBe('No node is anomalous: there is nothing to draw.');
    const alone = graphOf(6, [5], [edge(0, 1, 0.8)]);
    expect(leftOut(alone, drawnGraph(alone))).toBe('No other node is similar to an anomalous one.');
  });

  it('draws of many anomalous nodes the most anomalous, and says so', () => {
    const graph = graphOf(9, [0, 2, 3, 4, 5, 6], [edge(5, 6, 0.9), edge(2, 8, 0.8), edge(4, 7, 0.7), edge(6, 7, 0.6)]);
    const drawn = drawnGraph(graph);
    expect(drawn.first).toEqual([6, 5, 4, 3]);
    // In the order of the rows that they are linked with: 7 with the first and the third.
    expect(drawn.similar).toEqual([7]);
    expect(drawn.edges).toEqual([edge(5, 6, 0.9), edge(4, 7, 0.7), edge(6, 7, 0.6)]);
    expect(leftOut(graph, drawn)).toBe(
      'Shows only the 3 strongest edges of each of the 4 most anomalous nodes. 4 of 9 nodes are only in the table.',
    );
  });

  it('draws few nodes with all their edges, folded', () => {
    const few = graphOf(5, [1], [edge(0, 4, 0.2)]);
    expect(drawnGraph(few)).toEqual({ first: [0, 1, 2, 3, 4], similar: [], edges: few.edges, shape: 'circle' });
    expect(leftOut(few, drawnGraph(few))).toBe('');
    expect([5, 6].map(opensGraph)).toEqual([false, true]);
  });
});
