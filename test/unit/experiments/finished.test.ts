import { describe, expect, it } from 'vitest';
import { ExperimentRows } from '../../../src/core/experiments/rows';
import { finishedGroup, isToFold } from '../../../src/core/experiments/finished';
import { CREATED, experiment } from './experiments';

const END = CREATED + 120_000;
const finished = experiment({
  name: 'done',
  desired: 'Stop',
  records: [{ phase: 'Not Injected', appliedAfterMs: 500, recoveredAfterMs: 120_000 }],
});
const running = experiment({ name: 'acts', records: [{ appliedAfterMs: 500 }] });
const noTargets = experiment({ name: 'none', conditions: { Selected: false } });

describe('experiments that have finished', () => {
  it('keep their place for a minute, then stand in one row', () => {
    expect(finishedGroup([finished, running], END + 59_000)).toBeUndefined();
    expect(isToFold(finished, END + 59_000)).toBe(true);
    const group = finishedGroup([finished, running, noTargets], END + 60_000);
    expect(group?.members).toEqual([finished]); // what hit nothing is to be seen
    expect(isToFold(finished, END + 60_000)).toBe(false);
    expect(isToFold(running, END)).toBe(false);
  });

  it('stand below what runs', () => {
    const rows = new ExperimentRows();
    const group = finishedGroup([finished], END + 60_000);
    rows.update([finished, running], END + 60_000, group ? [group] : []);
    expect(rows.roots.map((row) => row.type)).toEqual(['experiment', 'group']);
    expect(rows.children(rows.roots[1] as (typeof rows.roots)[number])).toMatchObject([{ experiment: finished }]);
  });
});
