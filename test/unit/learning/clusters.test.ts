import { describe, expect, it } from 'vitest';
import { drawClusters } from '../../../src/core/learning/clusters';
import { isBetter, scoresText } from '../../../src/core/learning/trainingReport';
import type { RecordedRun } from '../../../src/core/learning/recording';
import { metricsOf, quietStretches, anomalousStretches } from '../../../src/core/learning/runStretches';

const run = (given: Partial<RecordedRun>): RecordedRun => ({
  id: 'r',
  types: ['cpu_stress'],
  rows: 120,
  abnormal: [30, 60],
  metrics: { m: Array.from({ length: 120 }, (_, i) => (i === 2 ? null : i)) },
  ...given,
});

describe('stretches of a run', () => {
  it('lie inside the anomaly when anomalous, after its onset, with the baseline before it', () => {
    const found = anomalousStretches(run({}), 4);
    expect(found).toHaveLength(4);
    for (const { baseline, window, types } of found) {
      expect(baseline).toEqual([0, 29]);
      expect(window[0]).toBeGreaterThanOrEqual(32);
      expect(window[1]).toBeLessThanOrEqual(60);
      expect(types).toEqual(['cpu_stress']);
    }
  });

  it('lie well after the anomaly when quiet, or anywhere in a normal run', () => {
    for (const { window, types } of quietStretches(run({}), 5)) {
      expect(window[0]).toBeGreaterThanOrEqual(70);
      expect(types).toEqual([]);
    }
    const [only] = quietStretches(run({ types: [], rows: 12, abnormal: [12, 12] }), 1);
    expect([only?.baseline, only?.window]).toEqual([
      [0, 6],
      [6, 12],
    ]);
  });

  it('are none where the run is too short', () => {
    expect(anomalousStretches(run({ abnormal: [30, 32] }), 3)).toEqual([]);
    expect(quietStretches(run({ rows: 64 }), 3)).toEqual([]);
  });

  it('keep gaps as gaps', () => {
    const { m } = metricsOf({ run: run({}), baseline: [0, 4], window: [4, 6] });
    expect([...(m?.baseline ?? [])]).toEqual([0, 1, NaN, 3]);
    expect([...(m?.window ?? [])]).toEqual([4, 5]);
  });
});

describe('drawn clusters', () => {
  const anomalous = [run({}), run({ types: ['disk_stress'] }), run({ types: ['cpu_stress', 'disk_stress'] })].flatMap(
    (one) => anomalousStretches(one, 2),
  );
  const quiet = quietStretches(run({}), 3);
  let state = 1;
  const clusters = drawClusters(anomalous, quiet, 8, () => (state = (state * 16807) % 2147483647) / 2147483647);

  it('have the truth of their scenario', () => {
    const truth = (scenario: string): string[] => [
      ...new Set(
        clusters
          .filter((one) => one.scenario === scenario)
          .map(({ nodes }) =>
            nodes
              .map(({ types }) => types.length)
              .filter(Boolean)
              .join(),
          ),
      ),
    ];
    expect(truth('A')).toEqual(['1']);
    expect(truth('B')).toEqual(['1,1']);
    expect(truth('W')).toEqual(['1,1']);
    expect(truth('C')).toEqual(['2']);
    expect(truth('H')).toEqual(['']);
    for (const { scenario, nodes } of clusters) {
      const types = nodes.flatMap((node) => node.types);
      if (scenario === 'B') expect(types[0]).toBe(types[1]);
      if (scenario === 'W') expect(types[0]).not.toBe(types[1]);
      expect([3, 5, 9]).toContain(nodes.length);
    }
  });
});

describe('a training report', () => {
  const scores = { ac1: 0.8, ac3: 0.9, falseAlarms: 0.1 };

  it('calls a model better only when nothing is worse and something is better', () => {
    expect(isBetter(scores, scores)).toBe(false);
    expect(isBetter(scores, { ...scores, ac1: 0.9 })).toBe(true);
    expect(isBetter(scores, { ...scores, falseAlarms: 0 })).toBe(true);
    expect(isBetter(scores, { ...scores, ac1: 1, falseAlarms: 0.2 })).toBe(false);
    expect(isBetter(scores, { ...scores, ac1: 1, ac3: 0.8 })).toBe(false);
  });

  it('is written in one line', () => {
    expect(scoresText({ before: scores, after: { ac1: 1, ac3: 1, falseAlarms: 0 } })).toBe(
      'AC@1 80% → 100%, AC@3 90% → 100%, false alarms 10% → 0%',
    );
  });
});
