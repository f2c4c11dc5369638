import { readFileSync } from 'node:fs';
import { connect, type KubernetesConnection } from '../../../src/adapters/kubernetes/index';
import { defaultParameters, type AnomalyParameters, type FaultType } from '../../../src/core/faults/catalogue';
import { systemClock } from '../../../src/core/base/clock';
import type { Experiment, ExperimentPhase } from '../../../src/core/experiments/experiment';
import { ExperimentRows } from '../../../src/core/experiments/rows';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { dropFinalizers, forceCleanUp } from '../../../src/core/injection/forceClean';
import { InjectionService } from '../../../src/core/injection/injection';
import type { InjectionPlan, InjectionPolicy } from '../../../src/core/injection/plan';
import type { DatabasePod, TargetQuery } from '../../../src/core/cluster/databasePod';
import { silentLog } from '../../support';
import { seen } from '../../contract/reliability/scene';
import { Api, until, type Loose } from '../api';
import { realAccess } from '../cluster';
import { databasePod, NAMESPACE, podName, type NodePlaces } from './pods';

const QUERY: TargetQuery = { namespace: NAMESPACE, labelSelector: 'ref-obcluster', container: 'observer' };
const POLICY: InjectionPolicy = {
  context: 'distdiag-real',
  protectedContexts: [],
  protectedNamespaces: ['kube-system'],
  clusterSize: 3,
};

/** What the extension has of the cluster, and what the cluster itself says. */
export interface NodeScene {
  api: Api;
  places: NodePlaces;
  connection: KubernetesConnection;
  store: ExperimentStore;
  injection: InjectionService;
  target(ordinal: number): Promise<DatabasePod>;
  plan(type: FaultType, ordinal: number, change?: Partial<InjectionPlan>): Promise<InjectionPlan>;
  /** Injects as the extension does, and resolves when Chaos Mesh says that it acts. */
  inject(type: FaultType, ordinal: number, change?: Partial<InjectionPlan>): Promise<Experiment>;
  /** Stops as the extension does; the experiment is gone then. */
  stop(experiment: Experiment): Promise<void>;
  /** Has Chaos Mesh let go of an experiment that cannot be stopped; resolves with whether it did. */
  letGo(experiment: Experiment): Promise<boolean>;
  /** Removes such an experiment as the extension does where Chaos Mesh does not. */
  drop(experiment: Experiment): Promise<void>;
  /** Stops all that is there. */
  stopAll(): Promise<void>;
  phase(name: string, wanted: ExperimentPhase): Promise<Experiment>;
  /** The phases in the rows of the tree, by name. */
  rows(): Record<string, ExperimentPhase>;
  /** Makes a pod of the database again that is gone, as its operator does. */
  restore(ordinal: number): Promise<void>;
  close(): void;
}

export async function openNodeScene(): Promise<NodeScene> {
  const api = new Api(realAccess());
  const places = JSON.parse(process.env['DISTDIAG_NODE_PLACES'] as string) as NodePlaces;
  const connection = await connect({
    kubeconfigPath: process.env['DISTDIAG_REAL_KUBECONFIG'] as string,
    trusted: true,
    log: silentLog,
  });
  const clock = systemClock;
  const parts = { gateway: connection.experiments, clock, log: silentLog };
  const store = new ExperimentStore({ gateway: connection.experiments, clock });
  const injection = new InjectionService({ gateway: connection.experiments, store, clock, log: silentLog });
  const tree = new ExperimentRows();
  const watching = store.subscribe(({ experiments }) => void tree.update(experiments, clock.now()));

  const target = async (ordinal: number): Promise<DatabasePod> => {
    const targets = await connection.targets.list(QUERY);
    const found = targets.find(({ pod }) => pod === podName(ordinal));
    if (!found) throw new Error(`${podName(ordinal)} is not among ${targets.map(({ pod }) => pod).join()}`);
    return found;
  };
  const plan: NodeScene['plan'] = async (type, ordinal, change = {}) => ({
    type,
    targets: [await target(ordinal)],
    durationMs: 600_000,
    chaosNamespace: NAMESPACE,
    container: QUERY.container,
    createdBy: 'test',
    ...change,
    parameters: { ...defaultParameters(type), ...change.parameters } as AnomalyParameters,
  });
  return {
    api,
    places,
    connection,
    store,
    injection,
    target,
    plan,
    inject: async (type, ordinal, change) => injection.inject(await plan(type, ordinal, change), POLICY),
    stop: ({ ref }) => injection.stop(ref),
    letGo: ({ ref }) => forceCleanUp({ ...parts, injection }, ref),
    drop: async (experiment) => {
      const { ref } = experiment;
      await connection.experiments.delete(ref);
      await dropFinalizers({ ...parts, injection }, ref);
      await seen(store, ({ experiments }) => experiments.every((one) => one.ref.name !== ref.name));
      // What it has ordered of the pod stays in an object of the pod's own, and would hold up every later fault there.
      for (const kind of ['podnetworkchaos', 'podiochaos'])
        for (const { pod } of experiment.targets)
          await api.call('DELETE', `/apis/chaos-mesh.org/v1alpha1/namespaces/${NAMESPACE}/${kind}/${pod}`);
    },
    stopAll: async () => {
      const { experiments } = await connection.experiments.list();
      const { failed } = await injection.stopAll(experiments.map(({ ref }) => ref));
      if (failed.length > 0) throw new Error(failed.map(({ error }) => error.message).join(' '));
    },
    phase: async (name, wanted) => {
      const find = (experiments: readonly Experiment[]): Experiment | undefined =>
        experiments.find((one) => one.ref.name === name && store.phaseOf(one) === wanted);
      const { experiments } = await seen(store, (snapshot) => find(snapshot.experiments) !== undefined);
      return find(experiments) as Experiment;
    },
    rows: () =>
      Object.fromEntries(tree.experiments.map(({ experiment }) => [experiment.ref.name, store.phaseOf(experiment)])),
    restore: async (ordinal) => {
      await api.must('POST', `/api/v1/namespaces/${NAMESPACE}/pods`, databasePod(places, ordinal));
    },
    close: () => {
      watching.dispose();
      store.dispose();
      connection.dispose();
      api.dispose();
    },
  };
}

/** A pod as the API server has it. */
export function pod({ api }: NodeScene, ordinal: number): Promise<Loose> {
  return api.must('GET', `/api/v1/namespaces/${NAMESPACE}/pods/${podName(ordinal)}`);
}

/** The state of the database's container in a pod. */
export const observer = (one: Loose): Loose =>
  one.status.containerStatuses?.find(({ name }: Loose) => name === QUERY.container);

/** Waits until the database of a pod serves its clients, in a state that is as wanted; its other servers know of it. */
export function serves(
  scene: NodeScene,
  ordinal: number,
  wanted: (pod: Loose) => boolean = () => true,
): Promise<Loose> {
  return until(
    () => pod(scene, ordinal),
    (one) => observer(one)?.ready === true && wanted(one),
    `${podName(ordinal)} to serve`,
    90_000,
  );
}

export const fileOrNothing = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended
  }
};
