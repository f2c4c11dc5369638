/** What the peers of the nodes in focus did, sample by sample; NaN where none of them has one. */
export interface Band {
  low: Float64Array;
  p10: Float64Array;
  median: Float64Array;
  p90: Float64Array;
  high: Float64Array;
}

const LINES = ['low', 'p10', 'median', 'p90', 'high'] as const;

/** The quantile of the first `count` sorted values, between the two nearest ones (as `quantile` of PromQL). */
function quantile(sorted: Float64Array, count: number, q: number): number {
  const at = q * (count - 1);
  const below = Math.floor(at);
  const low = sorted[below] as number;
  return at === below ? low : low + ((sorted[below + 1] as number) - low) * (at - below);
}

/** Columns of the peers, always in the same order, on one axis. */
export interface Peers {
  timestamps: Float64Array;
  columns: readonly Float64Array[];
}

/** The places of a new axis at which the peers' samples are those of an old one, each with its old place; else -1. */
function unchanged(before: Peers | undefined, { timestamps, columns }: Peers): Int32Array {
  const places = new Int32Array(timestamps.length).fill(-1);
  const shift = before && timestamps.length > 0 ? before.timestamps.indexOf(timestamps[0] as number) : -1;
  if (!before || shift < 0 || before.columns.length !== columns.length) return places;
  const end = Math.min(timestamps.length, before.timestamps.length - shift);
  for (let i = 0; i < end; i++) if (before.timestamps[i + shift] === timestamps[i]) places[i] = i + shift;
  columns.forEach((column, which) => {
    const old = before.columns[which] as Float64Array;
    for (let i = 0; i < end; i++) if (!Object.is(old[i + shift], column[i])) places[i] = -1;
  });
  return places;
}

/** The band of the peers; what a band of before already has is taken from it, sample by sample. */
export function bandOf(peers: Peers, before?: { peers: Peers; band: Band }): Band {
  const { timestamps, columns } = peers;
  const make = (): Float64Array => new Float64Array(timestamps.length).fill(NaN);
  const band: Band = { low: make(), p10: make(), median: make(), p90: make(), high: make() };
  const known = unchanged(before?.peers, peers);
  const values = new Float64Array(columns.length);
  for (let i = 0; i < timestamps.length; i++) {
    const old = known[i] as number;
    if (before && old >= 0) {
      for (const line of LINES) band[line][i] = before.band[line][old] as number;
      continue;
    }
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

/** The band of one chart, worked out again only where the peers or their samples are others. */
export class PeerBand {
  #last: { peers: Peers; band: Band; names: readonly string[]; of: object } | undefined;

  /** `of`: what the lines belong to; the same object has the same samples. */
  of(of: object, timestamps: Float64Array, lines: readonly { name: string; values: Float64Array }[]): Band {
    const names = lines.map(({ name }) => name);
    const last = this.#last;
    const same = last?.names.length === names.length && names.every((name, i) => name === last.names[i]);
    if (same && last?.of === of) return last.band;
    const peers = { timestamps, columns: lines.map(({ values }) => values) };
    const band = bandOf(peers, same ? last : undefined);
    this.#last = { peers, band, names, of };
    return band;
  }
}
