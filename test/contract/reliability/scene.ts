import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, type ConnectOptions, type KubernetesConnection } from '../../../src/adapters/kubernetes/index';
import { defaultParameters } from '../../../src/core/faults/catalogue';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { InjectionService } from '../../../src/core/injection/injection';
import { toManifest } from '../../../src/core/injection/manifest';
import type { ChaosObject } from '../../../src/core/experiments/experiment';
import type { InjectionPlan } from '../../../src/core/injection/plan';
import type { Clock } from '../../../src/core/base/clock';
import type { ExperimentSnapshot } from '../../../src/core/experiments/gateway';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import { startDemoCluster, type DemoCluster, type DemoOptions } from '../../../src/demo/cluster';
import { RESOURCES, type Resource } from '../../../src/demo/kubernetes/objects/resources';
import { DEMO_QUERY, silentLog } from '../../support';
import { FaultyApi } from './faultyApi';

export const POLICY = { context: 'faulty', protectedContexts: [], protectedNamespaces: ['kube-system'] };
export const STRESS = '/apis/chaos-mesh.org/v1alpha1/stresschaos';
export const resource = (kind: string): Resource => RESOURCES.find((one) => one.kind === kind) as Resource;

/** What the extension has of one cluster. */
export interface Client {
  connection: KubernetesConnection;
  store: ExperimentStore;
  injection: InjectionService;
  dispose(): void;
}

/** A cluster behind an API server that misbehaves; the embedded one, or a real API server. */
export interface Scene {
  cluster: DemoCluster;
  api: FaultyApi;
  directory: string;
  targets: DatabasePod[];
  open(options?: Partial<ConnectOptions>, clock?: Clock): Promise<Client>;
  /** A plan for a CPU stress on the n-th pod. */
  plan(pod?: number, change?: Partial<InjectionPlan>): InjectionPlan;
  manifest(): ChaosObject;
  /** Resolves when `cluster.objects` and the server are the same: on the embedded cluster they always are. */
  settled(): Promise<void>;
  /** Waits for milliseconds of the cluster's own time. */
  wait(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts both; whatever was opened is let go of by `close`. */
export async function startScene(options: Partial<DemoOptions> = {}): Promise<Scene> {
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-reliability-'));
  const cluster = await startDemoCluster({ directory, speed: 10, seed: 7, historyMinutes: 1, ...options });
  const api = await FaultyApi.before(readFileSync(cluster.kubeconfigPath, 'utf8'));
  const kubeconfigPath = api.writeKubeconfig(path.join(directory, 'faulty'));
  const opened: Client[] = [];
  const open = async (more: Partial<ConnectOptions> = {}, clock: Clock = cluster.clock): Promise<Client> => {
    const connection = await connect({ kubeconfigPath, trusted: true, log: silentLog, maxBackoffMs: 20, ...more });
    const store = new ExperimentStore({ gateway: connection.experiments, clock });
    const injection = new InjectionService({ gateway: connection.experiments, store, clock, log: silentLog });
    const client = {
      connection,
      store,
      injection,
      dispose: () => {
        store.dispose();
        connection.dispose();
      },
    };
    opened.push(client);
    return client;
  };
  const first = await open();
  const targets = await first.connection.targets.list(DEMO_QUERY);
  const plan = (pod = 0, change: Partial<InjectionPlan> = {}): InjectionPlan => ({
    type: 'cpu_stress',
    targets: [targets[pod] as DatabasePod],
    parameters: defaultParameters('cpu_stress'),
    durationMs: 3_600_000,
    chaosNamespace: 'oceanbase',
    container: 'observer',
    createdBy: 'test',
    ...change,
  });
  return {
    cluster,
    api,
    directory,
    targets,
    open,
    plan,
    manifest: () => toManifest(plan()),
    settled: async () => (cluster.objects as { settled?: () => Promise<void> }).settled?.call(cluster.objects),
    wait: (ms) => new Promise((resolve) => void cluster.clock.after(ms, () => resolve())),
    close: async () => {
      for (const client of opened) client.dispose();
      await api.stop();
      await cluster.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Resolves with the first snapshot of a store that is as wanted. */
export function seen(
  store: ExperimentStore,
  wanted: (snapshot: ExperimentSnapshot) => boolean,
): Promise<ExperimentSnapshot> {
  return new Promise((resolve) => {
    const subscription = store.subscribe((snapshot) => {
      if (!wanted(snapshot)) return;
      resolve(snapshot);
      queueMicrotask(() => subscription.dispose());
    });
  });
}

export const names = ({ experiments }: ExperimentSnapshot): string[] => experiments.map(({ ref }) => ref.name).sort();
export const isLive = ({ health }: ExperimentSnapshot): boolean => health.state === 'live';
