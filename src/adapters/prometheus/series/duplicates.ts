import { msg, type Text } from '../../../core/base/text';
import { batchesOf, batchQuery } from '../../../core/metrics/batches';
import type { PinOf } from '../../../core/metrics/pin';
import { neededSelector } from '../../../core/metrics/profiles';
import type { DatabasePod } from '../../../core/cluster/databasePod';
import type { PrometheusClient } from '../connection/client';
import type { Probe } from './probe';

/** What tells one scrape of a series from another of the same: who scraped it, and which of a pair it was. */
const SCRAPE = 'job,instance,endpoint,metrics_path,prometheus,prometheus_replica,replica,receive';

/** Targets of which the first that has series is tried. */
const MOST_TRIED = 5;

/**
 * A sentence for each profile whose series the server holds more than once, as when two jobs scrape the same target or a
 * pair of replicas is queried through a proxy that does not deduplicate them: every sum is that many times too high.
 */
export async function findDuplicates(
  client: PrometheusClient,
  known: Probe,
  targets: readonly DatabasePod[],
  container: string,
  pinOf: PinOf,
  nowMs: number,
  signal: AbortSignal | undefined,
): Promise<Text[]> {
  const samples = new Map(known.queries.map(({ query, profile }) => [profile, query] as const).reverse());
  const asks = [...samples].map(async ([profile, query]): Promise<Text[]> => {
    const template = `count(count by (${SCRAPE}) (${neededSelector(query)}))`;
    const [batch] = targets
      .slice(0, MOST_TRIED)
      .flatMap((target) => batchesOf({ ...query, template }, [target], container, pinOf));
    if (!batch) return [];
    // Only the newest of several lives: each has its own scrape.
    const newest = [...(batch.lives ?? [])].map(
      ([node, lives]) => [node, { ...lives, values: lives.values.slice(0, 1) }] as const,
    );
    const text = batchQuery({ template }, { ...batch, lives: new Map(newest) }, { container, rateWindowMs: 0 });
    const { data } = await client.query(text, nowMs, signal).catch(() => ({ data: [] }));
    signal?.throwIfAborted();
    const times = data[0]?.points[0]?.[1] ?? 1;
    return times > 1
      ? [msg`The ${profile} metrics exist ${times} times (jobs or replicas), so sums are too high by that factor.`]
      : [];
  });
  return (await Promise.all(asks)).flat();
}
