import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type KubernetesConnection } from '../../src/adapters/kubernetes/index';
import type { Experiment } from '../../src/core/experiments/experiment';
import { ExperimentStore } from '../../src/core/experiments/store';
import { experimentsIn, type GroupItem } from '../../src/core/experiments/groupItem';
import { InjectionService } from '../../src/core/injection/injection';
import type { OrchestrationSnapshot } from '../../src/core/workflows/orchestration';
import { toWorkflow } from '../../src/core/scenario/toWorkflow';
import type { ScenarioPlan } from '../../src/core/scenario/planScenario';
import { ScenarioRuns } from '../../src/core/scenario/runs';
import { startRun } from '../../src/core/scenario/startRun';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';
import { silentLog } from '../support';
import { planned, POLICY } from './demoTests';
import { temporaryFolder } from '../temporary';

const FILE = `apiVersion: distdiag.io/v1
kind: Scenario
name: faults of every sort
steps:
  - {name: lossy, anomaly: network_loss, targets: {index: 0}, parameters: {percent: 20}, duration: 100s}
  - {name: asleep, anomaly: pod_failure, targets: {index: 1}, offset: 20s, duration: 40s}
  - {name: busy, anomaly: cpu_stress, targets: {index: 2}, offset: 20s, duration: 40s}
  - {name: cut, anomaly: network_partition, targets: {index: 2}, peers: {index: 0}, offset: 70s, duration: 30s}
  - {name: killed, anomaly: container_kill, targets: {index: 2}, offset: 80s}
`;
const TYPES = ['container_kill', 'cpu_stress', 'network_loss', 'network_partition', 'pod_failure'];

const directory = temporaryFolder('scenario');
let cluster: DemoCluster;
let connection: KubernetesConnection;
let store: ExperimentStore;
let runs: ScenarioRuns;
let plan: ScenarioPlan;
let orchestration: OrchestrationSnapshot = { workflows: [], nodes: [], schedules: [] };
const held: { dispose(): void }[] = [];

beforeAll(async () => {
  cluster = await startDemoCluster({ directory, speed: 20, seed: 7, historyMinutes: 1 });
  const { clock, kubeconfigPath } = cluster;
  connection = await connect({ kubeconfigPath, trusted: true, log: silentLog, maxBackoffMs: 50 });
  store = new ExperimentStore({ gateway: connection.experiments, clock });
  const injector = new InjectionService({ gateway: connection.experiments, store, clock, log: silentLog });
  runs = new ScenarioRuns({ injector, store, clock, log: silentLog });
  held.push(
    connection.orchestration.watch((snapshot) => (orchestration = snapshot)),
    store.subscribe(() => undefined),
    runs,
    store,
    connection,
  );
  plan = await planned(FILE, connection);
});

afterAll(async () => {
  for (const one of held) one.dispose();
  await cluster?.stop();
});

const WAIT = { timeout: 40_000, interval: 50 };
/** Everything that was ever seen there, by its key. */
function remembered(): Map<string, Experiment> {
  const seen = new Map<string, Experiment>();
  held.unshift(store.subscribe(({ experiments }) => experiments.forEach((one) => seen.set(one.key, one))));
  return seen;
}
const pods = (): (string | undefined)[] => cluster.topology.pods.map(({ name }) => name);
/** What acts; a kill is over as soon as it has happened, though its object is there. */
const acting = (): string[] =>
  cluster.board.all().flatMap(({ fault }) => (fault.type === 'podKill' ? [] : [fault.type]));
const typesOf = (seen: Map<string, Experiment>): (string | undefined)[] =>
  [...seen.values()].map(({ fault }) => fault).sort();

describe('a scenario of network, pod, stress and one-shot faults', () => {
  it('injects each with the labels of its fault, and ends by itself', async () => {
    const seen = remembered();
    const run = startRun(runs, plan, () => POLICY);
    await run.ended;
    expect([run.state, run.reason]).toEqual(['done', undefined]);
    expect(typesOf(seen)).toEqual(TYPES);
    for (const { ours, fault, object } of seen.values()) {
      expect(ours).toBe(true);
      expect(object.metadata.labels?.['distdiag.io/anomaly']).toBe(fault);
    }
    const of = (type: string): Experiment | undefined => [...seen.values()].find(({ fault }) => fault === type);
    expect(
      of('network_partition')
        ?.targets.map(({ pod }) => pod)
        .sort(),
    ).toEqual([pods()[0], pods()[2]]);
    expect(of('container_kill')?.targets.map(({ container }) => container)).toEqual(['observer']);
    await expect.poll(acting, WAIT).toEqual([]);
    const { failed } = await run.stop();
    expect(failed).toEqual([]);
    await expect.poll(() => store.snapshot.experiments, WAIT).toEqual([]);
  }, 300_000);

  it('runs the same as a Workflow, which comes to its end with nothing left acting', async () => {
    const seen = remembered();
    const manifest = toWorkflow(plan);
    await connection.experiments.dryRun(manifest);
    await connection.experiments.create(manifest);
    const group = (): GroupItem | undefined =>
      connection.orchestration
        .groups(orchestration, store.snapshot.experiments, cluster.clock.now())
        .find(({ type }) => type === 'workflow');
    await expect.poll(() => group()?.state, WAIT).toBe('running');
    await expect.poll(() => group()?.state, WAIT).toBe('done');
    // Its experiments carry no label of ours: what they are is read from what they do.
    expect(typesOf(seen)).toEqual(TYPES);
    const { progress } = group() as GroupItem;
    expect(progress?.done).toBe(progress?.total);
    await expect.poll(() => experimentsIn(group() as GroupItem), WAIT).toEqual([]);
    expect(cluster.board.all()).toEqual([]);
    const { namespace = '', name = '' } = manifest.metadata;
    await connection.experiments.delete({ kind: 'Workflow', namespace, name });
    await expect.poll(group, WAIT).toBeUndefined();
  }, 300_000);
});
