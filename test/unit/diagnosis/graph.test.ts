import { describe, expect, it } from 'vitest';
import { anomalyGraph } from '../../../src/core/diagnosis/graph/graph';
import { influence } from '../../../src/core/diagnosis/graph/influence';
import type { NodeObservation } from '../../../src/core/diagnosis/types';

const node = (name: string, metrics: Record<string, number[]>): NodeObservation => ({
  name,
  metrics: Object.fromEntries(
    Object.entries(metrics).map(([metric, window]) => [
      metric,
      { baseline: new Float64Array(), window: Float64Array.from(window) },
    ]),
  ),
});

describe('the compound anomaly graph', () => {
  it('is the mean absolute correlation, worked out by hand', () => {
    // r([1,2,3],[2,4,6]) = 1; r([1,2,3],[1,3,2]) = 0.5
    const weights = anomalyGraph([
      node('a', { m: [1, 2, 3], n: [1, 2, 3] }),
      node('b', { m: [6, 4, 2], n: [1, 3, 2] }),
    ]);
    expect(weights[1]).toBeCloseTo((1 + 0.5) / 2, 12);
    expect(weights[2]).toBe(weights[1]);
    expect(weights[0]).toBe(0);
  });

  it('counts a constant series and a gap as no correlation, never NaN', () => {
    const weights = anomalyGraph([
      node('a', { m: [5, 5, 5], g: [NaN, NaN, NaN] }),
      node('b', { m: [1, 2, 3], g: [1, 2, 3] }),
    ]);
    expect(weights[1]).toBe(0);
    expect([...weights].every(Number.isFinite)).toBe(true);
  });

  it('looks at a short window with what came before it: two samples are always in line', () => {
    const stretch = (baseline: number[], window: number[]): NodeObservation['metrics'] => ({
      m: { baseline: Float64Array.from(baseline), window: Float64Array.from(window) },
    });
    // Of 30 samples before, the last 18 count: of a and b they are unrelated, of a and c the same.
    const old = Array.from({ length: 12 }, (_, i) => i);
    const a = Array.from({ length: 18 }, (_, i) => i % 2);
    const b = Array.from({ length: 18 }, (_, i) => (i >> 1) % 2);
    const [ab, ac] = [b, a].map((other) => {
      const weights = anomalyGraph([
        { name: 'a', metrics: stretch([...old, ...a], [0, 1]) },
        { name: 'other', metrics: stretch([...old.map((x) => -x), ...other], [0, 1]) },
      ]);
      return weights[1] as number;
    });
    expect(ac).toBeCloseTo(1, 12);
    expect(ab).toBeLessThan(0.2);
    // A metric that has no sample in the window says nothing, whatever it said before.
    const gone = anomalyGraph([
      { name: 'a', metrics: stretch(a, [NaN, NaN]) },
      { name: 'b', metrics: stretch(a, [0, 1]) },
    ]);
    expect(gone[1]).toBe(0);
  });

  it('is as published where the window is long', () => {
    const windows = [0, 1].map((power) => Float64Array.from({ length: 20 }, (_, i) => i ** (1 + power)));
    const graph = (baseline: Float64Array): number[] => [
      ...anomalyGraph(windows.map((window, i) => ({ name: `n${i}`, metrics: { m: { baseline, window } } }))),
    ];
    expect(graph(Float64Array.from({ length: 30 }, (_, i) => -i))).toEqual(graph(new Float64Array()));
  });
});

describe('influence', () => {
  it('is the fixed point of PR(i) = 0.15 + 0.85 Σ PR(j) w²', () => {
    // A line a–b–c with w = 0.5: PR_a = 0.15 + 0.2125 PR_b, PR_b = 0.15 + 0.425 PR_a
    const weights = Float64Array.from([0, 0.5, 0, 0.5, 0, 0.5, 0, 0.5, 0]);
    const b = (0.15 + 0.425 * 0.15) / (1 - 0.425 * 0.2125);
    const a = 0.15 + 0.2125 * b;
    const mean = (2 * a + b) / 3;
    const ranks = influence(weights, 3);
    expect(ranks[0]).toBeCloseTo(a / mean, 6);
    expect(ranks[1]).toBeCloseTo(b / mean, 6);
  });

  it('is 1 for nodes that nothing connects, and finite for many that everything does', () => {
    expect([...influence(new Float64Array(9), 3)]).toEqual([1, 1, 1]);
    const ranks = influence(new Float64Array(2500).fill(1), 50);
    expect([...ranks].every((rank) => Math.abs(rank - 1) < 1e-6)).toBe(true);
  });
});
