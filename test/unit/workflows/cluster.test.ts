import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type KubernetesConnection } from '../../../src/adapters/kubernetes/index';
import { defaultParameters } from '../../../src/core/faults/catalogue';
import { emergencyStop } from '../../../src/core/stop/emergencyStop';
import { AppError } from '../../../src/core/base/errors';
import type { ChaosObject } from '../../../src/core/experiments/experiment';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { experimentsIn, isExperiment, type GroupItem } from '../../../src/core/experiments/groupItem';
import { InjectionService } from '../../../src/core/injection/injection';
import type { OrchestrationSnapshot } from '../../../src/core/workflows/orchestration';
import { toWorkflow } from '../../../src/core/scenario/toWorkflow';
import { findOurs, oursIn, refsOf } from '../../../src/core/stop/ours';
import { namespacesOf } from '../../../src/core/injection/policy';
import { planScenario, type ScenarioPlan } from '../../../src/core/scenario/planScenario';
import { scenarioGroups } from '../../../src/core/scenario/progress';
import type { ScenarioStep } from '../../../src/core/scenario/scenario';
import { ScenarioRuns } from '../../../src/core/scenario/runs';
import { startRun } from '../../../src/core/scenario/startRun';
import { endOwn, stopPart } from '../../../src/core/stop/stopOurs';
import { startDemoCluster, type DemoCluster } from '../../../src/demo/cluster';
import { DEMO_QUERY, silentLog } from '../../support';
import { until } from '../../until';
import { temporaryFolder } from '../../temporary';

const POLICY = { context: 'demo', protectedContexts: [], protectedNamespaces: ['kube-system'], clusterSize: 3 };
const directory = temporaryFolder('orchestration');
let cluster: DemoCluster;
const open: { dispose(): void }[] = [];

interface Editor {
  connection: KubernetesConnection;
  store: ExperimentStore;
  runs: ScenarioRuns;
  groups(): GroupItem[];
}

async function editor(): Promise<Editor> {
  const { clock, kubeconfigPath } = cluster;
  const connection = await connect({ kubeconfigPath, trusted: true, log: silentLog, maxBackoffMs: 50 });
  const store = new ExperimentStore({ gateway: connection.experiments, clock });
  const injector = new InjectionService({ gateway: connection.experiments, store, clock, log: silentLog });
  const runs = new ScenarioRuns({ injector, store, clock, log: silentLog });
  let orchestration: OrchestrationSnapshot = { workflows: [], nodes: [], schedules: [] };
  const held = [
    connection.orchestration.watch((snapshot) => (orchestration = snapshot)),
    store.subscribe(() => undefined),
    runs,
    store,
    connection,
  ];
  open.push({ dispose: () => held.forEach((one) => one.dispose()) });
  const groups = (): GroupItem[] => {
    const { experiments } = store.snapshot;
    return [
      ...scenarioGroups({ experiments, runs: runs.all, interrupted: [] }, clock.now()),
      ...connection.orchestration.groups(orchestration, experiments, clock.now()),
    ];
  };
  return { connection, store, runs, groups };
}

const step = (name: string, change: Partial<ScenarioStep>): ScenarioStep => ({
  name,
  anomaly: 'cpu_stress',
  targets: [{ index: 0 }],
  parameters: defaultParameters(change.anomaly ?? 'cpu_stress'),
  offsetMs: 0,
  durationMs: 60_000,
  ...change,
});

async function plan(steps: ScenarioStep[]): Promise<ScenarioPlan> {
  const { connection } = await editor();
  return planScenario(
    { name: 'Two at once', description: undefined, onFailure: 'stop', steps },
    {
      targets: await connection.targets.list(DEMO_QUERY),
      policy: POLICY,
      defaultDurationMs: 60_000,
      chaosNamespace: 'oceanbase',
      container: 'observer',
      createdBy: 'test',
    },
  );
}
/** Seconds lie between what happens, also at the cluster's speed: what is waited for in between is not passed over. */
const two = [
  step('busy', { durationMs: 200_000 }),
  step('slow', { anomaly: 'network_delay', targets: [{ index: 1 }], offsetMs: 100_000, durationMs: 100_000 }),
];
const looks = (group: GroupItem | undefined): string[] =>
  (group?.members ?? []).map((one) => (isExperiment(one) ? one.ref.kind : `${one.name} ${one.state}`));
const faulty = (): string[] => cluster.board.all().map(({ fault }) => fault.type);

beforeAll(async () => {
  cluster = await startDemoCluster({ directory, speed: 20, seed: 3, historyMinutes: 1 });
});
afterAll(async () => {
  for (const one of open) one.dispose();
  await cluster.stop();
});

