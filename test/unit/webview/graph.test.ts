import { describe, expect, it } from 'vitest';
import { strongestEdges } from '../../../src/core/diagnosis/graph/strongestEdges';
import { graphFocus, opensGraph } from '../../../src/webview/nodes/graphFocus';
import { circlePlaces, GRAPH_SIZE, nodeRadius } from '../../../src/webview/nodes/graphLayout';

describe('the anomaly graph', () => {
  it('keeps the heaviest edges and counts the others', () => {
    const weights = Float64Array.of(0, 0.9, 0.2, 0.9, 0, 0.5, 0.2, 0.5, 0);
    const graph = { nodes: ['a', 'b', 'c'], weights };
    expect(strongestEdges(graph, 2)).toEqual({
      edges: [
        { from: 0, to: 1, weight: 0.9 },
        { from: 1, to: 2, weight: 0.5 },
      ],
      left: 1,
    });
    expect(strongestEdges(graph, 9).left).toBe(0);
    // Not the heaviest, but those of the node that is asked for.
    expect(strongestEdges(graph, 2, new Set(['c']))).toEqual({
      edges: [
        { from: 1, to: 2, weight: 0.5 },
        { from: 0, to: 2, weight: 0.2 },
      ],
      left: 1,
    });
    expect(strongestEdges({ nodes: ['a', 'b'], weights: new Float64Array(4) }, 9)).toEqual({ edges: [], left: 0 });
  });

  it.each([1, 2, 3, 12, 40, 100])('keeps %i nodes inside, apart from each other', (count) => {
    const most = nodeRadius(1, count);
    const places = circlePlaces(count, most);
    expect(places).toHaveLength(count);
    for (const { x, y } of places) {
      expect(Math.min(x, y) - most).toBeGreaterThanOrEqual(0);
      expect(Math.max(x, y) + most).toBeLessThanOrEqual(GRAPH_SIZE);
    }
    const healthy = nodeRadius(0, count);
    const [first, second] = places;
    if (first && second) expect(Math.hypot(first.x - second.x, first.y - second.y)).toBeGreaterThan(2 * healthy * 0.95);
  });

  it('draws of many nodes only the anomalous ones and those most similar to them', () => {
    const nodes = Array.from({ length: 13 }, (_, i) => ({
      node: `n${i}`,
      rank: i === 7 ? 1 : 0,
      influence: 1,
      anomalous: i === 7,
    }));
    const edges = [
      { from: 2, to: 7, weight: 0.9 },
      { from: 0, to: 1, weight: 0.8 },
      { from: 7, to: 9, weight: 0.7 },
      { from: 2, to: 9, weight: 0.6 },
      { from: 7, to: 11, weight: 0.5 },
      { from: 7, to: 12, weight: 0.4 },
    ];
    const graph = { nodes, edges, left: 5 };
    const drawn = graphFocus(graph);
    expect(drawn.nodes.map(({ node }) => node)).toEqual(['n2', 'n7', 'n9', 'n11']);
    expect(drawn.edges.map(({ from, to }) => [drawn.nodes[from]?.node, drawn.nodes[to]?.node])).toEqual([
      ['n2', 'n7'],
      ['n7', 'n9'],
      ['n2', 'n9'],
      ['n7', 'n11'],
    ]);
    expect(graphFocus({ ...graph, nodes: nodes.map((one) => ({ ...one, anomalous: false })) }).nodes).toEqual([]);
    const few = { nodes: nodes.slice(0, 12), edges: edges.slice(0, 5), left: 0 };
    expect(graphFocus(few)).toBe(few);
    expect([6, 7].map(opensGraph)).toEqual([false, true]);
  });
});
