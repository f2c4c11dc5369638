import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../src/core/diagnosis/types';
import { nodeRowId, nodeRows } from '../../../src/core/monitoring/nodeRows';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';

const targets = ['c', 'a', 'b'].map((pod) => ({ namespace: 'db', pod }) as DatabasePod);
const reason = { metric: 'cpu.used', value: 2, baseline: 1, direction: 'up', deviation: 9, weight: 1 } as const;
const diagnosis = {
  healthy: false,
  nodes: [
    { node: 'a', rank: 0.1 },
    { node: 'b', rank: 0.9 },
    { node: 'c', rank: 0.2 },
  ],
  ranking: [
    { node: 'b', type: 'cpu_stress', named: true, reasons: [reason] },
    { node: 'c', type: 'disk_stress', named: false, reasons: [reason] },
  ],
} as unknown as Diagnosis;

describe('the rows of the node view', () => {
  it('are the nodes by name while nothing is wrong or known', () => {
    expect(nodeRows({ targets, diagnosis: undefined }).map(nodeRowId)).toEqual(['db/a', 'db/b', 'db/c']);
    expect(nodeRows({ targets, diagnosis: { ...diagnosis, healthy: true } }).map(nodeRowId)[0]).toBe('db/a');
  });

  it('stay in their order when one becomes anomalous, and hold what is named in it and why', () => {
    const state = { targets, diagnosis };
    const [first, second, last] = nodeRows(state);
    expect([first, second, last].map((row) => row && nodeRowId(row))).toEqual(['db/a', 'db/b', 'db/c']);
    const [pair] = nodeRows(state, second);
    expect(pair && nodeRowId(pair)).toBe('db/b/cpu_stress');
    const reasons = nodeRows(state, pair);
    expect(reasons.map(nodeRowId)).toEqual(['db/b/cpu_stress/cpu.used']);
    expect(nodeRows(state, reasons[0])).toEqual([]);
    expect(nodeRows(state, last)).toEqual([]); // considered, not named
  });

  it('stand by zone where they are many and their zones are known', () => {
    const many = Array.from({ length: 9 }, (_, i) => ({ namespace: 'db', pod: `n${i + 2}`, zone: `z${(i % 2) + 1}` }));
    const pods = many as unknown as DatabasePod[];
    const zones = nodeRows({ targets: pods, diagnosis });
    expect(zones.map(nodeRowId)).toEqual(['zone/z1', 'zone/z2']);
    const inside = nodeRows({ targets: pods, diagnosis }, zones[0]);
    expect(inside.map(nodeRowId)).toEqual(['db/n2', 'db/n4', 'db/n6', 'db/n8', 'db/n10']); // numbers as numbers
    expect(nodeRows({ targets: pods.slice(0, 8), diagnosis })[0]?.type).toBe('node');
    const unknown = pods.map((pod, i) => (i === 3 ? { ...pod, zone: undefined } : pod));
    expect(nodeRows({ targets: unknown, diagnosis })[0]?.type).toBe('node');
    expect(nodeRows({ targets: pods.map((pod) => ({ ...pod, zone: 'z1' })), diagnosis })[0]?.type).toBe('node');
  });
});
