import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { connect } from '../../src/adapters/kubernetes/index';
import { createMetricSource, directEndpoint } from '../../src/adapters/prometheus/index';
import { createWorkerScorer } from '../../src/adapters/tensorflow/workerClient';
import { ExperimentStore } from '../../src/core/experiments/store';
import { createMonitor } from '../../src/core/monitoring/monitor';
import { sleep } from '../../src/core/time/waiting';
import { DEMO_QUERY, silentLog } from '../support';
import { startDemoServer } from './demoProcess';
import { middle } from './numbers';

/** An hour at a refresh every five seconds, so many times as fast. */
const SPEED = 60;
const REFRESH_MS = 5000;
const REFRESHES = 720;
/** Caches fill and code is compiled before anything is measured. */
const WARM_UP = 60;
const WINDOW_MS = 20 * 60_000;

/** What an hour of watching costs the process that watches. */
export interface HourFigures {
  refreshes: number;
  /** Of the cluster's own time. */
  minutes: number;
  refreshMs: number;
  /** After a collection: at the start, and after each quarter. */
  heapMiB: { before: number; quarters: number[] };
  /** Of the thread that the editor's extensions share; a timer of 1 ms, so 1 is "at rest". */
  eventLoopDelayMs: { median: number; p99: number; max: number };
  /** CPU time of the process, the scoring thread's too, as a share of one core were the refreshes five seconds apart. */
  busyPercent: number;
}

/** Watches the demo cluster, which runs in a process of its own, by the extension's own parts. Wants `--expose-gc`. */
export async function benchHour(root: string): Promise<HourFigures> {
  const collect = globalThis.gc;
  if (!collect) throw new Error('Start it with --expose-gc: the heap is measured after a collection.');
  const demo = await startDemoServer(root, SPEED);
  const { clock } = demo;
  const connection = await connect({ kubeconfigPath: demo.kubeconfig, trusted: false, log: silentLog });
  const store = new ExperimentStore({ gateway: connection.experiments, clock });
  const metrics = createMetricSource({
    resolve: () => Promise.resolve(directEndpoint(demo.prometheusUrl)),
    clock,
    profile: 'auto',
    container: DEMO_QUERY.container,
    log: silentLog,
  });
  const scorer = createWorkerScorer({
    workerPath: path.join(root, 'dist', 'scorer.js'),
    modelDirectory: path.join(root, 'models', 'anomaly-detector'),
    log: silentLog,
  });
  const parts = { targets: connection.targets, query: DEMO_QUERY, metrics, scorer, store, clock, log: silentLog };
  const monitor = createMonitor({ ...parts, windowMs: WINDOW_MS, stepMs: REFRESH_MS, refreshMs: REFRESH_MS });
  const watching = store.subscribe(() => undefined);
  const heap = (): number => {
    collect();
    return Number((process.memoryUsage().heapUsed / 2 ** 20).toFixed(1));
  };
  const times: number[] = [];
  const refresh = async (): Promise<void> => {
    const due = clock.now() + REFRESH_MS;
    const began = performance.now();
    const { health } = await monitor.refresh();
    times.push(performance.now() - began);
    if (health.state !== 'live') throw new Error(`The bench's refresh failed: ${JSON.stringify(health)}`);
    await sleep(clock, Math.max(0, due - clock.now()), new AbortController().signal);
  };
  const delay = monitorEventLoopDelay({ resolution: 1 });
  try {
    for (let i = 0; i < WARM_UP; i++) await refresh();
    const before = heap();
    const quarters: number[] = [];
    const from = clock.now();
    times.length = 0;
    const cpu = process.cpuUsage();
    delay.enable();
    for (let i = 1; i <= REFRESHES; i++) {
      await refresh();
      if (i % (REFRESHES / 4) !== 0) continue;
      delay.disable(); // a collection that is asked for is no part of it
      quarters.push(heap());
      delay.enable();
    }
    delay.disable();
    const { user, system } = process.cpuUsage(cpu);
    const ms = (nanoseconds: number): number => Number((nanoseconds / 1e6).toFixed(1));
    return {
      refreshes: REFRESHES,
      minutes: Math.round((clock.now() - from) / 60_000),
      refreshMs: middle(times),
      heapMiB: { before, quarters },
      eventLoopDelayMs: { median: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) },
      busyPercent: Number((((user + system) / 1000 / (REFRESHES * REFRESH_MS)) * 100).toFixed(2)),
    };
  } finally {
    watching.dispose();
    monitor.dispose();
    store.dispose();
    scorer.dispose();
    connection.dispose();
    await demo.stop();
  }
}
