import { describe, expect, it } from 'vitest';
import { distanceDetector } from '../../../src/core/diagnosis/distance/distanceDetector';
import { evidenceOf } from '../../../src/core/diagnosis/evidence';
import { deviations, othersMedian, type NodeDeviations } from '../../../src/core/diagnosis/features';
import { PRIOR_TYPES, priorProbability, priorTerms } from '../../../src/core/diagnosis/prior';

/** A node whose metrics go from one level to another; each is [before, now]. */
function node(levels: Record<string, readonly [number, number]>): NodeDeviations {
  const wave = (level: number, rows: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => level * (1 + 0.01 * Math.sin(i * 12.9898)));
  const metrics = Object.fromEntries(
    Object.entries(levels).map(([metric, [before, now]]) => [
      metric,
      { baseline: wave(before, 30), window: wave(now, 8) },
    ]),
  );
  return deviations([{ name: 'a', metrics }])[0] as NodeDeviations;
}

const quiet: Record<string, readonly [number, number]> = {
  'cpu.iowait': [3, 3],
  'cpu.system': [5, 5],
  'cpu.user': [30, 30],
  'db.threadsRunning': [20, 20],
  'db.currentLockWaits': [4, 4],
  'db.commits': [500, 500],
  'db.logicalReads': [9000, 9000],
  'network.receiveBytes': [2e6, 2e6],
};
const spike = { 'db.threadsRunning': [20, 60], 'db.commits': [500, 900], 'network.receiveBytes': [2e6, 4e6] } as const;
const disk = {
  'cpu.iowait': [3, 25],
  'db.commits': [500, 150],
  'network.receiveBytes': [2e6, 6e5],
  'db.logicalReads': [9000, 3000],
} as const;
const lock = {
  'db.threadsRunning': [20, 64],
  'db.currentLockWaits': [4, 63],
  'db.commits': [500, 20],
  'network.receiveBytes': [2e6, 1e5],
} as const;

const judge = (change: Record<string, readonly [number, number]>): Record<string, number> => {
  const evidence = evidenceOf(node({ ...quiet, ...change }));
  return Object.fromEntries(PRIOR_TYPES.map((type) => [type, priorProbability(type, evidence) ?? NaN]));
};

describe('the prior', () => {
  it('says nothing of a quiet node', () => {
    for (const probability of Object.values(judge({}))) expect(probability).toBeLessThan(0.05);
  });

  it.each([
    ['workload_spike', spike],
    ['disk_stress', disk],
    ['lock_contention', lock],
  ] as const)('tells %s from the others', (type, change) => {
    const found = judge(change);
    for (const [name, probability] of Object.entries(found))
      if (name === type) expect(probability, name).toBeGreaterThan(0.8);
      else expect(probability, name).toBeLessThan(0.3);
  });

  it('does not call more threads with less work a spike, unless the disk explains it', () => {
    expect(judge({ 'db.threadsRunning': [20, 60], 'db.commits': [500, 300] })['workload_spike']).toBeLessThan(0.5);
    const both = judge({ ...disk, 'db.threadsRunning': [20, 60] });
    expect(both['workload_spike']).toBeGreaterThan(0.8);
    expect(both['disk_stress']).toBeGreaterThan(0.8);
  });

  it('is the same in any unit of the metrics whose unit varies', () => {
    const small = judge({ ...spike, 'network.receiveBytes': [2e3, 4e3] });
    expect(small['workload_spike']).toBeCloseTo(judge(spike)['workload_spike'] as number, 6);
  });

  it('leaves a type out where its metrics are missing', () => {
    const bare = evidenceOf(node({ 'db.commits': [500, 500] }));
    expect(PRIOR_TYPES.map((type) => priorProbability(type, bare))).toEqual([undefined, undefined, undefined]);
    expect(priorProbability('workload_spike', evidenceOf(node({})))).toBeUndefined();
  });

  it('gives its terms where it names, adding up to one', () => {
    const terms = priorTerms('lock_contention', evidenceOf(node({ ...quiet, ...lock })));
    expect(terms[0]?.evidence).toBe('waiting');
    expect(terms.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(priorTerms('lock_contention', evidenceOf(node(quiet)))).toEqual([]);
  });
});

describe('the fall-back', () => {
  it('explains what the prior judged by the metrics that it looked at', () => {
    const detection = distanceDetector()([node({ ...quiet, ...lock })]);
    const type = detection.types.indexOf('lock_contention');
    expect(detection.probabilities[0]?.[type]).toBeGreaterThan(0.8);
    expect(detection.contributions(0, type).map(({ metric }) => metric)).toContain('db.currentLockWaits');
  });
});

describe('the median of the others', () => {
  it('is that of the values without one, for few and for many', () => {
    const values = Array.from({ length: 31 }, (_, i) => (i === 7 ? NaN : (i * 37) % 23));
    const plain = (list: number[]): number => {
      const kept = list.filter(Number.isFinite).sort((a, b) => a - b);
      const middle = kept.length >> 1;
      return kept.length % 2 ? (kept[middle] as number) : ((kept[middle - 1] as number) + (kept[middle] as number)) / 2;
    };
    for (const some of [values, values.slice(0, 30), values.slice(0, 5)])
      expect(othersMedian(some)).toEqual(some.map((_, i) => plain(some.filter((_other, j) => j !== i))));
  });
});
