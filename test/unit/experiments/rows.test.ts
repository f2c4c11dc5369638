import { describe, expect, it } from 'vitest';
import { coarseTimeLeft, ExperimentRows, type ExperimentRow } from '../../../src/core/experiments/rows';
import type { GroupItem } from '../../../src/core/experiments/groupItem';
import { CREATED, experiment } from './experiments';

const many = Array.from({ length: 50 }, (_, i) => experiment({ name: `e${i}`, records: [{ appliedAfterMs: 500 }] }));
const held = (row: ExperimentRow | undefined): unknown => (row && row.type !== 'group' ? row.experiment : undefined);
const nameOf = (row: ExperimentRow): string => (row.type === 'group' ? row.group.name : row.experiment.ref.name);
const names = (rows: 'all' | ExperimentRow[]): unknown => (rows === 'all' ? rows : rows.map(nameOf));
const group = (key: string, members: GroupItem['members'], change: Partial<GroupItem> = {}): GroupItem => ({
  type: 'scenario',
  key,
  name: key,
  what: undefined,
  state: 'running',
  reason: undefined,
  at: undefined,
  lastAt: undefined,
  progress: undefined,
  ours: true,
  createdAt: CREATED,
  members,
  object: undefined,
  run: key,
  ...change,
});
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
    expect(held(before)).toBe(next[7]);
    expect(names(list.update(next, CREATED + 5000))).toEqual([]);
  });

  it('keep their objects when others come, in the order of the list', () => {
    const list = rows();
    const before = list.find(many[3]?.key as string);
    const newest = experiment({ name: 'newest' });
    list.update([newest, ...many], CREATED + 5000);
    expect(held(list.roots[0])).toBe(newest);
    expect(list.roots[4]).toBe(before);
  });

  it('change by the time alone in coarse steps, not every second', () => {
    const list = rows();
    expect(list.tick(CREATED + 6000)).toEqual([]);
    expect(list.tick(CREATED + 11_000)).toHaveLength(50);
    expect([5000, 61_000, 599_000, 601_000, 3_601_000].map(coarseTimeLeft)).toEqual([10, 70, 600, 600, 3600]);
  });

  it('of a group hold its experiments, which are rows of the first level no more', () => {
    const list = rows();
    const [first, second] = many as [(typeof many)[0], (typeof many)[0]];
    const step = { ...group('s/1', []), type: 'step' as const };
    expect(list.update(many, CREATED + 5000, [group('s', [first, step])])).toBe('all');
    expect(list.roots).toHaveLength(50);
    const row = list.find('s') as ExperimentRow;
    expect(list.children(row).map(nameOf)).toEqual([first.ref.name, 's/1']);
    const inner = list.find(first.key) as ExperimentRow;
    expect(list.parent(inner)).toBe(row);
    expect(list.parent(list.children(inner)[0] as ExperimentRow)).toBe(inner);
    expect(list.update(many, CREATED + 5000, [group('s', [first, step])])).toEqual([]);
    expect(names(list.update(many, CREATED + 5000, [group('s', [first], { state: 'done' })]))).toEqual(['s']);
    expect(list.update(many, CREATED + 5000, [group('s', [first, second])])).toBe('all');
    expect(list.find('s')).toBe(row);
    expect(list.update(many, CREATED + 5000)).toBe('all');
    expect(list.parent(list.find(first.key) as ExperimentRow)).toBeUndefined();
  });

  it('of a step that waits change in coarse steps of time', () => {
    const list = new ExperimentRows();
    const waiting = group('s', [], { state: 'waiting', at: CREATED + 60_000 });
    list.update([], CREATED, [waiting]);
    expect(list.tick(CREATED + 1000)).toEqual([]);
    expect(list.tick(CREATED + 11_000)).toHaveLength(1);
  });
});
