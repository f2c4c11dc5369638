import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricUnit } from '../../../src/core/metrics/catalogue';
import { timeTicks, valueAxis } from '../../../src/webview/axes';

const MIB = 1024 ** 2;
const labels = (values: (number | null)[], unit?: MetricUnit): string[] => {
  const { ticks, write } = valueAxis([values.map((value) => value ?? NaN)], unit);
  return ticks.map(write);
};

describe('a value axis', () => {
  it.each<[string, (number | null)[], MetricUnit | undefined, string[]]>([
    [
      'bytes in powers of 1024',
      [1.9 * MIB, 2.7 * MIB],
      'bytesPerSecond',
      ['1.5', '2.0', '2.5', '3.0'].map((n) => `${n} MiB/s`),
    ],
    [
      'a line that hardly moves',
      [6.17 * 1024 * MIB, 6.2 * 1024 * MIB],
      'bytes',
      ['5.5', '6.0', '6.5', '7.0'].map((n) => `${n} GiB`),
    ],
    ['from zero where the values come near it', [1, null, 2.95], 'cores', ['0', '1', '2', '3']],
    ['microseconds', [0.000_174, 0.000_184], 'seconds', ['160 μs', '180 μs', '200 μs', '220 μs']],
    ['nothing', [null, NaN], undefined, ['0', '1', '2', '3']],
    ['only zeros', [0, 0], 'perSecond', ['0/s', '1/s', '2/s', '3/s']],
  ])('writes %s', (_, values, unit, expected) => {
    expect(labels(values, unit)).toEqual(expected);
  });

  it('holds every value, has four ticks, and no two that read alike', () => {
    const value = fc.double({ min: -1e12, max: 1e12, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
        const high = Math.max(...values.map(Math.abs));
        fc.pre(high === 0 || high > 1e-6);
        const { min, max, ticks, write } = valueAxis([values], 'count');
        const room = (max - min) * 1e-6;
        expect(min - room).toBeLessThanOrEqual(Math.min(...values));
        expect(max + room).toBeGreaterThanOrEqual(Math.max(...values));
        expect(ticks).toHaveLength(4);
        if (high > 1e-3) expect(new Set(ticks.map(write)).size).toBe(4);
      }),
    );
  });
});

describe('a time axis', () => {
  it.each([5, 15, 30, 60, 180])('of %i minutes has at most six whole minutes', (minutes) => {
    const from = Date.parse('2026-01-01T10:00:07Z');
    const ticks = timeTicks(from, from + minutes * 60_000);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(ticks.every((at) => at % 60_000 === 0)).toBe(true);
  });
});
