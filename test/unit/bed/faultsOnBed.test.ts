import { beforeEach, describe, expect, it } from 'vitest';
import { ChaosController } from '../../../src/demo/chaos/controller';
import { defaultControls } from '../../../src/demo/chaos/controls';
import { PodKeeper } from '../../../src/demo/chaos/podKeeper';
import { FaultBoard } from '../../../src/demo/faults';
import { ObjectStore, type KubeObject } from '../../../src/demo/kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../../../src/demo/kubernetes/objects/resources';
import { populate } from '../../../src/demo/kubernetes/world';
import { bedActor, type BedActor } from '../../bed/serve/actor';
import { topologyOf } from '../../bed/serve/database';
import { ManualClock, settle } from '../../support';
import { fakeBed, type FakeBed } from './fakeBed';

const resource = (kind: string): Resource => RESOURCES.find((one) => one.kind === kind) as Resource;
const first = 'obcluster-1-zone1';
const on = (...pods: string[]): object => ({ pods: { oceanbase: pods } });

let clock: ManualClock;
let bed: FakeBed;
let actor: BedActor;
let board: FaultBoard;
let store: ObjectStore;

beforeEach(() => {
  clock = new ManualClock();
  bed = fakeBed();
  actor = bedActor(bed);
  board = new FaultBoard(actor);
  store = new ObjectStore(clock);
  populate(store, topologyOf(bed), clock.now());
  const controller = new ChaosController({ store, board, clock, controls: defaultControls(), random: () => 0 });
  const keeper = new PodKeeper(store, board, clock);
  return () => {
    controller.dispose();
    keeper.dispose();
  };
});

function create(kind: string, spec: object, name = 'x'): void {
  const all = { mode: 'all', selector: on(first), ...spec };
  store.create(resource(kind), { apiVersion: '', kind, metadata: { name, namespace: 'oceanbase' }, spec: all });
}

/** Lets the cluster's time pass, and the bed do after each second of it what it was asked for. */
async function pass(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    clock.advance(1000);
    await settle();
  }
}

interface Shown {
  phase: string;
  events: { type: string; operation: string; message?: string }[];
}

const find = (kind: string, name = 'x'): KubeObject | undefined => store.find(resource(kind), 'oceanbase', name);
const shown = (kind: string, name = 'x'): Shown =>
  ((find(kind, name)?.status?.['experiment'] as { containerRecords: Shown[] }).containerRecords[0] ?? {}) as Shown;
const containers = (): { name: string; restartCount: number }[] =>
  find('Pod', first)?.status?.['containerStatuses'] as { name: string; restartCount: number }[];
const remove = (kind: string, name = 'x'): void => void store.delete(resource(kind), 'oceanbase', name);

describe('an experiment on a bed', () => {
  it.each([
    ['StressChaos', { stressors: { cpu: { workers: 2, load: 80 } } }, { type: 'cpu', workers: 2, load: 80 }],
    ['StressChaos', { stressors: { memory: { workers: 1, size: '256MiB' } } }, { type: 'memory', bytes: 2 ** 28 }],
    [
      'NetworkChaos',
      { action: 'delay', delay: { latency: '100ms', jitter: '10ms' } },
      { type: 'networkDelay', latencyMs: 100, jitterMs: 10, direction: 'to', peers: [] },
    ],
    [
      'IOChaos',
      { action: 'latency', delay: '100ms', percent: 50, volumePath: '/home/admin/data-file' },
      { type: 'ioLatency', delayMs: 100, percent: 50, volumePath: '/home/admin/data-file' },
    ],
  ])('%s %j acts on its node, and is over with its deletion', async (kind, spec, fault) => {
    create(kind, spec);
    await pass(3);
    expect(bed.acting).toEqual([{ node: 0, fault }]);
    expect(shown(kind)).toMatchObject({ phase: 'Injected', events: [{ type: 'Succeeded', operation: 'Apply' }] });
    remove(kind);
    await pass(3);
    expect(bed.acting).toEqual([]);
    expect(find(kind)).toBeUndefined();
  });

  it('is injected when all of it acts, not before', async () => {
    let start = (): void => undefined;
    bed.before = (call) => (call === 'apply 0 memory' ? new Promise<void>((resolve) => (start = resolve)) : undefined);
    create('StressChaos', { stressors: { cpu: { workers: 1 }, memory: { workers: 1, size: '1MB' } } });
    await pass(10);
    expect(bed.acting).toHaveLength(1);
    expect(shown('StressChaos')).toMatchObject({ phase: 'Not Injected', events: [] });
    start();
    await pass(2);
    expect(shown('StressChaos').phase).toBe('Injected');
  });

  it('that is deleted while it is being injected is gone when its faults are', async () => {
    let start = (): void => undefined;
    bed.before = (call) => (call === 'apply 0 cpu' ? new Promise<void>((resolve) => (start = resolve)) : undefined);
    create('StressChaos', { stressors: { cpu: { workers: 1 } } });
    await pass(3);
    remove('StressChaos');
    await pass(3);
    expect(find('StressChaos')).toBeDefined();
    start();
    await pass(3);
    expect(bed.calls).toEqual(['apply 0 cpu', 'end 0 cpu']);
    expect(find('StressChaos')).toBeUndefined();
  });

  it('ends with its duration, and is paused and resumed', async () => {
    create('StressChaos', { stressors: { cpu: { workers: 1 } }, duration: '60s' });
    const pause = (paused: string): void => {
      const object = find('StressChaos') as KubeObject;
      const annotations = { 'experiment.chaos-mesh.org/pause': paused };
      store.update(resource('StressChaos'), { ...object, metadata: { ...object.metadata, annotations } });
    };
    await pass(3);
    pause('true');
    await pass(3);
    expect(bed.acting).toEqual([]);
    pause('false');
    await pass(3);
    expect(bed.acting).toHaveLength(1);
    await pass(60);
    expect(bed.acting).toEqual([]);
    expect(shown('StressChaos').phase).toBe('Not Injected');
  });
});

