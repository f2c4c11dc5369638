import { createMetricSource, directEndpoint } from '../../src/adapters/prometheus/index';
import { scaledClock } from '../../src/core/clock';
import type { Target } from '../../src/core/target';
import { FaultBoard } from '../../src/demo/faults';
import { startPrometheus } from '../../src/demo/prometheus/server';
import { DatabaseSimulator } from '../../src/demo/simulator/simulator';
import { demoTopology } from '../../src/demo/topology';
import { silentLog } from '../support';

const MINUTES = 15;
const STEP_MS = 15_000;

/** What the metrics of many pods cost; times are milliseconds, client and embedded Prometheus in one process. */
export interface PodMetricsFigures {
  /** Series in one picture: every metric of every pod. */
  metricSeries: number;
  /** Asked before the first picture: which metrics there are, how often they come, whether twice. */
  probeRequests: number;
  probeMs: number;
  /** A picture of a quarter of an hour by 15 s. */
  metricRequests: number;
  metricsMs: number;
  /** CPU time of the process for it, all threads: what a busy machine does not change. */
  metricsCpuMs: number;
}

/** Measures a picture of all metrics from a Prometheus that has so many pods: copies of three that are simulated. */
export async function benchPodMetrics(pods: number): Promise<PodMetricsFigures> {
  const topology = demoTopology();
  const places = new Map(topology.pods.flatMap(({ name, ip }, i) => [[name, i] as const, [ip, i] as const]));
  const names = Array.from({ length: pods }, (_, i) => ({
    pod: `obcluster-1-zone${(i % 3) + 1}-${i.toString(36).padStart(12, 'x')}`,
    ip: `10.244.${i >> 8}.${i & 255}`,
  }));
  const now = Math.floor(Date.now() / STEP_MS) * STEP_MS;
  const historyMs = (MINUTES + 2) * 60_000;
  const simulator = new DatabaseSimulator({ topology, seed: 1, startMs: now - historyMs, board: new FaultBoard() });
  function* samples(): Generator<ReturnType<DatabaseSimulator['samples']>[number]> {
    for (const { name, labels, value } of simulator.samples()) {
      const place = places.get(labels['svr_ip'] ?? labels['pod'] ?? '') ?? pods;
      for (let copy = place; copy < pods; copy += topology.pods.length) {
        const { pod, ip } = names[copy] as (typeof names)[number];
        yield { name, labels: { ...labels, ...(labels['svr_ip'] === undefined ? { pod } : { svr_ip: ip }) }, value };
      }
    }
  }
  // Stands still, so that a picture is the same whenever it is taken.
  const clock = { ...scaledClock(1), now: () => now, after: () => ({ dispose: () => undefined }) };
  const scraped = { advanceTo: (ms: number) => simulator.advanceTo(ms), samples, exposition: () => '' };
  const server = await startPrometheus({ simulator: scraped, clock, scrapeMs: STEP_MS, historyMs });
  let requests = 0;
  const endpoint = directEndpoint(server.url);
  const source = createMetricSource({
    resolve: () => Promise.resolve({ ...endpoint, access: () => ((requests += 1), endpoint.access()) }),
    clock,
    profile: 'auto',
    container: 'observer',
    log: silentLog,
  });
  const targets = names.map(({ pod, ip }): Target => ({
    namespace: topology.namespace,
    pod,
    ip,
    hostNode: undefined,
    phase: 'Running',
    ready: true,
    restarts: 0,
    hostNetwork: false,
    labels: {},
    zone: undefined,
    cluster: undefined,
    containers: [],
    database: undefined,
  }));
  try {
    const began = performance.now();
    await source.describe(targets);
    const probed = performance.now();
    const probeRequests = requests;
    const cpu = process.cpuUsage();
    const frame = await source.fetch({ targets, fromMs: now - MINUTES * 60_000, toMs: now, stepMs: STEP_MS });
    const done = performance.now();
    const { user, system } = process.cpuUsage(cpu);
    if (frame.problems.length > 0) throw new Error(`The bench's picture has gaps: ${frame.problems[0]?.message}`);
    return {
      metricSeries: frame.series.length,
      probeRequests,
      probeMs: Math.round(probed - began),
      metricRequests: requests - probeRequests,
      metricsMs: Math.round(done - probed),
      metricsCpuMs: Math.round((user + system) / 1000),
    };
  } finally {
    await server.stop();
  }
}
