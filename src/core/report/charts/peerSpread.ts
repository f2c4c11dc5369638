import { medianOfSorted } from '../../diagnosis/statistics';

/** The lowest, the middle and the highest value of several lines, sample by sample; NaN where none has one. */
export function peerSpread(
  lines: readonly { values: ArrayLike<number> }[],
): Record<'low' | 'median' | 'high', Float64Array> {
  const length = Math.max(0, ...lines.map(({ values }) => values.length));
  const [low, median, high] = [0, 1, 2].map(() => new Float64Array(length).fill(NaN)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < length; i++) {
    const sorted = Float64Array.from(lines.map(({ values }) => values[i] as number).filter(Number.isFinite)).sort();
    if (sorted.length === 0) continue;
    [low[i], median[i], high[i]] = [sorted[0] as number, medianOfSorted(sorted), sorted.at(-1) as number];
  }
  return { low, median, high };
}
