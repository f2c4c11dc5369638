import { beforeEach, describe, expect, it } from 'vitest';
import { ChaosController } from '../../../../src/demo/chaos/controller';
import { defaultControls } from '../../../../src/demo/chaos/controls';
import { ScheduleController } from '../../../../src/demo/chaos/scheduleController';
import { WorkflowController } from '../../../../src/demo/chaos/workflowController';
import { conditionsOf } from '../../../../src/demo/chaos/workflowStatus';
import { FaultBoard } from '../../../../src/demo/faults';
import { admit } from '../../../../src/demo/kubernetes/requests/admission';
import { GarbageCollector } from '../../../../src/demo/kubernetes/objects/garbageCollector';
import { ObjectStore, type KubeObject } from '../../../../src/demo/kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../../../../src/demo/kubernetes/objects/resources';
import { populate } from '../../../../src/demo/kubernetes/world';
import { demoTopology } from '../../../../src/demo/topology';
import { ManualClock } from '../../../support';

const resource = (kind: string): Resource => RESOURCES.find((one) => one.kind === kind) as Resource;
const topology = demoTopology(3);
const [first, second] = topology.pods as [(typeof topology.pods)[0], (typeof topology.pods)[0]];
const on = (pod: { name: string }): object => ({ mode: 'all', selector: { pods: { oceanbase: [pod.name] } } });
const cpu = { ...on(first), stressors: { cpu: { workers: 1, load: 100 } } };
const delay = { ...on(second), action: 'delay', delay: { latency: '50ms' } };

let clock: ManualClock;
let store: ObjectStore;
let board: FaultBoard;

beforeEach(() => {
  clock = new ManualClock();
  store = new ObjectStore(clock);
  populate(store, topology, clock.now());
  board = new FaultBoard();
  const controls = defaultControls();
  const all = [
    new ChaosController({ store, board, clock, controls, random: () => 0 }),
    new GarbageCollector(store, clock),
    new WorkflowController(store, clock, controls),
    new ScheduleController(store, clock, controls),
  ];
  return () => all.forEach((one) => one.dispose());
});

function create(kind: string, spec: object, annotations?: Record<string, string>): KubeObject {
  const metadata = { name: 'x', namespace: 'oceanbase', ...(annotations ? { annotations } : {}) };
  const given = { apiVersion: 'chaos-mesh.org/v1alpha1', kind, metadata, spec } as KubeObject;
  return store.create(resource(kind), admit(resource(kind), given, 'Strict').object);
}
const list = (kind: string): KubeObject[] => store.list(resource(kind), 'oceanbase');
const of = (kind: string): KubeObject => store.get(resource(kind), 'oceanbase', 'x');
const nodes = (): Record<string, string> =>
  Object.fromEntries(
    list('WorkflowNode').map((node) => [
      String(node.spec?.['templateName']),
      ['Accomplished', 'DeadlineExceed'].filter((type) => conditionsOf(node)[type] === 'True').join('+') || 'active',
    ]),
  );
const reasons = (kind: string): string[] =>
  list('Event')
    .filter((event) => (event['involvedObject'] as { kind: string }).kind === kind)
    .map((event) => String(event['reason']));
