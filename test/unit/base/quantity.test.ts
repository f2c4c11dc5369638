import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes, parseQuantity, parseSize } from '../../../src/core/base/quantity';

describe('Kubernetes quantities', () => {
  it.each([
    ['2', 2],
    ['500m', 0.5],
    ['10Gi', 10 * 1024 ** 3],
    ['128Mi', 128 * 1024 ** 2],
    ['1e3', 1000],
    ['5k', 5000],
    ['0.5', 0.5],
    ['2Ei', 2 * 1024 ** 6],
    ['1500000n', 0.0015],
  ])('%s is %d', (text, value) => expect(parseQuantity(text)).toBeCloseTo(value, 9));

  it.each(['', 'Gi', '1 Gi', '1GB', 'constructor', '1toString', 'NaN'])('%j is none', (text) =>
    expect(parseQuantity(text)).toBeUndefined(),
  );
});

describe('sizes of memory stress', () => {
  it.each([
    ['256MB', 256e6],
    ['1GiB', 1024 ** 3],
    ['1024', 1024],
    ['1.5 GB', 1.5e9],
  ])('%s is %d bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each(['', 'MB', '-1MB', '1XB', '50%'])('%j is none', (text) => expect(parseSize(text)).toBeUndefined());

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseSize(text);
        parseQuantity(text);
      }),
    );
  });
});

it('writes bytes for people', () => {
  expect(formatBytes(0)).toBe('0 B');
  expect(formatBytes(1536)).toBe('1.5 KiB');
  expect(formatBytes(10 * 1024 ** 3)).toBe('10 GiB');
});
