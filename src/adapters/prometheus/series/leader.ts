import { textOf } from '../../../core/base/unknown';
import { batchesOf, batchQuery } from '../../../core/metrics/batches';
import { LEADER_QUERY } from '../../../core/metrics/profiles';
import type { DatabasePod } from '../../../core/cluster/databasePod';
import type { PrometheusClient } from '../connection/client';
import type { Servers } from './servers';

/** What a search for the leader needs. */
export interface LeaderQuestion {
  client: PrometheusClient;
  servers: Pick<Servers, 'pinOf'>;
  targets: readonly DatabasePod[];
  container: string;
  atMs: number;
  signal: AbortSignal | undefined;
}

/** The one pod of these that had the root service; undefined where none, or more than one, is said to have had it. */
export async function findLeader(question: LeaderQuestion): Promise<string | undefined> {
  const { client, servers, targets, container, atMs, signal } = question;
  const batches = batchesOf(LEADER_QUERY, targets, container, (_, target) => servers.pinOf(target));
  const found: DatabasePod[] = [];
  for (const batch of batches) {
    const { data } = await client.query(batchQuery(LEADER_QUERY, batch, { container, rateWindowMs: 0 }), atMs, signal);
    for (const { labels } of data) found.push(...(batch.nodes.get(textOf(labels['svr_ip'])) ?? []));
  }
  return found.length === 1 ? found[0]?.pod : undefined;
}
