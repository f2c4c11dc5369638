import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendOf, applyAppend } from '../../../src/shared/append';
import type { PanelSnapshot } from '../../../src/shared/protocol';

const STEP = 15_000;

/** A picture of two series and one node's rank from a step on. */
function picture(
  seq: number,
  first: number,
  columns: readonly (readonly number[])[],
  metric = 'cpu.used',
): PanelSnapshot {
  const [a = [], b = [], rank = [], cluster = []] = columns;
  return {
    type: 'snapshot',
    seq,
    health: { state: 'live', updatedAt: seq },
    windowMs: a.length * STEP,
    stepMs: STEP,
    live: true,
    fixed: false,
    fromMs: first * STEP,
    toMs: (first + a.length - 1) * STEP,
    timestamps: Float64Array.from(a, (_, i) => (first + i) * STEP),
    nodes: ['n1'],
    series: [
      { metric, node: 'n1', values: Float64Array.from(a) },
      { metric: 'memory.used', node: 'n1', values: Float64Array.from(b) },
    ],
    ranks: { nodes: [{ node: 'n1', values: Float64Array.from(rank) }], cluster: Float64Array.from(cluster) },
    spans: [],
    diagnosis: undefined,
    rankGaps: [],
    old: [],
    known: { state: 'normal', reason: undefined, since: 1, readyInMs: undefined },
    source: undefined,
    problems: [String(seq)],
  };
}

const of = (length: number, value = 1): number[][] =>
  Array.from({ length: 4 }, () => new Array<number>(length).fill(value));

describe('a picture that continues the one before', () => {
  it('is told by its new columns only', () => {
    const [before, after] = [picture(1, 0, of(10)), picture(2, 1, of(10))];
    const append = appendOf(before, after);
    expect(append).toMatchObject({ dropped: 1, at: 9, rankAt: 9, seq: 2, problems: ['2'] });
    expect(append?.values).toHaveLength(2);
    expect(append).not.toHaveProperty('series');
  });

  it('is told from the first column on that a late sample has corrected', () => {
    const columns = of(10);
    (columns[1] as number[])[6] = 5;
    expect(appendOf(picture(1, 0, of(10)), picture(2, 1, columns))).toMatchObject({ at: 6, rankAt: 9 });
  });

  it('is told whole where it does not continue: other series, another step, another time', () => {
    const before = picture(1, 0, of(10));
    expect(appendOf(before, picture(2, 1, of(10), 'cpu.server'))).toBeUndefined();
    expect(appendOf(before, { ...picture(2, 1, of(10)), stepMs: 30_000 })).toBeUndefined();
    expect(appendOf(before, picture(2, 50, of(10)))).toBeUndefined();
    expect(appendOf(before, picture(2, 0, of(0)))).toBeUndefined();
  });

  it('is the same picture after it was told, whatever came', () => {
    const value = fc.oneof(fc.constant(NaN), fc.integer({ min: 0, max: 2 }));
    const table = fc.integer({ min: 1, max: 12 }).chain((length) =>
      fc.record({
        first: fc.integer({ min: 0, max: 12 }),
        columns: fc.array(fc.array(value, { minLength: length, maxLength: length }), { minLength: 4, maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(table, table, (a, b) => {
        const [before, after] = [picture(1, a.first, a.columns), picture(2, b.first, b.columns)];
        const append = appendOf(before, after);
        if (append) expect(applyAppend(structuredClone(before), structuredClone(append))).toEqual(after);
      }),
    );
  });

  it('is refused by a page that has another one', () => {
    const append = appendOf(picture(1, 0, of(10)), picture(2, 1, of(10)));
    if (!append) throw new Error('no append');
    expect(applyAppend(picture(2, 0, of(10)), append)).toBeUndefined();
    expect(applyAppend(picture(1, 0, of(5)), append)).toBeUndefined();
  });
});
