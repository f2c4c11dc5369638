/** What the peers of the nodes in focus did, sample by sample; NaN where none of them has one. */
export interface Band {
  low: Float64Array;
  p10: Float64Array;
  median: Float64Array;
  p90: Float64Array;
  high: Float64Array;
}

/** The quantile of the first `count` sorted values, between the two nearest ones (as `quantile` of PromQL). */
function quantile(sorted: Float64Array, count: number, q: number): number {
  const at = q * (count - 1);
  const below = Math.floor(at);
  const low = sorted[below] as number;
  return at === below ? low : low + ((sorted[below + 1] as number) - low) * (at - below);
}

/** The band of columns on one axis. */
export function bandOf(columns: readonly Float64Array[], length: number): Band {
  const make = (): Float64Array => new Float64Array(length).fill(NaN);
  const band: Band = { low: make(), p10: make(), median: make(), p90: make(), high: make() };
  const values = new Float64Array(columns.length);
  for (let i = 0; i < length; i++) {
    let count = 0;
    for (const column of columns) {
      const value = column[i] as number;
      if (Number.isFinite(value)) values[count++] = value;
    }
    if (count === 0) continue;
    values.subarray(0, count).sort();
    band.low[i] = values[0] as number;
    band.p10[i] = quantile(values, count, 0.1);
    band.median[i] = quantile(values, count, 0.5);
    band.p90[i] = quantile(values, count, 0.9);
    band.high[i] = values[count - 1] as number;
  }
  return band;
}
