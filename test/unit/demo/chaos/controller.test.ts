import { beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../../src/core/base/clock';
import { ChaosController } from '../../../../src/demo/chaos/controller';
import { defaultControls, type ChaosControls } from '../../../../src/demo/chaos/controls';
import { CHAOS_RESOURCES } from '../../../../src/demo/chaos/kinds';
import { FaultBoard } from '../../../../src/demo/faults';
import { ObjectStore, type KubeObject } from '../../../../src/demo/kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../../../../src/demo/kubernetes/objects/resources';
import { populate } from '../../../../src/demo/kubernetes/world';
import { demoTopology } from '../../../../src/demo/topology';

/** A clock that moves only when it is told to. */
class ManualClock implements Clock {
  #now = Date.parse('2026-01-01T00:00:00Z');
  #waiting: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): { dispose(): void } {
    const entry = { at: this.#now + ms, callback };
    this.#waiting.push(entry);
    return { dispose: () => void (this.#waiting = this.#waiting.filter((one) => one !== entry)) };
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#waiting = this.#waiting.filter((one) => one !== next);
      this.#now = next.at;
      next.callback();
    }
    this.#now = end;
  }
}

interface Record {
  id: string;
  selectorKey: string;
  phase: string;
  injectedCount: number;
  recoveredCount: number;
  events: { type: string; operation: string; message?: string }[];
}

const resource = (kind: string): Resource => RESOURCES.find((one) => one.kind === kind) as Resource;
const topology = demoTopology(3);
const [first, second] = topology.pods as [(typeof topology.pods)[0], (typeof topology.pods)[0]];

let clock: ManualClock;
let store: ObjectStore;
let board: FaultBoard;
let controls: ChaosControls;

beforeEach(() => {
  clock = new ManualClock();
  store = new ObjectStore(clock);
  populate(store, topology, clock.now());
  board = new FaultBoard();
  controls = defaultControls();
  const controller = new ChaosController({ store, board, clock, controls, random: () => 0 });
  return () => controller.dispose();
});

const on = (...pods: { name: string }[]): object => ({ pods: { oceanbase: pods.map(({ name }) => name) } });
const cpu = { stressors: { cpu: { workers: 1, load: 100 } } };

function create(kind: string, spec: object, name = 'x'): void {
  const all = { mode: 'all', selector: on(first), ...spec };
  store.create(resource(kind), { apiVersion: '', kind, metadata: { name, namespace: 'oceanbase' }, spec: all });
}

const find = (kind: string): KubeObject | undefined => store.find(resource(kind), 'oceanbase', 'x');
const records = (kind: string): Record[] =>
  (find(kind)?.status?.['experiment'] as { containerRecords: Record[] } | undefined)?.containerRecords ?? [];
const phases = (kind: string): string[] => records(kind).map(({ phase }) => phase);
const condition = (kind: string, type: string): string | undefined =>
  (find(kind)?.status?.['conditions'] as { type: string; status: string }[]).find((one) => one.type === type)?.status;
const reasons = (): unknown[] =>
  store
    .list(resource('Event'))
    .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
    .map((event) => event['reason'])
    .filter((reason) => reason !== 'Updated');

function annotate(kind: string, annotations: { [key: string]: string }): void {
  const object = find(kind) as KubeObject;
  store.update(resource(kind), { ...object, metadata: { ...object.metadata, annotations } });
}

describe('an experiment', () => {
  it.each(CHAOS_RESOURCES.map(({ kind }) => kind))(
    '%s in another cluster is not acted on here, and goes at once when it is deleted',
    (kind) => {
      create(kind, { ...cpu, action: 'pod-kill', remoteCluster: 'berlin' });
      const pods = store.list(resource('Pod'));
      clock.advance(10_000);
      expect(find(kind)?.metadata.finalizers).toBeUndefined();
      expect(find(kind)?.status).toBeUndefined();
      expect(reasons()).toEqual([]);
      expect(board.all()).toEqual([]);
      expect(store.list(resource('Pod'))).toEqual(pods);
      store.delete(resource(kind), 'oceanbase', 'x');
      expect(find(kind)).toBeUndefined();
    },
  );

  it('is selected, injected, and recovered when its time is over', () => {
    create('StressChaos', { ...cpu, duration: '60s', selector: { labelSelectors: { 'ref-obcluster': 'obcluster' } } });
    clock.advance(400);
    expect(find('StressChaos')?.metadata.finalizers).toEqual(['chaos-mesh/records']);
    expect(phases('StressChaos')).toEqual(['Not Injected', 'Not Injected', 'Not Injected']);
    expect(board.all()).toHaveLength(0);
    clock.advance(1000);
    expect(phases('StressChaos')).toEqual(['Injected', 'Injected', 'Injected']);
    expect(condition('StressChaos', 'AllInjected')).toBe('True');
    expect(board.on(first.name)).toEqual([{ type: 'cpu', workers: 1, load: 100 }]);
    clock.advance(60_000);
    expect(phases('StressChaos')).toEqual(['Not Injected', 'Not Injected', 'Not Injected']);
    expect(condition('StressChaos', 'AllRecovered')).toBe('True');
    expect(board.all()).toHaveLength(0);
    expect(reasons()).toEqual([
      'FinalizerInited',
      'Started',
      'Applied',
      'Applied',
      'Applied',
      'TimeUp',
      'Recovered',
      'Recovered',
      'Recovered',
    ]);
  });

  it('counts its duration from its creation, a pause included, and injects the same records again', () => {
    create('StressChaos', { ...cpu, duration: '60s' });
    clock.advance(2000);
    annotate('StressChaos', { 'experiment.chaos-mesh.org/pause': 'true' });
    clock.advance(2000);
    expect(condition('StressChaos', 'Paused')).toBe('True');
    expect(board.all()).toHaveLength(0);
    annotate('StressChaos', {});
    clock.advance(2000);
    expect(records('StressChaos')).toMatchObject([{ phase: 'Injected', injectedCount: 2, recoveredCount: 1 }]);
    clock.advance(55_000);
    expect(phases('StressChaos')).toEqual(['Not Injected']);
    expect(reasons()).toContain('Paused');
  });

  it('is deleted only after its targets are recovered', () => {
    create('StressChaos', cpu);
    clock.advance(2000);
    store.delete(resource('StressChaos'), 'oceanbase', 'x');
    expect(find('StressChaos')?.metadata.deletionTimestamp).toBeDefined();
    expect(board.all()).toHaveLength(1);
    clock.advance(2000);
    expect(find('StressChaos')).toBeUndefined();
    expect(board.all()).toHaveLength(0);
  });

  it('without a target is never selected, says so once, and is not tried again', () => {
    create('StressChaos', { ...cpu, selector: on({ name: 'nobody' }) });
    clock.advance(60_000);
    expect(condition('StressChaos', 'Selected')).toBe('False');
    expect(condition('StressChaos', 'AllInjected')).toBe('False');
    expect(reasons().filter((reason) => reason === 'Failed')).toHaveLength(1);
  });

  it('of pod-kill is over at once and ignores a pause', () => {
    create('PodChaos', { action: 'pod-kill' });
    clock.advance(2000);
    annotate('PodChaos', { 'experiment.chaos-mesh.org/pause': 'true' });
    clock.advance(2000);
    expect(phases('PodChaos')).toEqual(['Injected']);
    store.delete(resource('PodChaos'), 'oceanbase', 'x');
    clock.advance(1000);
    expect(find('PodChaos')).toBeUndefined();
  });

  it('of the network with a target acts on the way to it, and records both ends', () => {
    create('NetworkChaos', {
      action: 'delay',
      delay: { latency: '100ms' },
      direction: 'to',
      target: { mode: 'all', selector: on(second) },
    });
    clock.advance(2000);
    expect(records('NetworkChaos').map(({ selectorKey, id }) => [selectorKey, id])).toEqual([
      ['.', `oceanbase/${first.name}`],
      ['.Target', `oceanbase/${second.name}`],
    ]);
    expect(board.all().map(({ pod, fault }) => [pod, fault])).toEqual([
      [first.name, { type: 'networkDelay', latencyMs: 100, jitterMs: 0, direction: 'to', peers: [second.name] }],
    ]);
  });
});

describe('a failing experiment', () => {
  const delay = { action: 'delay', delay: { latency: '1ms' } };
  const FORCED = { 'chaos-mesh.chaos-mesh.org/cleanFinalizer': 'forced' };

  it('waits for a daemon without end, and goes when it is deleted', () => {
    controls.missingDaemons.add(first.hostNode);
    create('StressChaos', cpu);
    clock.advance(10_000);
    expect(phases('StressChaos')).toEqual(['Not Injected']);
    expect(records('StressChaos')[0]?.events.at(-1)).toMatchObject({
      type: 'Failed',
      operation: 'Apply',
      message: expect.stringContaining(`cannot find daemonIP on node ${first.hostNode}`) as unknown,
    });
    store.delete(resource('StressChaos'), 'oceanbase', 'x');
    clock.advance(1000);
    expect(find('StressChaos')).toBeUndefined();
  });

  it('of the network sticks in deletion, also when it is forced, until it can be injected', () => {
    controls.missingDaemons.add(first.hostNode);
    create('NetworkChaos', delay);
    clock.advance(10_000);
    expect(phases('NetworkChaos')).toEqual(['Not Injected/Wait']);
    store.delete(resource('NetworkChaos'), 'oceanbase', 'x');
    clock.advance(60_000);
    annotate('NetworkChaos', FORCED);
    clock.advance(60_000);
    expect(find('NetworkChaos')).toBeDefined();
    expect(records('NetworkChaos')[0]?.events.length).toBeGreaterThan(10);
    controls.missingDaemons.clear();
    clock.advance(10_000);
    expect(find('NetworkChaos')).toBeUndefined();
    expect(board.all()).toEqual([]);
  });

  it('goes when it is forced before its turn', () => {
    create('StressChaos', cpu);
    clock.advance(2000);
    controls.delayMs = 60_000;
    store.delete(resource('StressChaos'), 'oceanbase', 'x');
    clock.advance(1000);
    expect(find('StressChaos')).toBeDefined();
    annotate('StressChaos', FORCED);
    clock.advance(1000);
    expect(find('StressChaos')).toBeUndefined();
  });

  it('recovers by itself when the daemon comes back', () => {
    controls.missingDaemons.add(first.hostNode);
    create('StressChaos', cpu);
    clock.advance(10_000);
    controls.missingDaemons.clear();
    clock.advance(10_000);
    expect(phases('StressChaos')).toEqual(['Injected']);
  });

  it('stays injected while it cannot be recovered', () => {
    create('StressChaos', { ...cpu, duration: '30s' });
    clock.advance(5000);
    controls.missingDaemons.add(first.hostNode);
    clock.advance(40_000);
    expect(phases('StressChaos')).toEqual(['Injected']);
    expect(records('StressChaos')[0]?.events.at(-1)).toMatchObject({ type: 'Failed', operation: 'Recover' });
    expect(board.all()).toHaveLength(1);
  });

  it.each([
    ['IOChaos', { action: 'latency', delay: '100ms', volumePath: '/' }, 'not a mount point'],
    ['NetworkChaos', { action: 'delay' }, 'no valid netem'],
  ])('%s %j tells why', (kind, spec, message) => {
    create(kind, spec);
    clock.advance(5000);
    expect(phases(kind)).toEqual(['Not Injected/Wait']);
    expect(records(kind)[0]?.events.at(-1)?.message).toContain(message);
    expect(reasons()).toContain('Failed');
  });

  it('can be partly injected', () => {
    controls.brokenNetwork.add(second.name);
    create('NetworkChaos', { action: 'delay', delay: { latency: '1ms' }, selector: on(first, second) });
    clock.advance(5000);
    expect(phases('NetworkChaos')).toEqual(['Injected', 'Not Injected/Wait']);
    expect(condition('NetworkChaos', 'AllInjected')).toBe('False');
  });

  it('whose pod is gone counts as recovered', () => {
    create('StressChaos', cpu);
    clock.advance(2000);
    store.delete(resource('Pod'), 'oceanbase', first.name);
    store.delete(resource('StressChaos'), 'oceanbase', 'x');
    clock.advance(1000);
    expect(find('StressChaos')).toBeUndefined();
    expect(board.all()).toHaveLength(0);
  });

  it('is left alone while the controller is gone', () => {
    controls.stopped = true;
    create('StressChaos', cpu);
    clock.advance(60_000);
    expect(find('StressChaos')?.status).toBeUndefined();
  });

  it('fails as the annotations of nodes, pods and the namespace of Chaos Mesh say', () => {
    const set = (kind: string, namespace: string | undefined, name: string, value: string): void => {
      const object = store.get(resource(kind), namespace, name);
      const [knob = '', wanted = ''] = value.split('=');
      const annotations = wanted === '' ? {} : { [`demo.distdiag.io/${knob}`]: wanted };
      store.update(resource(kind), { ...object, metadata: { ...object.metadata, annotations } });
    };
    set('Node', undefined, first.hostNode, 'daemon=missing');
    create('StressChaos', cpu);
    clock.advance(5000);
    expect(phases('StressChaos')).toEqual(['Not Injected']);
    set('Node', undefined, first.hostNode, '');
    clock.advance(5000);
    expect(phases('StressChaos')).toEqual(['Injected']);
    set('Pod', 'oceanbase', first.name, 'network=broken');
    create('NetworkChaos', { action: 'delay', delay: { latency: '1ms' } });
    clock.advance(5000);
    expect(phases('NetworkChaos')).toEqual(['Not Injected/Wait']);
    set('Namespace', undefined, 'chaos-mesh', 'delay=20s');
    create('TimeChaos', { timeOffset: '1s' });
    clock.advance(19_000);
    expect(phases('TimeChaos')).toEqual(['Not Injected']);
    clock.advance(2000);
    expect(phases('TimeChaos')).toEqual(['Injected']);
    set('Namespace', undefined, 'chaos-mesh', 'controller=stopped');
    create('IOChaos', { action: 'latency', delay: '1ms', volumePath: '/home/admin/log' });
    clock.advance(60_000);
    expect(find('IOChaos')?.status).toBeUndefined();
  });
});

it('events are kept for an hour', () => {
  create('StressChaos', cpu);
  clock.advance(2000);
  const before = store.list(resource('Event')).length;
  clock.advance(3_600_000);
  create('StressChaos', cpu, 'later');
  clock.advance(2000);
  expect(store.list(resource('Event'))).toHaveLength(before);
});
