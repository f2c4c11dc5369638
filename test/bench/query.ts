import { createServer, connect as dial, type AddressInfo } from 'node:net';
import { connect } from '../../src/adapters/kubernetes/index';
import { createMetricSource, directEndpoint } from '../../src/adapters/prometheus/index';
import type { MetricSource } from '../../src/core/metrics/source';
import { DEMO_QUERY, silentLog } from '../support';
import { startDemoServer } from './demoProcess';
import { middle } from './numbers';

const STEP_MS = 5000;
const WINDOW_MS = 20 * 60_000;
const RUNS = 15;

/** A refresh of the panel by all metrics of three nodes; milliseconds and KiB over the wire, medians. */
export interface QueryFigures {
  points: number;
  series: number;
  /** The whole window anew, as a dashboard asks. */
  whole: { ms: number; kib: number };
  /** Only what is new since the last refresh. */
  delta: { ms: number; kib: number };
  timesFewerBytes: number;
}

/** Measures a refresh with and without what is kept from the one before, Prometheus in a process of its own. */
export async function benchQuery(root: string): Promise<QueryFigures> {
  const demo = await startDemoServer(root, 1);
  const wire = await countingProxy(Number(new URL(demo.prometheusUrl).port));
  const connection = await connect({ kubeconfigPath: demo.kubeconfig, trusted: false, log: silentLog });
  try {
    const targets = await connection.targets.list(DEMO_QUERY);
    const source = async (): Promise<MetricSource> => {
      const made = createMetricSource({
        resolve: () => Promise.resolve(directEndpoint(`http://127.0.0.1:${wire.port}`)),
        clock: demo.clock,
        profile: 'auto',
        container: 'observer',
        log: silentLog,
      });
      await made.describe(targets); // once a session, for either way
      return made;
    };
    const first = Math.floor(demo.clock.now() / STEP_MS) * STEP_MS - (RUNS + 2) * STEP_MS;
    let series = 0;
    const measured = async (from: MetricSource, run: number): Promise<{ ms: number; kib: number }> => {
      const toMs = first + run * STEP_MS;
      const before = wire.bytes();
      const began = performance.now();
      const frame = await from.fetch({ targets, fromMs: toMs - WINDOW_MS, toMs, stepMs: STEP_MS });
      const ms = performance.now() - began;
      if (frame.problems.length > 0) throw new Error(`The bench's picture has gaps: ${frame.problems[0]?.message}`);
      series = frame.series.length;
      return { ms, kib: (wire.bytes() - before) / 1024 };
    };
    const kept = await source();
    await measured(kept, 0);
    const whole: { ms: number; kib: number }[] = [];
    const delta: { ms: number; kib: number }[] = [];
    for (let run = 1; run <= RUNS; run++) {
      delta.push(await measured(kept, run));
      whole.push(await measured(await source(), run));
    }
    const middles = (all: typeof whole): { ms: number; kib: number } => ({
      ms: middle(all.map(({ ms }) => ms)),
      kib: middle(all.map(({ kib }) => kib)),
    });
    const figures = { whole: middles(whole), delta: middles(delta) };
    return {
      points: WINDOW_MS / STEP_MS + 1,
      series,
      ...figures,
      timesFewerBytes: Math.round(figures.whole.kib / figures.delta.kib),
    };
  } finally {
    connection.dispose();
    wire.stop();
    await demo.stop();
  }
}

/** Passes bytes on to a port on loopback and counts those that come back. */
async function countingProxy(target: number): Promise<{ port: number; bytes: () => number; stop: () => void }> {
  let bytes = 0;
  const server = createServer((client) => {
    const upstream = dial(target, '127.0.0.1');
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    upstream.on('data', (chunk: Buffer) => (bytes += chunk.length));
    client.on('error', end).on('close', end).pipe(upstream);
    upstream.on('error', end).on('close', end).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, bytes: () => bytes, stop: () => server.close() };
}
