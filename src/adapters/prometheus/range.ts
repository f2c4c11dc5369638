import { toAppError } from '../../core/base/errors';
import { textOf } from '../../core/base/unknown';
import type { PrometheusClient } from './connection/client';

/** Prometheus refuses more points per series (its own limit is 11,000; others may have been given less). */
export const MAX_POINTS = 10_000;
/** Samples asked for in one query: some 40 bytes each, well below what the client takes in one answer. */
const MAX_SAMPLES = 200_000;
/** What servers say of too many points: Prometheus, Thanos and Mimir; VictoriaMetrics. */
const TOO_MANY = /exceeded maximum resolution|too many points/i;

/** One node's series, put together again from the pieces in which it was asked for. */
interface NodeRange {
  points: (readonly [atMs: number, value: number])[];
  /** The most series of the node that one piece had; the first of them counts. */
  most: number;
}

/** The series of several nodes by the value of their label; those without a sample are left out. */
export interface JoinedRange {
  nodes: ReadonlyMap<string, NodeRange>;
  warnings: ReadonlySet<string>;
}

/** What to ask for: a query that answers with one series for each value of a label, of which there are `count`. */
export interface RangeQuestion {
  query: string;
  label: string;
  count: number;
  timestamps: Float64Array;
  stepMs: number;
}

/** Asks for series over a whole axis, in pieces that the server accepts: halved where even that is too much for it. */
export async function queryInPieces(
  client: PrometheusClient,
  { query, label, count, timestamps, stepMs }: RangeQuestion,
  signal: AbortSignal | undefined,
): Promise<JoinedRange> {
  const nodes = new Map<string, NodeRange>();
  const warnings = new Set<string>();
  let size = Math.min(MAX_POINTS, Math.ceil(MAX_SAMPLES / count));
  for (let from = 0; from < timestamps.length;) {
    const to = Math.min(timestamps.length, from + size) - 1;
    const range = { fromMs: timestamps[from] as number, toMs: timestamps[to] as number, stepMs };
    try {
      const answer = await client.queryRange(query, range, signal);
      for (const warning of answer.warnings) warnings.add(warning);
      const seen = new Map<string, number>();
      for (const { labels, points } of answer.data) {
        const value = textOf(labels[label]);
        const many = (seen.get(value) ?? 0) + 1;
        seen.set(value, many);
        const node = nodes.get(value) ?? { points: [], most: 0 };
        nodes.set(value, node);
        node.most = Math.max(node.most, many);
        if (many > 1) continue;
        if (node.points.length === 0) node.points = points;
        else for (const point of points) node.points.push(point);
      }
      from = to + 1;
    } catch (thrown) {
      if (to === from || !TOO_MANY.test(toAppError(thrown).message)) throw thrown;
      size = Math.ceil((to - from + 1) / 2);
    }
  }
  return { nodes, warnings };
}
