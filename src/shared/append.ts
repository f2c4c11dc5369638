import type { PanelAppend, PanelSnapshot } from './protocol';

/** Where the columns of a picture differ from those of the one before it. */
interface Change {
  /** Columns at the begin of the old picture that the new one has no more. */
  dropped: number;
  /** The first column of the new picture that is not what the old one had there. */
  at: number;
}

/** Same samples; a gap equals a gap. */
const same = (a: number | undefined, b: number | undefined): boolean => Object.is(a, b);

/** Compares lists of columns of one shape; undefined when the new axis does not continue the old one. */
function changed(
  before: { timestamps: Float64Array; columns: readonly Float64Array[] },
  after: { timestamps: Float64Array; columns: readonly Float64Array[] },
): Change | undefined {
  const first = after.timestamps[0];
  if (first === undefined || before.columns.length !== after.columns.length) return undefined;
  const dropped = before.timestamps.indexOf(first);
  if (dropped < 0) return undefined;
  let at = Math.min(before.timestamps.length - dropped, after.timestamps.length);
  for (let i = 0; i < at; i++) if (before.timestamps[dropped + i] !== after.timestamps[i]) at = i;
  after.columns.forEach((column, place) => {
    const old = before.columns[place] as Float64Array;
    for (let i = 0; i < at; i++) if (!same(old[dropped + i], column[i])) at = i;
  });
  return { dropped, at };
}

const names = ({ nodes, series, ranks }: PanelSnapshot): string =>
  JSON.stringify([
    nodes,
    series.map(({ metric, node }) => [metric, node]),
    ranks?.nodes.map(({ node }) => node) ?? null,
  ]);

const rankColumns = ({ ranks }: PanelSnapshot): Float64Array[] =>
  ranks ? [...ranks.nodes.map(({ values }) => values), ranks.cluster] : [];

/** The columns from `at` on, one after the other. */
function tails(columns: readonly Float64Array[], at: number): Float64Array {
  const length = Math.max(0, (columns[0]?.length ?? 0) - at);
  const packed = new Float64Array(columns.length * length);
  columns.forEach((column, place) => packed.set(column.subarray(at), place * length));
  return packed;
}

/**
 * What has to be told of a picture to who has the one before: the columns that are new or were corrected by late
 * samples. Undefined when that would be all of it.
 */
export function appendOf(before: PanelSnapshot, after: PanelSnapshot): PanelAppend | undefined {
  if (before.stepMs !== after.stepMs || names(before) !== names(after)) return undefined;
  const axes = [before, after].map(({ timestamps, series }) => ({
    timestamps,
    columns: series.map(({ values }) => values),
  })) as [{ timestamps: Float64Array; columns: Float64Array[] }, { timestamps: Float64Array; columns: Float64Array[] }];
  const change = changed(...axes);
  if (!change || change.at === 0) return undefined;
  const [oldRanks, newRanks] = [rankColumns(before), rankColumns(after)];
  const ranks = changed(
    { timestamps: before.timestamps, columns: oldRanks },
    { timestamps: after.timestamps, columns: newRanks },
  );
  const rankAt = ranks?.at ?? 0;
  const { type: _type, series, ranks: _ranks, nodes: _nodes, timestamps, ...rest } = after;
  return {
    ...rest,
    type: 'append',
    dropped: change.dropped,
    at: change.at,
    timestamps: timestamps.slice(change.at),
    values: tails(
      series.map(({ values }) => values),
      change.at,
    ),
    rankAt,
    rankValues: tails(newRanks, rankAt),
  };
}

/** A column without its first samples, and from a place on with new ones. */
function spliced(old: Float64Array, dropped: number, at: number, tail: Float64Array): Float64Array {
  const result = old.length === at + tail.length ? old : new Float64Array(at + tail.length);
  if (result === old) old.copyWithin(0, dropped);
  else result.set(old.subarray(dropped, dropped + at));
  result.set(tail, at);
  return result;
}

const isWithin = (place: unknown, most: number): boolean =>
  typeof place === 'number' && Number.isInteger(place) && place >= 0 && place <= most;

/** The picture after a change that was told; undefined when it does not belong to this one. The old arrays are used again. */
export function applyAppend(before: PanelSnapshot, append: PanelAppend): PanelSnapshot | undefined {
  const { dropped, at, values, rankAt, rankValues, timestamps: added, ...rest } = append;
  const rankCount = before.ranks ? before.ranks.nodes.length + 1 : 0;
  if (![dropped, at].every((place) => isWithin(place, before.timestamps.length))) return undefined;
  const length = at + added.length;
  if (
    append.seq !== before.seq + 1 ||
    dropped + at > before.timestamps.length ||
    values.length !== before.series.length * added.length ||
    !isWithin(rankAt, length) ||
    !(rankValues instanceof Float64Array) ||
    rankValues.length !== rankCount * (length - rankAt)
  )
    return undefined;
  const rank = (old: Float64Array, place: number): Float64Array => {
    const width = length - rankAt;
    return spliced(old, dropped, rankAt, rankValues.subarray(place * width, (place + 1) * width));
  };
  return {
    ...rest,
    type: 'snapshot',
    nodes: before.nodes,
    series: before.series.map(({ metric, node, values: old }, place) => ({
      metric,
      node,
      values: spliced(old, dropped, at, values.subarray(place * added.length, (place + 1) * added.length)),
    })),
    ranks: before.ranks && {
      nodes: before.ranks.nodes.map(({ node, values: old }, place) => ({ node, values: rank(old, place) })),
      cluster: rank(before.ranks.cluster, rankCount - 1),
    },
    timestamps: spliced(before.timestamps, dropped, at, added),
  };
}
