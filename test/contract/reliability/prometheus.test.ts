import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type KubernetesConnection } from '../../../src/adapters/kubernetes/index';
import { PrometheusClient } from '../../../src/adapters/prometheus/connection/client';
import { createMetricSource, directEndpoint } from '../../../src/adapters/prometheus/index';
import type { MetricSource } from '../../../src/core/metrics/source';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import { startDemoCluster, type DemoCluster } from '../../../src/demo/cluster';
import { DEMO_QUERY, silentLog } from '../../support';
import { resource } from './scene';
import { until } from '../../until';
import { temporaryFolder } from '../../temporary';

const HISTORY_MINUTES = 210;
const POINTS = 12_000;
const directory = temporaryFolder('prometheus');
let cluster: DemoCluster;
let connection: KubernetesConnection;
let client: PrometheusClient;
let source: MetricSource;
let targets: DatabasePod[];

beforeAll(async () => {
  cluster = await startDemoCluster({
    directory,
    speed: 20,
    seed: 5,
    historyMinutes: HISTORY_MINUTES,
    scrapeMs: 10_000,
  });
  connection = await connect({ kubeconfigPath: cluster.kubeconfigPath, trusted: false, log: silentLog });
  const endpoint = directEndpoint(cluster.prometheusUrl);
  client = new PrometheusClient({ endpoint });
  const resolve = (): Promise<typeof endpoint> => Promise.resolve(endpoint);
  source = createMetricSource({
    resolve,
    clock: cluster.clock,
    profile: 'auto',
    container: 'observer',
    log: silentLog,
  });
  targets = await connection.targets.list(DEMO_QUERY);
});

afterAll(async () => {
  connection?.dispose();
  await cluster?.stop();
});

it('a range of more points than Prometheus takes is refused whole, and comes in pieces without a gap', async () => {
  const toMs = Math.floor(cluster.clock.now() / 1000) * 1000 - 30_000;
  const range = { fromMs: toMs - (POINTS - 1) * 1000, toMs, stepMs: 1000 };
  await expect(client.queryRange('up', range)).rejects.toThrow(/exceeded maximum resolution of 11,000 points/);
  const frame = await source.fetch({ ...range, targets: targets.slice(0, 1), metrics: ['memory.used'] });
  expect(frame.timestamps).toHaveLength(POINTS);
  expect(frame.series[0]?.values.every(Number.isFinite)).toBe(true);
});

it('counters that begin anew with their pod make no negative rate and no spike', async () => {
  const [target] = targets as [DatabasePod];
  const selector = `container_cpu_usage_seconds_total{pod="${target.pod}",container="observer"}`;
  cluster.objects.delete(resource('Pod'), 'oceanbase', target.pod);
  const readings = async (): Promise<number[]> => {
    const now = cluster.clock.now();
    const { data } = await client.query(`${selector}[5m]`, now);
    return data[0]?.points.map(([, value]) => value) ?? [];
  };
  const hasReset = (values: number[]): boolean => values.some((value, i) => i > 0 && value < (values[i - 1] as number));
  await until('the counters begin anew', async () => hasReset(await readings()));
  const later = cluster.clock.now() + 60_000;
  await until('a minute of the cluster’s', () => cluster.clock.now() > later);
  const toMs = cluster.clock.now();
  const range = { fromMs: toMs - 10 * 60_000, toMs, stepMs: 15_000 };
  const frame = await source.fetch({ ...range, targets: [target] });
  for (const { metric, values } of frame.series) {
    const seen = values.filter((value) => !Number.isNaN(value));
    expect(Math.min(...seen), metric).toBeGreaterThanOrEqual(0);
  }
  const cpu = frame.series.find(({ metric }) => metric === 'cpu.used')?.values.filter((value) => !Number.isNaN(value));
  expect(cpu?.length).toBeGreaterThan(10);
  expect(Math.max(...(cpu ?? []))).toBeLessThanOrEqual((target.database?.cpuLimit ?? 0) * 1.1);
});
