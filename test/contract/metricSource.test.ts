import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type KubernetesConnection } from '../../src/adapters/kubernetes/index';
import { PrometheusClient } from '../../src/adapters/prometheus/connection/client';
import { createMetricSource, directEndpoint, resolvePrometheus } from '../../src/adapters/prometheus/index';
import { defaultParameters, type AnomalyType } from '../../src/core/faults/catalogue';
import { ExperimentStore } from '../../src/core/experiments/store';
import { InjectionService } from '../../src/core/injection/injection';
import { METRICS } from '../../src/core/metrics/catalogue';
import { PROFILES, rateWindowMs, renderQuery } from '../../src/core/metrics/profiles';
import type { MetricFrame } from '../../src/core/metrics/series';
import type { MetricSource } from '../../src/core/metrics/source';
import type { DatabasePod } from '../../src/core/cluster/databasePod';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';
import { DEMO_QUERY, silentLog } from '../support';
import { temporaryFolder } from '../temporary';

const SPEED = 60;
const STEP = 15_000;

const directory = temporaryFolder('metrics');
let cluster: DemoCluster;
let connection: KubernetesConnection;
let source: MetricSource;
let targets: DatabasePod[];
let startedAt: number;

beforeAll(async () => {
  cluster = await startDemoCluster({ directory, speed: SPEED, seed: 3 });
  startedAt = cluster.clock.now();
  connection = await connect({ kubeconfigPath: cluster.kubeconfigPath, trusted: false, log: silentLog });
  targets = await connection.targets.list(DEMO_QUERY);
  source = metricSource();
});

afterAll(async () => {
  connection?.dispose();
  await cluster?.stop();
});

function metricSource(change: Partial<Parameters<typeof createMetricSource>[0]> = {}): MetricSource {
  const resolve = (): Promise<ReturnType<typeof directEndpoint>> =>
    Promise.resolve(directEndpoint(cluster.prometheusUrl));
  return createMetricSource({
    resolve,
    clock: cluster.clock,
    profile: 'auto',
    container: 'observer',
    log: silentLog,
    ...change,
  });
}

const fetchLast = (minutes: number, from: MetricSource = source): Promise<MetricFrame> =>
  from.fetch({ targets, fromMs: cluster.clock.now() - minutes * 60_000, toMs: cluster.clock.now(), stepMs: STEP });

const valuesOf = (frame: MetricFrame, metric: string, node: string | undefined): number[] =>
  [...(frame.series.find((one) => one.metric === metric && one.node === node)?.values ?? [])].filter(
    (value) => !Number.isNaN(value),
  );

