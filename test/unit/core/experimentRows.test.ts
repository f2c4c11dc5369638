import { describe, expect, it } from 'vitest';
import { coarseTimeLeft, ExperimentRows, type ExperimentRow } from '../../../src/core/experimentRows';
import { CREATED, experiment } from './experiments';

const many = Array.from({ length: 50 }, (_, i) => experiment({ name: `e${i}`, records: [{ appliedAfterMs: 500 }] }));
const names = (rows: 'all' | ExperimentRow[]): unknown =>
  rows === 'all' ? rows : rows.map((row) => row.experiment.ref.name);
const rows = (): ExperimentRows => {
  const made = new ExperimentRows();
  made.update(many, CREATED + 5000);
  return made;
};

describe('the rows of the list', () => {
  it('come and go together', () => {
    const list = new ExperimentRows();
    expect(list.update(many, CREATED + 5000)).toBe('all');
    expect(list.roots).toHaveLength(50);
    expect(list.update(many.slice(1), CREATED + 5000)).toBe('all');
    expect(list.find(many[0]?.key as string)).toBeUndefined();
  });

  it('change one by one, and stay the same objects', () => {
    const list = rows();
    const before = list.find(many[7]?.key as string);
    const next = [...many];
    next[7] = experiment({ name: 'e7', records: [{ appliedAfterMs: 500 }], deletedAfterMs: 4000 });
    expect(names(list.update(next, CREATED + 5000))).toEqual(['e7']);
    expect(list.find(many[7]?.key as string)).toBe(before);
    expect(before?.experiment).toBe(next[7]);
    expect(names(list.update(next, CREATED + 5000))).toEqual([]);
  });

  it('keep their objects when others come, in the order of the list', () => {
    const list = rows();
    const before = list.find(many[3]?.key as string);
    const newest = experiment({ name: 'newest' });
    list.update([newest, ...many], CREATED + 5000);
    expect(list.roots[0]?.experiment).toBe(newest);
    expect(list.roots[4]).toBe(before);
  });

  it('change by the time alone in coarse steps, not every second', () => {
    const list = rows();
    expect(list.tick(CREATED + 6000)).toEqual([]);
    expect(list.tick(CREATED + 11_000)).toHaveLength(50);
    expect([5000, 61_000, 599_000, 601_000, 3_601_000].map(coarseTimeLeft)).toEqual([10, 70, 600, 600, 3600]);
  });
});
