import { toAppError, type AppError } from '../../core/errors';
import { alignPoints } from '../../core/metrics/axis';
import { halves, type Batch } from '../../core/metrics/batches';
import { renderQuery, type MetricQuery } from '../../core/metrics/profiles';
import type { Target } from '../../core/target';
import type { PrometheusClient } from './client';
import { queryInPieces, type JoinedRange } from './range';

/** A metric of a batch of nodes over an axis. */
export interface BatchQuestion {
  query: MetricQuery;
  container: string;
  rateWindowMs: number;
  timestamps: Float64Array;
  stepMs: number;
}

/** Told as answers come in. */
export interface BatchListener {
  values(target: Target, values: Float64Array): void;
  problem(target: Target, message: string): void;
  /** Some nodes' query failed for good; a throw ends the whole. */
  failed(error: AppError): void;
}

/**
 * What one node may have brought about alone, or what fewer nodes at once may mend: a query that the server cannot
 * evaluate, an answer or an address that is too long for it or for what stands before it.
 */
const perhapsOfFew = ({ code, message }: AppError): boolean =>
  code === 'invalid' || /more than we take|HTTP (413|414|431)\b/.test(message);

/** Asks for a metric of all nodes of a batch with one query, and of fewer at a time where that fails, as far as the allowance of further queries goes. */
export async function askBatch(
  client: PrometheusClient,
  batch: Batch,
  question: BatchQuestion,
  listener: BatchListener,
  allowance: { left: number },
  signal: AbortSignal | undefined,
): Promise<void> {
  const { query, timestamps, stepMs } = question;
  const { namespace, nodes } = batch;
  const text = renderQuery(query.template, { ...question, namespace, nodes: [...nodes.keys()] });
  let answer: JoinedRange;
  try {
    const range = { query: text, label: query.node, count: nodes.size, timestamps, stepMs };
    answer = await queryInPieces(client, range, signal);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'cancelled') throw error;
    if (nodes.size > 1 && allowance.left >= 2 && perhapsOfFew(error)) {
      allowance.left -= 2;
      for (const half of halves(batch)) await askBatch(client, half, question, listener, allowance, signal);
      return;
    }
    listener.failed(error);
    for (const target of [...nodes.values()].flat()) listener.problem(target, error.message);
    return;
  }
  for (const [value, targets] of nodes) {
    const { points, most } = answer.nodes.get(value) ?? { points: [], most: 0 };
    for (const target of targets) {
      for (const warning of answer.warnings) listener.problem(target, `Prometheus warns: ${warning}`);
      if (most > 1) listener.problem(target, `The query gave ${most} series instead of one.`);
      if (most === 0 || points.length === 0) listener.problem(target, 'No sample in this range.');
      listener.values(target, alignPoints(timestamps, stepMs, points));
    }
  }
}