const refused = (kind: string, spec: object): string => {
  try {
    create(kind, spec);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

const templates = [
  { name: 'entry', templateType: 'Parallel', deadline: '5m', children: ['now', 'later'] },
  { name: 'now', templateType: 'StressChaos', deadline: '30s', stressChaos: cpu },
  { name: 'later', templateType: 'Serial', deadline: '4m', children: ['wait', 'slow'] },
  { name: 'wait', templateType: 'Suspend', deadline: '60s' },
  { name: 'slow', templateType: 'NetworkChaos', deadline: '30s', networkChaos: delay },
];

describe('a workflow', () => {
  it('runs its templates side by side and one after the other, each until its deadline', () => {
    create('Workflow', { entry: 'entry', templates });
    clock.advance(5000);
    expect(nodes()).toEqual({ entry: 'active', now: 'active', later: 'active', wait: 'active' });
    expect(board.all().map(({ pod }) => pod)).toEqual([first.name]);
    const [stress] = list('StressChaos');
    expect(stress?.metadata.labels).toMatchObject({ 'chaos-mesh.org/workflow': 'x' });
    expect(stress?.spec?.['duration']).toBeUndefined();
    clock.advance(32_000);
    expect(nodes()).toMatchObject({ now: 'DeadlineExceed', later: 'active' });
    expect(list('StressChaos')).toEqual([]);
    expect(board.all()).toEqual([]);
    clock.advance(30_000);
    expect(nodes()).toMatchObject({ wait: 'DeadlineExceed', slow: 'active' });
    expect(board.all().map(({ pod }) => pod)).toEqual([second.name]);
    clock.advance(40_000);
    expect(nodes()).toMatchObject({ later: 'Accomplished', entry: 'Accomplished' });
    expect(conditionsOf(of('Workflow'))).toEqual({ Scheduled: 'True', Accomplished: 'True' });
    expect(of('Workflow').status).toMatchObject({
      entryNode: expect.stringMatching(/^entry-/) as string,
      endTime: expect.any(String) as string,
    });
    expect(board.all()).toEqual([]);
    expect(reasons('Workflow')).toEqual(['EntryCreated', 'WorkflowAccomplished']);
  });

  it('that is deleted takes its nodes and experiments with it, after they are recovered', () => {
    create('Workflow', { entry: 'entry', templates });
    clock.advance(5000);
    store.delete(resource('Workflow'), 'oceanbase', 'x');
    clock.advance(800);
    expect(list('StressChaos')[0]?.metadata.deletionTimestamp).toBeDefined();
    clock.advance(5000);
    expect([...list('WorkflowNode'), ...list('StressChaos')]).toEqual([]);
    expect(board.all()).toEqual([]);
  });

  it('whose time is over ends what is in it', () => {
    create('Workflow', {
      entry: 'entry',
      templates: templates.map((one) => (one.name === 'entry' ? { ...one, deadline: '20s' } : one)),
    });
    clock.advance(25_000);
    expect(nodes()).toEqual({
      entry: 'Accomplished+DeadlineExceed',
      now: 'DeadlineExceed',
      later: 'DeadlineExceed',
      wait: 'DeadlineExceed',
    });
    clock.advance(60_000);
    expect(list('NetworkChaos')).toEqual([]);
    expect(board.all()).toEqual([]);
  });

  it('is refused as the webhook does', () => {
    expect(refused('Workflow', { entry: 'no', templates })).toContain(
      'admission webhook "vworkflow.kb.io" denied the request: spec.entry: Invalid value: "no": can not find a template with name no',
    );
    const withDuration = { name: 'a', templateType: 'StressChaos', stressChaos: { ...cpu, duration: '5m' } };
    expect(refused('Workflow', { entry: 'a', templates: [withDuration] })).toContain(
      'should not define duration in chaos when using Workflow, use Template#Deadline instead.',
    );
    expect(refused('Workflow', { entry: 'a', templates: [{ name: 'a', templateType: 'Suspend' }] })).toContain(
      'deadline in template with type Suspend could not be empty',
    );
  });
});

describe('a schedule', () => {
  const spec = {
    schedule: '@every 60s',
    type: 'StressChaos',
    historyLimit: 2,
    stressChaos: { ...cpu, duration: '20s' },
  };

  it('starts what it holds again and again, and keeps as many as its history allows', () => {
    create('Schedule', spec);
    clock.advance(59_000);
    expect(list('StressChaos')).toEqual([]);
    clock.advance(3000);
    expect(list('StressChaos')).toHaveLength(1);
    expect(list('StressChaos')[0]?.metadata).toMatchObject({
      labels: { 'managed-by': 'x' },
      ownerReferences: [{ kind: 'Schedule', name: 'x' }],
    });
    expect(of('Schedule').status).toMatchObject({
      time: expect.any(String) as string,
      active: [{ kind: 'StressChaos' }],
    });
    clock.advance(400_000);
    expect(list('StressChaos').length).toBeGreaterThanOrEqual(2);
    expect(list('StressChaos').length).toBeLessThanOrEqual(3);
    store.delete(resource('Schedule'), 'oceanbase', 'x');
    clock.advance(5000);
    expect(list('StressChaos')).toEqual([]);
    expect(board.all()).toEqual([]);
  });

  it('waits for the one before where it forbids two at once, and says so once', () => {
    create('Schedule', { ...spec, stressChaos: { ...cpu, duration: '150s' } });
    clock.advance(200_000);
    expect(reasons('Schedule').filter((reason) => reason === 'Spawned')).toHaveLength(1);
    expect(reasons('Schedule').filter((reason) => reason === 'Forbid')).toHaveLength(1);
    clock.advance(30_000);
    expect(reasons('Schedule').filter((reason) => reason === 'Spawned')).toHaveLength(2);
  });

  it('allows several at once where it is told so', () => {
    create('Schedule', {
      ...spec,
      concurrencyPolicy: 'Allow',
      historyLimit: 5,
      stressChaos: { ...cpu, duration: '150s' },
    });
    clock.advance(130_000);
    expect(list('StressChaos')).toHaveLength(2);
  });

  it('that is paused starts nothing and pauses what runs', () => {
    create('Schedule', { ...spec, stressChaos: { ...cpu, duration: '10m' } });
    clock.advance(62_000);
    expect(board.all()).toHaveLength(1);
    const pause = (value: string): void => {
      const schedule = of('Schedule');
      const annotations = { 'experiment.chaos-mesh.org/pause': value };
      store.update(resource('Schedule'), { ...schedule, metadata: { ...schedule.metadata, annotations } });
    };
    pause('true');
    clock.advance(200_000);
    expect(board.all()).toEqual([]);
    expect(list('StressChaos')).toHaveLength(1);
    pause('false');
    clock.advance(2000);
    expect(board.all()).toHaveLength(1);
  });

  it('may start workflows', () => {
    create('Schedule', {
      schedule: '@every 10m',
      type: 'Workflow',
      historyLimit: 1,
      workflow: { entry: 'entry', templates },
    });
    clock.advance(604_000);
    expect(list('Workflow')).toHaveLength(1);
    expect(nodes()).toMatchObject({ now: 'active' });
  });

  it('is refused without a time', () => {
    expect(refused('Schedule', { ...spec, schedule: '* *' })).toContain(
      'admission webhook "vschedule.kb.io" denied the request: spec.schedule: Invalid value: "* *": parse schedule field error:expected 5 to 6 fields, found 2: [* *]',
    );
  });
});

describe('what a workflow or a schedule starts in another cluster', () => {
  // controllers/multicluster/remotechaos of Chaos Mesh: the object is here, its fault is not.
  const there = { ...cpu, remoteCluster: 'berlin' };
  const untouched = (): void => {
    expect(list('StressChaos')).toMatchObject([{ spec: { remoteCluster: 'berlin' } }]);
    expect(list('StressChaos')[0]?.status).toEqual({ experiment: {} });
    expect(board.all()).toEqual([]);
  };

  it('is made by its node, and deleted at its deadline', () => {
    create('Workflow', {
      entry: 'now',
      templates: [{ name: 'now', templateType: 'StressChaos', deadline: '30s', stressChaos: there }],
    });
    clock.advance(5000);
    untouched();
    clock.advance(30_000);
    expect(list('StressChaos')).toEqual([]);
  });

  it('is made by its schedule', () => {
    create('Schedule', {
      schedule: '@every 60s',
      type: 'StressChaos',
      historyLimit: 1,
      concurrencyPolicy: 'Forbid',
      stressChaos: { ...there, duration: '10s' },
    });
    clock.advance(65_000);
    untouched();
    clock.advance(60_000);
    untouched();
  });
});
