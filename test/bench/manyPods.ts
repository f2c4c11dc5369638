import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createMetricSource, directEndpoint } from '../../src/adapters/prometheus/index';
import { scaledClock } from '../../src/core/base/clock';
import { FaultBoard } from '../../src/demo/faults';
import { startPrometheus } from '../../src/demo/prometheus/server';
import { DatabaseSimulator } from '../../src/demo/simulator/simulator';
import { demoTopology } from '../../src/demo/topology';
import { silentLog } from '../support';
import { bareTarget } from '../unit/cluster/targets';

const MINUTES = 15;
const STEP_MS = 15_000;

/** What the metrics of many pods cost; times are milliseconds, the embedded Prometheus in a process of its own. */
export interface PodMetricsFigures {
  /** Series in one picture: every metric of every pod. */
  metricSeries: number;
  /** Asked before the first picture: which metrics there are, how often they come, whether twice. */
  probeRequests: number;
  probeMs: number;
  /** A picture of a quarter of an hour by 15 s. */
  metricRequests: number;
  metricsMs: number;
  /** CPU time for it, which a busy machine changes less: of this process and of Prometheus'. */
  metricsCpuMs: number;
  prometheusCpuMs: number;
}

/** Names and addresses of so many pods. */
const podNames = (pods: number): { pod: string; ip: string }[] =>
  Array.from({ length: pods }, (_, i) => ({
    pod: `obcluster-1-zone${(i % 3) + 1}-${i.toString(36).padStart(12, 'x')}`,
    ip: `10.244.${i >> 8}.${i & 255}`,
  }));

/** Where a Prometheus that has many pods is, up to when, and how much CPU time it has taken so far. */
interface ManyPodsServer {
  url: string;
  now: number;
  cpuMs: number;
}

/** A Prometheus that has so many pods, copies of three that are simulated. */
async function startPods(pods: number): Promise<{ url: string; now: number; stop(): Promise<void> }> {
  const topology = demoTopology();
  const places = new Map(topology.pods.flatMap(({ name, ip }, i) => [[name, i] as const, [ip, i] as const]));
  const names = podNames(pods);
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
  const { url, stop } = await startPrometheus({ simulator: scraped, clock, scrapeMs: STEP_MS, historyMs });
  return { url, now, stop };
}

/** The same until the parent process lets go of it, which is told where it is. */
export async function servePods(pods: number): Promise<void> {
  const { url, now } = await startPods(pods);
  const tell = (): void => void process.send?.({ url, now, cpuMs: cpuMs() } satisfies ManyPodsServer);
  process.on('message', tell);
  tell();
  await once(process, 'disconnect');
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1000);
}

/** One in this process, whose CPU time is not told apart. */
async function servedHere(pods: number): Promise<Served> {
  const { url, now, stop } = await startPods(pods);
  return { asked: () => Promise.resolve({ url, now, cpuMs: 0 }), stop };
}

interface Served {
  asked(): Promise<ManyPodsServer>;
  stop(): unknown;
}

/** One in a process of its own: a program that serves pods when it is given `--pods`. */
async function servedApart(pods: number, program: string): Promise<Served> {
  const child = fork(program, ['--pods', String(pods)]);
  const heard = async (): Promise<ManyPodsServer> => ((await once(child, 'message')) as [ManyPodsServer])[0];
  const asked = (): Promise<ManyPodsServer> => {
    child.send('how much?');
    return heard();
  };
  await heard();
  return { asked, stop: () => child.kill() };
}

/** Measures a picture of all metrics of so many pods, which a program serves (see `servedApart`), or this process. */
export async function benchPodMetrics(pods: number, program?: string): Promise<PodMetricsFigures> {
  const { asked, stop } = await (program === undefined ? servedHere(pods) : servedApart(pods, program));
  try {
    const { url, now } = await asked();
    let requests = 0;
    const endpoint = directEndpoint(url);
    const source = createMetricSource({
      resolve: () => Promise.resolve({ ...endpoint, access: () => ((requests += 1), endpoint.access()) }),
      clock: { ...scaledClock(1), now: () => now },
      profile: 'auto',
      container: 'observer',
      log: silentLog,
    });
    const targets = podNames(pods).map(({ pod, ip }) => bareTarget(demoTopology().namespace, pod, ip));
    const began = performance.now();
    await source.describe(targets);
    const probeMs = Math.round(performance.now() - began);
    const probeRequests = requests;
    const { cpuMs: theirs } = await asked();
    const ours = cpuMs();
    const probed = performance.now();
    const frame = await source.fetch({ targets, fromMs: now - MINUTES * 60_000, toMs: now, stepMs: STEP_MS });
    const metricsMs = Math.round(performance.now() - probed);
    if (frame.problems.length > 0) throw new Error(`The bench's picture has gaps: ${frame.problems[0]?.message}`);
    return {
      metricSeries: frame.series.length,
      probeRequests,
      probeMs,
      metricRequests: requests - probeRequests,
      metricsMs,
      metricsCpuMs: cpuMs() - ours,
      prometheusCpuMs: (await asked()).cpuMs - theirs,
    };
  } finally {
    await stop();
  }
}
