import { msg, type Text } from '../../core/base/text';
import { toAppError, type AppError } from '../../core/base/errors';
import { batchQuery, halves, type Batch } from '../../core/metrics/batches';
import { nodeLabel, type MetricQuery } from '../../core/metrics/profiles';
import type { MetricProblem } from '../../core/metrics/series';
import type { DatabasePod } from '../../core/cluster/databasePod';
import type { PrometheusClient } from './connection/client';
import { queryInPieces } from './range';
import type { AlignedRange, WindowCache } from './windowCache';

/** A metric of a batch of nodes over an axis. */
export interface BatchQuestion {
  query: MetricQuery;
  container: string;
  rateWindowMs: number;
  timestamps: Float64Array;
  stepMs: number;
}

/** Where a batch is asked, and what is known from before. */
export interface BatchWay {
  client: PrometheusClient;
  cache: WindowCache;
}

/** Told as answers come in. */
export interface BatchListener {
  values(target: DatabasePod, values: Float64Array): void;
  /** The query failed, and these are the samples of earlier answers. */
  kept(target: DatabasePod, values: Float64Array): void;
  problem(target: DatabasePod, message: Text, more?: Pick<MetricProblem, 'incomplete' | 'keptUntil'>): void;
  /** Some nodes' query failed for good; a throw ends the whole. */
  failed(error: AppError): void;
}

/**
 * What one node may have brought about alone, or what fewer nodes at once may mend: a query that the server cannot
 * evaluate, an answer or an address that is too long for it or for what stands before it.
 */
const perhapsOfFew = ({ code, tooLarge }: AppError): boolean => code === 'invalid' || tooLarge;

/** Asks for a metric of all nodes of a batch with one query, and of fewer at a time where that fails, as far as the allowance of further queries goes. */
export async function askBatch(
  { client, cache }: BatchWay,
  batch: Batch,
  question: BatchQuestion,
  listener: BatchListener,
  allowance: { left: number },
  signal: AbortSignal | undefined,
): Promise<void> {
  const { query, timestamps, stepMs } = question;
  const { nodes } = batch;
  const text = batchQuery(query, batch, question);
  let answer: AlignedRange;
  try {
    const range = { query: text, label: nodeLabel(query), count: nodes.size, stepMs };
    answer = await cache.range(text, { timestamps, stepMs }, (asked) =>
      queryInPieces(client, { ...range, timestamps: asked }, signal),
    );
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'cancelled') throw error;
    if (nodes.size > 1 && allowance.left >= 2 && perhapsOfFew(error)) {
      allowance.left -= 2;
      for (const half of halves(batch)) await askBatch({ client, cache }, half, question, listener, allowance, signal);
      return;
    }
    listener.failed(error);
    const known = cache.known(text, { timestamps, stepMs });
    for (const [value, targets] of nodes)
      for (const target of targets) {
        const values = known?.get(value)?.values;
        if (values) listener.kept(target, values.slice());
        const newest = timestamps[values?.findLastIndex((one) => !Number.isNaN(one)) ?? -1];
        const keptUntil = newest === undefined ? {} : { keptUntil: newest };
        listener.problem(target, error.text, { incomplete: true, ...keptUntil });
      }
    return;
  }
  for (const [value, targets] of nodes) {
    const { values, most } = answer.nodes.get(value) ?? { values: undefined, most: 0 };
    for (const target of targets) {
      for (const warning of answer.warnings)
        listener.problem(target, msg`Prometheus warns: ${warning}`, { incomplete: true });
      if (most > 1) listener.problem(target, msg`The query returned ${most} series instead of one.`);
      if (!values) listener.problem(target, 'No samples in this range.');
      // A copy: what is remembered stays as it is, whatever becomes of the frame.
      listener.values(target, values?.slice() ?? new Float64Array(timestamps.length).fill(NaN));
    }
  }
}
