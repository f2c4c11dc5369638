import { batchesOf, batchQuery } from '../../../core/metrics/batches';
import { neededSelector, nodeLabel, type MetricQuery } from '../../../core/metrics/profiles';
import type { SeriesRow } from '../../../core/metrics/seriesRow';
import type { DatabasePod } from '../../../core/cluster/databasePod';
import { stringsOf } from '../../../core/base/unknown';
import type { MatrixSeries } from '../connection/answer';
import type { PrometheusClient } from '../connection/client';

/** Whose series are listed, and over which time. */
export interface RowQuestion {
  client: PrometheusClient;
  targets: readonly DatabasePod[];
  container: string;
  atMs: number;
  /** How far back a series may have had its last sample. */
  windowMs: number;
  signal: AbortSignal | undefined;
}

/** A series with what it gave. */
export interface FoundRow extends SeriesRow {
  points: MatrixSeries['points'];
}

/** A selector of the series that a query needs, with the matchers that it puts on the first of them. */
export function firstSelector(query: MetricQuery): string {
  return /[a-z_:]\w*\{[^}]*\}/i.exec(query.template)?.[0] ?? neededSelector(query);
}

/** Every series of a selector with all its labels, of the nodes as the query has them. `write` makes a question of the selector and its range. */
export async function rowsOf(
  query: MetricQuery,
  selector: string,
  { client, targets, container, atMs, windowMs, signal }: RowQuestion,
  write: (selector: string, range: string) => string = (of, range) => `last_over_time(${of}[${range}])`,
): Promise<FoundRow[]> {
  const range = `${Math.max(1, Math.round(windowMs))}ms`;
  const template = write(selector, range);
  const scope = { container, rateWindowMs: windowMs };
  const asked = batchesOf({ ...query, template }, targets, container).map(async (batch) => {
    const { data } = await client.query(batchQuery({ template }, batch, scope), atMs, signal);
    return data;
  });
  return (await Promise.all(asked)).flat().map(toRow);
}

/** A series as a row. */
export const toRow = ({ labels, points }: MatrixSeries): FoundRow => ({ labels: stringsOf(labels), points });

/** The rows of each target, by the label that names its node. */
export function rowsByPod<Row extends SeriesRow>(
  query: MetricQuery,
  rows: readonly Row[],
  targets: readonly DatabasePod[],
): { row: Row; target: DatabasePod }[] {
  const label = nodeLabel(query);
  const namespaceLabel = label.replace(/pod$/, 'namespace');
  const byPod = new Map<string, Row[]>();
  for (const row of rows) {
    const pod = row.labels[label] ?? '';
    byPod.set(pod, [...(byPod.get(pod) ?? []), row]);
  }
  return targets.flatMap((target) =>
    (byPod.get(target.pod) ?? [])
      .filter(({ labels }) => (labels[namespaceLabel] ?? target.namespace) === target.namespace)
      .map((row) => ({ row, target })),
  );
}
