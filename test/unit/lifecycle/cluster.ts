import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, type KubernetesConnection } from '../../../src/adapters/kubernetes/index';
import { defaultParameters, type AnomalyType } from '../../../src/core/faults/catalogue';
import type { Experiment } from '../../../src/core/experiments/experiment';
import { toExperiment } from '../../../src/core/experiments/parse';
import { ExperimentStore } from '../../../src/core/experiments/store';
import type { ExtensionParts } from '../../../src/core/injection/extending';
import { InjectionService } from '../../../src/core/injection/injection';
import type { InjectionPlan } from '../../../src/core/injection/plan';
import type { StopParts } from '../../../src/core/stop/stopOurs';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import { startDemoCluster, type DemoCluster } from '../../../src/demo/cluster';
import { DEMO_QUERY, silentLog } from '../../support';

/** The embedded cluster, reached over its API as by the extension. */
export interface LifeWorld {
  cluster: DemoCluster;
  connection: KubernetesConnection;
  store: ExperimentStore;
  injection: InjectionService;
  parts: ExtensionParts & StopParts;
  targets: DatabasePod[];
  policy: { context: string; protectedContexts: string[]; protectedNamespaces: string[] };
  inject(type: AnomalyType, change?: Partial<InjectionPlan>): Promise<Experiment>;
  /** As the server has it now; undefined when it is gone. */
  live(experiment: Pick<Experiment, 'ref'>): Promise<Experiment | undefined>;
  /** A new store and service, as in a window that is opened later. */
  reconnect(): Promise<void>;
  close(): Promise<void>;
}

export async function lifeWorld(speed = 20): Promise<LifeWorld> {
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-life-'));
  const cluster = await startDemoCluster({ directory, speed, seed: 7, historyMinutes: 1 });
  const connection = await connect({
    kubeconfigPath: cluster.kubeconfigPath,
    trusted: false,
    log: silentLog,
    maxBackoffMs: 200,
  });
  const gateway = connection.experiments;
  const { clock } = cluster;
  const makeStore = (): Pick<LifeWorld, 'store' | 'injection' | 'parts'> => {
    const store = new ExperimentStore({ gateway, clock });
    const injection = new InjectionService({ gateway, store, clock, log: silentLog });
    const { orchestration } = connection;
    const scenarios = { stopAll: () => Promise.resolve({ stopped: [], failed: [] }) };
    return { store, injection, parts: { gateway, orchestration, scenarios, store, injection, clock, log: silentLog } };
  };
  const policy = { context: 'distdiag-demo', protectedContexts: [], protectedNamespaces: ['kube-system'] };
  const targets = await connection.targets.list(DEMO_QUERY);
  const world: LifeWorld = {
    cluster,
    connection,
    ...makeStore(),
    targets,
    policy,
    inject: (type, change = {}) =>
      world.injection.inject(
        {
          type,
          targets: [targets[0] as DatabasePod],
          parameters: defaultParameters(type),
          durationMs: 600_000,
          chaosNamespace: 'oceanbase',
          container: 'observer',
          createdBy: 'test',
          ...change,
        },
        policy,
      ),
    live: async ({ ref }) => {
      const object = await gateway.get(ref);
      return object && toExperiment(object);
    },
    reconnect: () => {
      Object.assign(world, makeStore());
      return Promise.resolve();
    },
    close: async () => {
      world.store.dispose();
      connection.dispose();
      await cluster.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return world;
}
