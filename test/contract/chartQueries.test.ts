import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type KubernetesConnection } from '../../src/adapters/kubernetes/index';
import { createMetricSource, createQueries, directEndpoint } from '../../src/adapters/prometheus/index';
import { newestRequest } from '../../src/core/metrics/axis';
import type { QueryGateway } from '../../src/core/metrics/chartQuery';
import type { DatabasePod } from '../../src/core/cluster/databasePod';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';
import { DEMO_QUERY, silentLog } from '../support';
import { temporaryFolder } from '../temporary';

const STEP = 15_000;
const WINDOW = 20 * 60_000;

const directory = temporaryFolder('queries');
let cluster: DemoCluster;
let connection: KubernetesConnection;
let targets: DatabasePod[];
let queries: QueryGateway;
let source: ReturnType<typeof createMetricSource>;

const newSource = (): typeof source =>
  createMetricSource({
    resolve: () => Promise.resolve(directEndpoint(cluster.prometheusUrl)),
    clock: cluster.clock,
    profile: 'auto',
    container: 'observer',
    log: silentLog,
  });

beforeAll(async () => {
  cluster = await startDemoCluster({ directory, speed: 60, seed: 5 });
  connection = await connect({ kubeconfigPath: cluster.kubeconfigPath, trusted: false, log: silentLog });
  targets = await connection.targets.list(DEMO_QUERY);
  source = newSource();
  queries = createQueries({
    resolve: () => Promise.resolve(directEndpoint(cluster.prometheusUrl)),
    clock: cluster.clock,
    queryOf: (...asked) => source.queryOf(...asked),
  });
});

afterAll(async () => {
  connection?.dispose();
  await cluster?.stop();
});

const stretch = (): { fromMs: number; toMs: number; stepMs: number } => {
  const toMs = Math.floor(cluster.clock.now() / STEP) * STEP - 60_000;
  return { fromMs: toMs - WINDOW, toMs, stepMs: STEP };
};

describe('queries of the user’s own', () => {
  it('are completed by the names that the server has', async () => {
    expect(await queries.names('container_cpu', 3)).toContain('container_cpu_usage_seconds_total');
    expect(await queries.names('no_such_metric', 10)).toEqual([]);
    expect(await queries.names('', 5)).toHaveLength(5);
  });

  it('answer with a line for each series, of too many the first', async () => {
    const query = 'sum by (pod) (rate(container_cpu_usage_seconds_total{container="observer"}[1m]))';
    const all = await queries.range(query, stretch(), 50);
    expect(all.lines.map(({ name }) => name)).toEqual(targets.map(({ pod }) => pod).sort());
    expect(all).toMatchObject({ left: 0, warnings: [] });
    expect(all.lines.every(({ values }) => values.length === all.timestamps.length)).toBe(true);
    const few = await queries.range(query, stretch(), 2);
    expect([few.lines.length, few.left]).toEqual([2, 1]);
  });

  it('that are wrong are refused with the server’s words, and the next is answered', async () => {
    await expect(queries.range('sum by (', stretch(), 50)).rejects.toMatchObject({ code: 'invalid' });
    expect((await queries.range('vector(1)', stretch(), 50)).lines).toHaveLength(1);
  });

  it('that are copied from a chart give what the chart shows', async () => {
    const range = stretch();
    const frame = await newSource().fetch({ ...range, targets });
    for (const metric of ['cpu.used', 'db.commitLatency']) {
      const query = await queries.queryOf(metric, targets, STEP);
      const { lines } = await queries.range(query ?? '', range, 50);
      const shown = frame.series.filter((one) => one.metric === metric).map(({ values }) => [...values]);
      const sorted = (rows: number[][]): number[][] => rows.sort((a, b) => (a[0] as number) - (b[0] as number));
      expect(sorted(lines.map(({ values }) => [...values]))).toEqual(sorted(shown));
    }
    expect(await queries.queryOf('no.such', targets, STEP)).toBeUndefined();
  });
});

describe('frames that follow each other', () => {
  it('are, though only their ends are asked for, what a source that asks for all gets', async () => {
    for (let look = 0; look < 8; look++) {
      // The newest minute may still change between the two looks.
      const nowMs = cluster.clock.now() - 60_000;
      const request = newestRequest(targets, { windowMs: WINDOW, stepMs: STEP, nowMs });
      const [known, anew] = [await source.fetch(request), await newSource().fetch(request)];
      expect(known.timestamps).toEqual(anew.timestamps);
      anew.series.forEach(({ metric, node, values }, place) => {
        const other = known.series[place];
        expect([other?.metric, other?.node]).toEqual([metric, node]);
        values.forEach((value, i) => {
          const seen = other?.values[i] ?? Infinity;
          if (!Number.isNaN(value) || !Number.isNaN(seen)) expect(seen, metric).toBeCloseTo(value, 6);
        });
      });
      await new Promise<void>((resolve) => cluster.clock.after(30_000, resolve));
    }
  });
});
