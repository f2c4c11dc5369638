import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/core/time/duration';

describe('Go durations', () => {
  it.each([
    ['90s', 90_000],
    ['3m', 180_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['100ms', 100],
    ['250us', 0.25],
    ['0', 0],
    ['-2s', -2000],
    [' 2s ', 2000],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBeCloseTo(ms, 9));

  it.each(['', 's', '3', '1d', '3 m', '1h30', 'x1s', '1s x', '3m,', '--1s', '1e3s', 'Infinity', '１s'])(
    '%j is none',
    (text) => expect(parseDuration(text)).toBeUndefined(),
  );

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseDuration(text)));
  });

  it('writes the largest units first', () => {
    expect(formatDuration(5_400_000)).toBe('1h30m');
    expect(formatDuration(1500)).toBe('1s500ms');
    expect(formatDuration(0)).toBe('0s');
    expect(() => formatDuration(NaN)).toThrow(RangeError);
  });
});
