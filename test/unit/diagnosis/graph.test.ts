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