describe('a scenario on the embedded cluster', () => {
  it('runs to its end; another editor sees the same group and its steps', async () => {
    const [one, other] = [await editor(), await editor()];
    const run = startRun(one.runs, await plan(two), () => POLICY);
    await until('the first acts', () => faulty().includes('cpu'));
    await until('the other sees it', () => looks(other.groups()[0]).join() === 'StressChaos,slow waiting');
    expect(other.groups()[0]?.key).toBe(one.groups()[0]?.key);
    await until('both act', () => faulty().length === 2);
    await run.ended;
    expect(run.state).toBe('done');
    await until('nothing acts', () => faulty().length === 0);
    await one.connection.experiments
      .list()
      .then(({ experiments }) => Promise.all(experiments.map(({ ref }) => one.connection.experiments.delete(ref))));
    await until('nothing is left', () => one.store.snapshot.experiments.length === 0);
  }, 60_000);

  it('that is stopped in another editor starts nothing more', async () => {
    const [one, other] = [await editor(), await editor()];
    const [busy, slow] = two.map((one) => ({ ...one, durationMs: 2_000_000 })) as [ScenarioStep, ScenarioStep];
    const run = startRun(one.runs, await plan([busy, { ...slow, offsetMs: 1_000_000 }]), () => POLICY);
    const group = await until('the other sees it', () => other.groups().find(({ state }) => state === 'running'));
    for (const { ref } of experimentsIn(group)) await other.connection.experiments.delete(ref);
    await until('the rest is not started', () => run.steps[1]?.state === 'cancelled');
    await until('nothing acts', () => faulty().length === 0);
  }, 60_000);

  it('whose step fails is taken back whole', async () => {
    const one = await editor();
    const [, second] = cluster.topology.pods;
    cluster.controls.brokenNetwork.add(second?.name ?? '');
    const run = startRun(
      one.runs,
      await plan([two[0] as ScenarioStep, { ...(two[1] as ScenarioStep), offsetMs: 2000 }]),
      () => POLICY,
    );
    await run.ended;
    cluster.controls.brokenNetwork.clear();
    expect(run.state).toBe('failed');
    expect(String(run.reason)).toContain('Step "slow" failed');
    await until('nothing is left', () => one.store.snapshot.experiments.length === 0);
    expect(faulty()).toEqual([]);
  }, 60_000);
});

describe('a workflow', () => {
  it('made of a scenario is taken by the server, shown with its nodes, and stopped', async () => {
    const one = await editor();
    const manifest = toWorkflow(await plan(two));
    expect(JSON.stringify(manifest.spec)).not.toContain('"duration"');
    expect(namespacesOf(manifest)).toEqual(['oceanbase']);
    await one.connection.experiments.dryRun(manifest);
    await one.connection.experiments.create(manifest);
    const group = await until('it is shown', () => {
      const found = one.groups().find(({ type, state }) => type === 'workflow' && state === 'running');
      return found && experimentsIn(found).length === 1 && found;
    });
    expect(group).toMatchObject({ ours: true, progress: { total: 3 } });
    expect(looks(group)).toEqual(['StressChaos', 's2-slow-later running']);
    const later = group.members[1] as GroupItem;
    expect(looks(later)).toEqual(['s2-slow-wait waiting', 's2-slow waiting']);
    const { namespace = '', name = '' } = manifest.metadata;
    await one.connection.experiments.delete({ kind: 'Workflow', namespace, name });
    await until('it is gone', () => one.groups().every(({ type }) => type !== 'workflow'));
    await until('nothing acts', () => faulty().length === 0);
  }, 60_000);
});

describe('what would start more', () => {
  it('is ended with everything of ours, and only ours', async () => {
    const one = await editor();
    const { experiments, orchestration } = one.connection;
    const busy = (await plan([step('busy', { offsetMs: 0 })])).steps[0] as ScenarioPlan['steps'][0];
    const pods = { oceanbase: busy.injection.targets.map(({ pod }) => pod) };
    const schedule = (name: string, labels: Record<string, string>): ChaosObject => ({
      apiVersion: 'chaos-mesh.org/v1alpha1',
      kind: 'Schedule',
      metadata: { name, namespace: 'oceanbase', labels },
      spec: {
        schedule: '@every 1h',
        type: 'StressChaos',
        historyLimit: 1,
        stressChaos: { mode: 'all', selector: { pods }, stressors: { cpu: { workers: 1, load: 50 } }, duration: '20s' },
      },
    });
    await experiments.create(schedule('ours', { 'app.kubernetes.io/managed-by': 'distdiag' }));
    await experiments.create(schedule('theirs', {}));
    await experiments.create(toWorkflow(await plan(two)));
    await until('it has started one', async () => (await experiments.list()).experiments.length > 0);
    const parts = {
      gateway: experiments,
      orchestration,
      injection: new InjectionService({ gateway: experiments, store: one.store, clock: cluster.clock, log: silentLog }),
      scenarios: { stopAll: () => Promise.reject(new AppError('internal', 'lost')) },
      clock: cluster.clock,
      log: silentLog,
    };
    const ours = oursIn(await findOurs(parts));
    expect(ours.starters.map(({ kind }) => kind)).toEqual(['Schedule', 'Workflow']);
    expect((await endOwn(parts)).map(({ message }) => message)).toEqual(['lost']); // and the rest goes on
    expect(await stopPart(parts, ours)).toMatchObject({ failed: [], lost: [] });
    expect(refsOf(oursIn(await findOurs(parts)))).toEqual([]);
    expect(faulty()).toEqual([]);
    await until('the other is left', () => one.groups().filter(({ type }) => type !== 'scenario').length === 1);
    expect(one.groups().find(({ type }) => type === 'schedule')?.name).toBe('theirs');
    await experiments.delete({ kind: 'Schedule', namespace: 'oceanbase', name: 'theirs' });
    await until('nothing is left', () => one.groups().every(({ type }) => type === 'scenario'));
    await until('nothing acts', () => faulty().length === 0);
  }, 60_000);
});