describe('the metrics of the demo cluster', () => {
  it('are all there, with the profile and version named', async () => {
    const info = await source.describe(targets);
    expect(info).toMatchObject({ url: cluster.prometheusUrl, profile: 'oceanbase', notes: [] });
    expect(info.version).toMatch(/^\d+\./);
    expect(info.metrics.map(({ metric }) => metric).sort()).toEqual(METRICS.map(({ id }) => id).sort());
    expect(info.metrics.find(({ metric }) => metric === 'cpu.used')?.profile).toBe('container');
  });

  it('come as one frame: every metric of every node, on the step, nearly without gaps', async () => {
    const frame = await fetchLast(20);
    expect(frame.problems).toEqual([]);
    expect(frame.series).toHaveLength(METRICS.length * 3);
    expect(frame.timestamps.every((at) => at % STEP === 0)).toBe(true);
    for (const { values, metric } of frame.series) {
      expect(values).toHaveLength(frame.timestamps.length);
      const filled = values.filter((value) => !Number.isNaN(value));
      // A mean time over no events (0 / 0) is a gap, not a zero.
      expect(filled.length, metric).toBeGreaterThan(values.length * 0.9);
      expect(filled.every((value) => value >= 0)).toBe(true);
    }
    const [cpu] = valuesOf(frame, 'cpu.used', targets[0]?.pod);
    expect(cpu).toBeGreaterThan(0.1);
    expect(cpu).toBeLessThan(4);
    const latency = valuesOf(frame, 'disk.writeLatency', targets[0]?.pod).at(-1) as number;
    expect(latency).toBeLessThan(0.05); // seconds, not microseconds
    expect(latency).toBeGreaterThan(0.0001);
  });

  it('are for each node what an ungrouped query for that node alone gives, to the last digit', async () => {
    const client = new PrometheusClient({ endpoint: directEndpoint(cluster.prometheusUrl) });
    const toMs = Math.floor(cluster.clock.now() / STEP) * STEP - 60_000;
    const range = { fromMs: toMs - 600_000, toMs, stepMs: STEP };
    const frame = await source.fetch({ ...range, targets });
    for (const query of PROFILES.flatMap((profile) => profile.queries)) {
      for (const { namespace, pod, ip } of targets) {
        const scope = { namespace, container: 'observer', rateWindowMs: rateWindowMs(STEP, 5000) };
        const nodes = [query.node === 'pod' ? pod : (ip as string)];
        const alone = renderQuery(query.template, { ...scope, nodes }).replaceAll(/ by \(\w+\)/g, '');
        const { data } = await client.queryRange(alone, range);
        expect(data.map(({ labels }) => labels)).toEqual([{}]);
        const values = data[0]?.points.map(([, value]) => value).filter(Number.isFinite);
        expect(valuesOf(frame, query.metric, pod), `${query.metric} of ${pod}`).toEqual(values);
      }
    }
  });

  it('take one query for each metric, however many nodes there are', async () => {
    const paths: string[] = [];
    const counting = metricSource({
      resolve: () => {
        const endpoint = directEndpoint(cluster.prometheusUrl);
        return Promise.resolve({ ...endpoint, access: () => (paths.push('asked'), endpoint.access()) });
      },
    });
    await counting.describe(targets);
    const before = paths.length;
    const toMs = cluster.clock.now();
    const frame = await counting.fetch({ targets, fromMs: toMs - 600_000, toMs, stepMs: STEP });
    // And one that tells whose series there are, where the answer of a moment ago is too old.
    expect([METRICS.length, METRICS.length + 1]).toContain(paths.length - before);
    expect(frame.series).toHaveLength(METRICS.length * targets.length);
  });

  it('of a pod that is gone or never was are gaps that name it, and the others are whole', async () => {
    const stranger = { ...(targets[0] as DatabasePod), pod: 'obcluster-1.zone1|x', ip: '10.244.9.9' };
    const toMs = cluster.clock.now() - 60_000;
    const range = { fromMs: toMs - 600_000, toMs, stepMs: STEP, metrics: ['cpu.used', 'db.commits'] };
    const message = 'No samples in this range.';
    const frame = await source.fetch({
      ...range,
      targets: [targets[0] as DatabasePod, stranger, targets[2] as DatabasePod],
    });
    expect(new Set(frame.problems)).toEqual(
      new Set(range.metrics.map((metric) => ({ metric, node: stranger.pod, message }))),
    );
    expect(valuesOf(frame, 'cpu.used', stranger.pod)).toEqual([]);
    const whole = await source.fetch({ ...range, targets: [targets[2] as DatabasePod] });
    expect(frame.series.filter(({ node }) => node === targets[2]?.pod)).toEqual(whole.series);
  });

  it("come the same through the API server's service proxy", async () => {
    const endpoint = await resolvePrometheus({ url: '', cluster: connection, log: silentLog });
    expect(endpoint.baseUrl).toBe(
      `${cluster.kubernetesUrl}/api/v1/namespaces/monitoring/services/prometheus-operated%3A9090/proxy`,
    );
    const proxied = metricSource({ resolve: () => Promise.resolve(endpoint) });
    const range = {
      targets,
      fromMs: cluster.clock.now() - 600_000,
      toMs: cluster.clock.now() - 120_000,
      stepMs: STEP,
      metrics: ['cpu.used', 'db.commits'],
    };
    const [direct, through] = await Promise.all([source.fetch(range), proxied.fetch(range)]);
    expect(through.series).toEqual(direct.series);
    expect(through.series).toHaveLength(6);
  });

  it('degrade to the container profile when asked', async () => {
    const info = await metricSource({ profile: 'container' }).describe(targets);
    expect(info.profile).toBe('container');
    expect(info.metrics.map(({ metric }) => metric)).toEqual(
      expect.arrayContaining(['cpu.used', 'memory.used', 'network.sendBytes', 'disk.writeBytes']),
    );
    expect(info.metrics.some(({ metric }) => metric === 'disk.writeLatency')).toBe(false);
  });

  it('say so when the container has another name', async () => {
    const info = await metricSource({ container: 'postgres' }).describe(targets);
    expect(info.metrics.map(({ metric }) => metric)).toContain('network.sendBytes');
    expect(info.notes.join(' ')).toMatch(/Missing: CPU used/);
  });
});

describe('an anomaly', () => {
  const moves: Record<AnomalyType, { metric: string; factor: number }> = {
    cpu_stress: { metric: 'cpu.used', factor: 1.3 },
    memory_stress: { metric: 'memory.used', factor: 1.01 },
    // What leaves the node is late: its round trips are long. The calls that arrive at it are not.
    network_delay: { metric: 'db.commitLatency', factor: 3 },
    disk_stress: { metric: 'disk.writeLatency', factor: 3 },
  };

  it.each(Object.entries(moves))('%s moves the metric of the node that it hits', async (type, { metric, factor }) => {
    const store = new ExperimentStore({ gateway: connection.experiments, clock: cluster.clock });
    const service = new InjectionService({
      gateway: connection.experiments,
      store,
      clock: cluster.clock,
      log: silentLog,
    });
    const victim = targets[1] as DatabasePod;
    const experiment = await service.inject(
      {
        type: type as AnomalyType,
        targets: [victim],
        parameters: defaultParameters(type as AnomalyType),
        durationMs: 3_600_000,
        chaosNamespace: 'oceanbase',
        container: 'observer',
        createdBy: 'test',
      },
      { context: connection.context, protectedContexts: [], protectedNamespaces: [] },
    );
    const injectedAt = cluster.clock.now();
    // The simulator and the scrapes run on the cluster's clock: wait for a few minutes of it.
    await new Promise<void>((resolve) => cluster.clock.after(240_000, resolve));
    const request = { targets: [victim], stepMs: STEP, metrics: [metric] };
    const before = await source.fetch({ ...request, fromMs: startedAt - 900_000, toMs: startedAt - 60_000 });
    const after = await source.fetch({ ...request, fromMs: injectedAt + 90_000, toMs: injectedAt + 240_000 });
    const mean = (frame: MetricFrame): number => {
      const values = valuesOf(frame, metric, victim.pod);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    expect(mean(after) / mean(before)).toBeGreaterThan(factor);
    await service.stop(experiment.ref);
    store.dispose();
  });
});
