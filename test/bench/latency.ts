import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from '../../src/adapters/kubernetes/index';
import { defaultParameters } from '../../src/core/faults/catalogue';
import { ExperimentStore } from '../../src/core/experiments/store';
import { InjectionService } from '../../src/core/injection/injection';
import type { InjectionPlan } from '../../src/core/injection/plan';
import type { Disposable } from '../../src/core/base/disposable';
import type { ExperimentSnapshot } from '../../src/core/experiments/gateway';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';
import { DEMO_QUERY, silentLog } from '../support';
import { addExperiments, changeOne } from './manyExperiments';
import { middle } from './numbers';

const RUNS = 9;

/** From a cause until it is in the tree's data; milliseconds, medians, client and embedded server in one process. */
export interface LatencyFigures {
  /** From the call that injects until the experiment is listed. */
  injectToTreeMs: number;
  /** From the same call until it has seen every target injected; the embedded controller's work is in it. */
  injectToRunningMs: number;
  /** From a change that someone else makes until it is listed. */
  watchToTreeMs: number;
  /** From the same kind of change until `kubectl get -w` prints its line. */
  kubectlWatchMs: number | string;
}

/** Measures how long the tree is behind the cluster, and `kubectl get -w` beside it. */
export async function benchLatency(): Promise<LatencyFigures> {
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-latency-'));
  const cluster = await startDemoCluster({ directory, historyMinutes: 1, controls: { delayMs: 0 } });
  const connection = await connect({ kubeconfigPath: cluster.kubeconfigPath, trusted: false, log: silentLog });
  const { clock } = cluster;
  const store = new ExperimentStore({ gateway: connection.experiments, clock });
  const injection = new InjectionService({ gateway: connection.experiments, store, clock, log: silentLog });
  const held = store.subscribe(() => undefined);
  try {
    await until(store, ({ health }) => health.state === 'live');
    const [target] = await connection.targets.list(DEMO_QUERY);
    if (!target) throw new Error('The bench has no target.');
    const plan: InjectionPlan = {
      type: 'cpu_stress',
      targets: [target],
      parameters: defaultParameters('cpu_stress'),
      durationMs: 600_000,
      chaosNamespace: cluster.namespace,
      container: 'observer',
      createdBy: 'bench',
    };
    const policy = { context: 'bench', protectedContexts: [], protectedNamespaces: [], clusterSize: 3 };
    const listed: number[] = [];
    const running: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      const began = performance.now();
      const seen = until(store, ({ experiments }) => experiments.length > 0).then(() => performance.now() - began);
      const { ref } = await injection.inject(plan, policy);
      running.push(performance.now() - began);
      listed.push(await seen);
      await injection.stop(ref);
      await until(store, ({ experiments }) => experiments.length === 0);
    }
    const [object] = addExperiments(cluster, 1) as [ReturnType<typeof addExperiments>[number]];
    const { name } = object.metadata;
    const version = ({ experiments }: ExperimentSnapshot): string | undefined =>
      experiments.find(({ ref }) => ref.name === name)?.object.metadata.resourceVersion;
    await until(store, (snapshot) => version(snapshot) !== undefined);
    cluster.controls.stopped = true; // what is changed below stays
    const changes: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      const before = version(store.snapshot);
      const began = performance.now();
      changeOne(cluster, object, `failure ${i}`);
      await until(store, (snapshot) => version(snapshot) !== before);
      changes.push(performance.now() - began);
    }
    return {
      injectToTreeMs: middle(listed),
      injectToRunningMs: middle(running),
      watchToTreeMs: middle(changes),
      kubectlWatchMs: await kubectlMs(cluster, object),
    };
  } finally {
    held.dispose();
    store.dispose();
    connection.dispose();
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Resolves with the first picture that is as wanted. */
function until(store: ExperimentStore, wanted: (snapshot: ExperimentSnapshot) => boolean): Promise<ExperimentSnapshot> {
  return new Promise((resolve) => {
    const looking: { at?: Disposable } = {};
    const look = (snapshot: ExperimentSnapshot): void => {
      if (!wanted(snapshot)) return;
      resolve(snapshot);
      queueMicrotask(() => looking.at?.dispose());
    };
    looking.at = store.subscribe(look);
  });
}

/** What a user would have open instead, where kubectl is here. */
async function kubectlMs(
  cluster: DemoCluster,
  object: ReturnType<typeof addExperiments>[number],
): Promise<number | string> {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
  } catch {
    return 'no kubectl here';
  }
  // All of the kind: of a named one kubectl does not print what happens before its watch stands.
  const cache = path.join(path.dirname(cluster.kubeconfigPath), 'kubectl'); // not the user's own
  const args = ['--cache-dir', cache, 'get', object.kind.toLowerCase(), '-n', cluster.namespace, '-w'];
  const newest = '{.status.experiment.containerRecords[0].events[-1:].message}{"\\n"}';
  const child = spawn('kubectl', [...args, '-o', `jsonpath=${newest}`], {
    env: { ...process.env, KUBECONFIG: cluster.kubeconfigPath },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const printed = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (output.includes(text)) resolve();
        else child.stdout.once('data', look);
      };
      child.once('error', reject).once('exit', () => reject(new Error('kubectl ended before its time.')));
      look();
    });
  child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)));
  try {
    await printed('failure'); // the object as it is
    const times: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      const began = performance.now();
      changeOne(cluster, object, `another ${i}.`);
      await printed(`another ${i}.`);
      times.push(performance.now() - began);
    }
    return middle(times);
  } finally {
    child.kill();
  }
}
