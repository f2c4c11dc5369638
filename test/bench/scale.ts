import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../../src/adapters/kubernetes/index';
import { ExperimentRows } from '../../src/core/experiments/rows';
import { ExperimentStore } from '../../src/core/experiments/store';
import type { ExperimentSnapshot } from '../../src/core/experiments/gateway';
import { startDemoCluster } from '../../src/demo/cluster';
import { DEMO_QUERY, silentLog } from '../support';
import { addExperiments, addPods, changeOne } from './manyExperiments';

/** What a large cluster costs; all times are milliseconds. */
export interface ScaleFigures {
  experiments: number;
  pods: number;
  /** One list of everything, in pages, client and embedded server in one process. */
  listMs: number;
  listPodsMs: number;
  /** From the start of the watch until the first whole picture. */
  firstPictureMs: number;
  /** The longest that the thread was busy without a pause meanwhile. */
  longestBlockMs: number;
  /** The rows of the tree for the first time, and again with nothing changed. */
  buildRowsMs: number;
  tickRowsMs: number;
  /** From a change in the cluster until its one row is told to the editor, with the 50 ms that are waited for more. */
  oneChangeMs: number;
  rowsToldOfOneChange: number;
  heapMiB: number;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] as number;
const rounded = (value: number): number => Number(value.toFixed(1));

/** Milliseconds that something takes, median of some runs. */
async function time(runs: number, work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return rounded(median(times));
}

/** Measures the list of experiments, its watch and the tree's rows on an embedded cluster of this size. */
export async function benchScale(experiments = 5000, pods = 1000): Promise<ScaleFigures> {
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-scale-'));
  const cluster = await startDemoCluster({ directory, historyMinutes: 0, controls: { stopped: true } });
  const made = addExperiments(cluster, experiments);
  addPods(cluster, pods);
  const connection = await connect({ kubeconfigPath: cluster.kubeconfigPath, trusted: false, log: silentLog });
  const { clock } = cluster;
  const store = new ExperimentStore({ gateway: connection.experiments, clock });
  const seen = (wanted: (snapshot: ExperimentSnapshot) => boolean): Promise<ExperimentSnapshot> =>
    new Promise((resolve) => {
      const subscription = store.subscribe((snapshot) => {
        if (!wanted(snapshot)) return;
        resolve(snapshot);
        queueMicrotask(() => subscription.dispose());
      });
    });
  try {
    const listMs = await time(3, () => connection.experiments.list());
    const listPodsMs = await time(3, () => connection.targets.list(DEMO_QUERY));
    const busy = monitorEventLoopDelay({ resolution: 5 });
    busy.enable();
    const began = performance.now();
    const whole = await seen(({ health, experiments: all }) => health.state === 'live' && all.length === experiments);
    const firstPictureMs = performance.now() - began;
    busy.disable();
    const buildRowsMs = await time(9, () => new ExperimentRows().update(whole.experiments, clock.now()));
    const rows = new ExperimentRows();
    rows.update(whole.experiments, clock.now());
    const tickRowsMs = await time(9, () => rows.tick(clock.now()));
    let told = 0;
    const changes: number[] = [];
    for (let i = 0; i < 9; i++) {
      const object = made[i * 7] as (typeof made)[number];
      const before = performance.now();
      changeOne(cluster, object, 'a failure');
      const snapshot = await seen(({ experiments: all }) =>
        all.some(({ ref, targets }) => ref.name === object.metadata.name && targets[0]?.lastFailure !== undefined),
      );
      const changed = rows.update(snapshot.experiments, clock.now());
      changes.push(performance.now() - before);
      told = Math.max(told, changed === 'all' ? Infinity : changed.length);
      await delay(20);
    }
    return {
      experiments,
      pods,
      listMs,
      listPodsMs,
      firstPictureMs: rounded(firstPictureMs),
      longestBlockMs: rounded(busy.max / 1e6),
      buildRowsMs,
      tickRowsMs,
      oneChangeMs: rounded(median(changes)),
      rowsToldOfOneChange: told,
      heapMiB: rounded(process.memoryUsage().heapUsed / 2 ** 20),
    };
  } finally {
    store.dispose();
    connection.dispose();
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
