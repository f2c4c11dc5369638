/** The middle of some numbers, to two decimals. */
export function middle(list: readonly number[]): number {
  return Number(([...list].sort((a, b) => a - b)[list.length >> 1] as number).toFixed(2));
}

/** The k of `time ~ n^k`, by least squares over the logarithms: how time grows with size. */
export function growth(points: readonly (readonly [size: number, ms: number])[]): number {
  const logs = points.map(([size, ms]) => [Math.log(size), Math.log(ms)] as const);
  const mean = (at: 0 | 1): number => logs.reduce((sum, one) => sum + one[at], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const above = logs.reduce((sum, one) => sum + (one[0] - x) * (one[1] - y), 0);
  const below = logs.reduce((sum, one) => sum + (one[0] - x) ** 2, 0);
  return Number((above / below).toFixed(2));
}