describe('an experiment that fails', () => {
  it.each([
    ['NetworkChaos', { action: 'loss', loss: { loss: '50' } }, 'no fault of the type networkLoss'],
    ['PodChaos', { action: 'pod-failure' }, 'no fault of the type podFailure'],
    ['TimeChaos', { timeOffset: '1h' }, 'no fault of the type clock'],
    ['StressChaos', { stressors: { cpu: { workers: 1 } }, containerNames: ['obagent'] }, 'obagent'],
  ])('%s %j says that the bed cannot do it', async (kind, spec, reason) => {
    create(kind, spec);
    await pass(3);
    const message = expect.stringMatching(`^rpc error: code = Unknown desc = .*${reason}`) as unknown;
    expect(shown(kind)).toMatchObject({
      phase: kind === 'NetworkChaos' ? 'Not Injected/Wait' : 'Not Injected',
      events: [{ type: 'Failed', operation: 'Apply', message }],
    });
    const failed = store.list(resource('Event')).filter((event) => event['reason'] === 'Failed');
    expect(failed.map((event) => event['message'])).toEqual([expect.stringContaining(reason)]);
    expect(bed.acting).toEqual([]);
    expect(containers().map(({ restartCount }) => restartCount)).toEqual([0, 0]);
  });

  it('takes back the half that acts, and is tried again', async () => {
    bed.before = (call) => {
      if (call === 'apply 0 memory') throw new Error('no such cgroup');
    };
    create('StressChaos', { stressors: { cpu: { workers: 1 }, memory: { workers: 1, size: '1MB' } } });
    await pass(2);
    expect(shown('StressChaos').events.at(-1)?.message).toContain('no such cgroup');
    expect(bed.acting).toEqual([]);
    bed.before = () => undefined;
    await pass(5);
    expect(shown('StressChaos').phase).toBe('Injected');
    expect(bed.acting).toHaveLength(2);
  });

  it('to end stays injected, says why, and ends when it can', async () => {
    create('StressChaos', { stressors: { cpu: { workers: 1 } } });
    await pass(3);
    bed.before = () => {
      throw new Error('the helper does not answer');
    };
    remove('StressChaos');
    await pass(5);
    expect(shown('StressChaos').phase).toBe('Injected');
    expect(shown('StressChaos').events.at(-1)).toMatchObject({
      operation: 'Recover',
      message: expect.stringContaining('the helper does not answer') as unknown,
    });
    bed.before = () => undefined;
    await pass(5);
    expect(find('StressChaos')).toBeUndefined();
    expect(bed.acting).toEqual([]);
  });
});

describe('a server on a bed', () => {
  it('restarts in a new pod after a pod-kill, once', async () => {
    const uid = find('Pod', first)?.metadata.uid;
    create('PodChaos', { action: 'pod-kill' });
    await pass(5);
    expect(bed.calls).toEqual(['apply 0 podKill']);
    expect(shown('PodChaos').phase).toBe('Injected');
    expect(find('Pod', first)?.metadata.uid).not.toBe(uid);
  });

  it('restarts in its pod after a container-kill, without the stress that acted in it', async () => {
    create('StressChaos', { stressors: { cpu: { workers: 1 } } });
    create('NetworkChaos', { action: 'delay', delay: { latency: '1ms' } });
    await pass(3);
    create('PodChaos', { action: 'container-kill', containerNames: ['observer'] });
    await pass(5);
    expect(bed.acting.map(({ fault }) => fault.type)).toEqual(['networkDelay']);
    expect(containers().map(({ name, restartCount }) => [name, restartCount])).toEqual([
      ['observer', 1],
      ['obagent', 0],
    ]);
  });

  it('restarts when somebody deletes its pod', async () => {
    remove('Pod', first);
    await pass(3);
    expect(bed.calls).toEqual(['apply 0 podKill']);
    expect(find('Pod', first)).toBeDefined();
  });

  it('gets no stress while it restarts, and is not repaired', async () => {
    let restarted = (): void => undefined;
    bed.before = (call) =>
      call === 'apply 0 podKill' ? new Promise<void>((resolve) => (restarted = resolve)) : undefined;
    create('PodChaos', { action: 'pod-kill' });
    create('StressChaos', { stressors: { cpu: { workers: 1 } } });
    await pass(5);
    const repaired = actor.repair();
    await settle();
    expect(bed.calls).toEqual(['apply 0 podKill']);
    restarted();
    await repaired;
    expect(bed.calls).toEqual(['apply 0 podKill', 'apply 0 cpu', 'repair']);
  });
});

it('all faults are taken out when the board is cleared, those that are being brought in too', async () => {
  create('StressChaos', { stressors: { cpu: { workers: 1 } } });
  await pass(3);
  let start = (): void => undefined;
  bed.before = (call) => (call === 'apply 0 ioLatency' ? new Promise<void>((resolve) => (start = resolve)) : undefined);
  create('IOChaos', { action: 'latency', delay: '1ms', volumePath: '/home/admin/data-log' });
  await pass(3);
  const cleared = board.clearAll();
  start();
  await cleared;
  expect(bed.acting).toEqual([]);
  expect(bed.calls.slice(-2).sort()).toEqual(['end 0 cpu', 'end 0 ioLatency']);
});