describe('an emergency stop', () => {
  it('gives no all-clear while a step of our workflow holds its target, and none when it is asked again', async () => {
    const one = await editor();
    const { experiments, orchestration } = one.connection;
    const manifest = toWorkflow(await plan([step('busy', { durationMs: 2_000_000 })]));
    await experiments.create(manifest);
    await until('it acts', () => faulty().includes('cpu'));
    const [held] = (await experiments.list()).experiments;
    const pod = held?.targets[0]?.pod;
    const host = cluster.topology.pods.find(({ name }) => name === pod)?.hostNode ?? '';
    cluster.controls.missingDaemons.add(host);
    const parts = {
      gateway: experiments,
      orchestration,
      injection: new InjectionService({ gateway: experiments, store: one.store, clock: cluster.clock, log: silentLog }),
      scenarios: one.runs,
      clock: cluster.clock,
      log: silentLog,
    };
    for (let time = 0; time < 2; time++) {
      const { outcomes } = await emergencyStop(parts, []);
      expect(outcomes.find(({ experiment }) => experiment.ref.name === held?.ref.name)).toMatchObject({
        end: 'held',
        targets: [{ recovered: false, reason: expect.stringContaining('cannot find daemonIP') as string }],
      });
    }
    expect(await stopPart(parts, oursIn(await findOurs(parts)))).toMatchObject({
      failed: [{ ref: { name: held?.ref.name }, error: { code: 'stuck' } }],
    });
    cluster.controls.missingDaemons.clear();
    await until('it is recovered', () => faulty().length === 0);
    await until('nothing is left', async () => (await experiments.list()).experiments.length === 0);
  }, 60_000);
});

describe('a schedule', () => {
  it('is shown with its next run, suspended, resumed and stopped', async () => {
    const one = await editor();
    const { injection } = (await plan([step('busy', {})])).steps[0] as ScenarioPlan['steps'][0];
    const pods = { oceanbase: injection.targets.map(({ pod }) => pod) };
    const schedule: ChaosObject = {
      apiVersion: 'chaos-mesh.org/v1alpha1',
      kind: 'Schedule',
      metadata: { name: 'often', namespace: 'oceanbase' },
      spec: {
        schedule: '@every 30s',
        type: 'StressChaos',
        historyLimit: 2,
        stressChaos: { mode: 'all', selector: { pods }, stressors: { cpu: { workers: 1, load: 50 } }, duration: '20s' },
      },
    };
    const ref = { kind: 'Schedule', namespace: 'oceanbase', name: 'often' };
    await one.connection.experiments.create(schedule);
    const shown = (): GroupItem | undefined => one.groups().find(({ type }) => type === 'schedule');
    const first = await until('it is shown', shown);
    expect(first.at).toBeGreaterThan(cluster.clock.now());
    expect(first).toMatchObject({ name: 'often', what: 'StressChaos', ours: false });
    await until('it has started one', () => (shown() ? experimentsIn(shown() as GroupItem).length > 0 : false));
    expect(shown()?.lastAt).toBeDefined();
    await one.connection.experiments.setPaused(ref, true);
    await until('it is suspended', () => shown()?.state === 'suspended');
    await until('nothing acts', () => faulty().length === 0);
    await one.connection.experiments.setPaused(ref, false);
    await until('it goes on', () => shown()?.state !== 'suspended' && faulty().length > 0);
    await one.connection.experiments.delete(ref);
    await until('it is gone', () => shown() === undefined && one.store.snapshot.experiments.length === 0);
    expect(faulty()).toEqual([]);
  }, 60_000);
});
