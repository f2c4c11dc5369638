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

  it('begin with the sickest, and hold what is named in it and why', () => {
    const state = { targets, diagnosis };
    const [sickest, next] = nodeRows(state);
    expect([sickest, next].map((row) => row && nodeRowId(row))).toEqual(['db/b', 'db/c']);
    const [pair] = nodeRows(state, sickest);
    expect(pair && nodeRowId(pair)).toBe('db/b/cpu_stress');
    const reasons = nodeRows(state, pair);
    expect(reasons.map(nodeRowId)).toEqual(['db/b/cpu_stress/cpu.used']);
    expect(nodeRows(state, reasons[0])).toEqual([]);
    expect(nodeRows(state, next)).toEqual([]); // considered, not named
  });
});
