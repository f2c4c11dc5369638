/** An ascending copy of the finite values, from an index on. */
export function sortedFinite(values: ArrayLike<number>, from = 0): Float64Array {
  const kept = new Float64Array(Math.max(0, values.length - from));
  let count = 0;
  for (let i = from; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isFinite(value)) kept[count++] = value;
  }
  return (count === kept.length ? kept : kept.subarray(0, count)).sort();
}

/** Median of ascending values; NaN when there are none. */
export function medianOfSorted(sorted: Float64Array): number {
  const { length } = sorted;
  if (length === 0) return NaN;
  const middle = length >> 1;
  return length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Median of the finite values; NaN when there are none. */
export function median(values: ArrayLike<number>): number {
  return medianOfSorted(sortedFinite(values));
}

/** Mean of the middle half of ascending values: as robust as the median, and finer. NaN when there are none. */
export function midMean(sorted: Float64Array): number {
  const { length } = sorted;
  if (length === 0) return NaN;
  const cut = Math.floor(length / 4);
  let sum = 0;
  for (let i = cut; i < length - cut; i++) sum += sorted[i] as number;
  return sum / (length - 2 * cut);
}

/**
 * 1.4826 × median absolute deviation of ascending values: the standard deviation of normal data, robust to outliers.
 * The distances to the left and right of the centre are ascending too, so merging them up to the middle is enough.
 */
export function robustScale(sorted: Float64Array, centre: number): number {
  const { length } = sorted;
  if (length === 0) return NaN;
  let right = 0;
  while (right < length && (sorted[right] as number) < centre) right++;
  let left = right - 1;
  let previous = NaN;
  let current = NaN;
  for (let taken = 0; taken <= length >> 1; taken++) {
    const below = left >= 0 ? centre - (sorted[left] as number) : Infinity;
    const above = right < length ? (sorted[right] as number) - centre : Infinity;
    previous = current;
    if (below <= above) {
      current = below;
      left--;
    } else {
      current = above;
      right++;
    }
  }
  return 1.4826 * (length % 2 === 1 ? current : (previous + current) / 2);
}
