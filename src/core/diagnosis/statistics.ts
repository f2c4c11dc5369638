/** Median of the finite values; NaN when there are none. */
export function median(values: ArrayLike<number>): number {
  const kept: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isFinite(value)) kept.push(value);
  }
  if (kept.length === 0) return NaN;
  kept.sort((a, b) => a - b);
  const middle = kept.length >> 1;
  return kept.length % 2 === 1
    ? (kept[middle] as number)
    : ((kept[middle - 1] as number) + (kept[middle] as number)) / 2;
}

/** 1.4826 × median absolute deviation: the standard deviation of normal data, deaf to outliers. */
export function robustScale(values: ArrayLike<number>, centre: number): number {
  const distances = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) distances[i] = Math.abs((values[i] as number) - centre);
  return 1.4826 * median(distances);
}

/** How many values are finite. */
export function countFinite(values: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) count += 1;
  return count;
}
