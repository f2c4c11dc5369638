import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, midMean, robustScale, sortedFinite } from '../../../src/core/diagnosis/statistics';

const numbers = fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(NaN)), {
  maxLength: 60,
});

/** The same by the textbook. */
const plainMedian = (values: number[]): number => {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};

describe('robust statistics', () => {
  it('takes the median of the finite values', () => {
    fc.assert(fc.property(numbers, (values) => void expect(median(values)).toBe(plainMedian(values))));
  });

  it('takes the median absolute deviation from any centre', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: -1e6, max: 1e6, noNaN: true }), (values, centre) => {
        const wanted = 1.4826 * plainMedian(values.filter(Number.isFinite).map((value) => Math.abs(value - centre)));
        const found = robustScale(sortedFinite(values), centre);
        if (Number.isNaN(wanted)) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(wanted, 6);
      }),
    );
  });

  it('leaves a quarter at each end out of the mid-mean', () => {
    expect(midMean(sortedFinite([1e9, 1, 2, 3, 4, 5, 6, -1e9]))).toBe(3.5);
    expect(midMean(sortedFinite([7]))).toBe(7);
    expect(midMean(sortedFinite([]))).toBeNaN();
  });
});
