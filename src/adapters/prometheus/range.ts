import { toAppError } from '../../core/errors';
import type { PrometheusClient } from './client';

/** Prometheus refuses more points per series (its own limit is 11,000; others may have been given less). */
export const MAX_POINTS = 10_000;
/** What servers say of too many points: Prometheus, Thanos and Mimir; VictoriaMetrics. */
const TOO_MANY = /exceeded maximum resolution|too many points/i;

/** One series, put together again from the pieces in which it was asked for. */
export interface JoinedRange {
  points: (readonly [atMs: number, value: number])[];
  warnings: ReadonlySet<string>;
  /** The most series that one piece had; the first of them counts. */
  most: number;
}

/** Asks for one series over a whole axis, in pieces that the server accepts: halved where even that is too much for it. */
export async function queryInPieces(
  client: PrometheusClient,
  query: string,
  timestamps: Float64Array,
  stepMs: number,
  signal: AbortSignal | undefined,
): Promise<JoinedRange> {
  const points: (readonly [number, number])[] = [];
  const warnings = new Set<string>();
  let most = 0;
  let size = MAX_POINTS;
  for (let from = 0; from < timestamps.length;) {
    const to = Math.min(timestamps.length, from + size) - 1;
    const range = { fromMs: timestamps[from] as number, toMs: timestamps[to] as number, stepMs };
    try {
      const answer = await client.queryRange(query, range, signal);
      for (const warning of answer.warnings) warnings.add(warning);
      most = Math.max(most, answer.data.length);
      for (const point of answer.data[0]?.points ?? []) points.push(point);
      from = to + 1;
    } catch (thrown) {
      if (to === from || !TOO_MANY.test(toAppError(thrown).message)) throw thrown;
      size = Math.ceil((to - from + 1) / 2);
    }
  }
  return { points, warnings, most };
}
