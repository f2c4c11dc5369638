import { describe, expect, it } from 'vitest';
import { strongestEdges } from '../../../src/core/diagnosis/strongestEdges';
import { circlePlaces, GRAPH_SIZE, nodeRadius, shortNames } from '../../../src/webview/graphLayout';

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

  it('names nodes by what tells them apart', () => {
    expect(shortNames(['ob-1-zone1-a', 'ob-1-zone2-b'])).toEqual(['zone1-a', 'zone2-b']);
    expect(shortNames(['mysql-0', 'mysql-1'])).toEqual(['0', '1']);
    expect(shortNames(['a', 'b'])).toEqual(['a', 'b']);
    expect(shortNames(['alone-1'])).toEqual(['alone-1']);
  });
});
