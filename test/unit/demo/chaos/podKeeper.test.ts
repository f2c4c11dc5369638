import { beforeEach, describe, expect, it } from 'vitest';
import { PodKeeper } from '../../../../src/demo/chaos/podKeeper';
import { FaultBoard } from '../../../../src/demo/faults';
import { ObjectStore, type KubeObject } from '../../../../src/demo/kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../../../../src/demo/kubernetes/objects/resources';
import { populate } from '../../../../src/demo/kubernetes/world';
import { DatabaseSimulator } from '../../../../src/demo/simulator/simulator';
import { demoTopology } from '../../../../src/demo/topology';

const PODS = RESOURCES.find((one) => one.kind === 'Pod') as Resource;
const topology = demoTopology(3);
const { namespace } = topology;
const { name } = topology.pods[0] as { name: string };

let now: number;
let store: ObjectStore;
let board: FaultBoard;
let keeper: PodKeeper;

beforeEach(() => {
  now = Date.parse('2026-01-01T00:00:00Z');
  const clock = { now: () => now, after: () => ({ dispose: () => undefined }) };
  store = new ObjectStore(clock);
  board = new FaultBoard();
  populate(store, topology, now);
  keeper = new PodKeeper(store, board, clock);
});

const pod = (): KubeObject => store.get(PODS, namespace, name);
const restarts = (): [string, number, boolean][] =>
  (pod().status?.['containerStatuses'] as { name: string; restartCount: number; ready: boolean }[]).map((one) => [
    one.name,
    one.restartCount,
    one.ready,
  ]);

describe('the pods of the demo', () => {
  it('stay as they are while nothing happens', () => {
    const { version } = store;
    keeper.sync();
    expect(store.version).toBe(version);
  });

  it('come again as new ones after a pod-kill, once, and without what acted in them', () => {
    const { uid } = pod().metadata;
    now += 60_000;
    board.apply({ id: 'stress', pod: name, fault: { type: 'cpu', workers: 1, load: 100 } });
    board.apply({ id: 'kill', pod: name, fault: { type: 'podKill' } });
    keeper.sync();
    const next = pod();
    expect(next.metadata.uid).not.toBe(uid);
    expect(next.metadata.creationTimestamp).toBe('2026-01-01T00:01:00Z');
    expect(board.all().map(({ id }) => id)).not.toContain('stress');
    keeper.sync();
    expect(pod().metadata.uid).toBe(next.metadata.uid);
  });

  it('restart the one container of a container-kill, which ends its stress, its delay of files and its clock, but not what its network loses', () => {
    board.apply({ id: 'stress', pod: name, fault: { type: 'cpu', workers: 1, load: 100 } });
    board.apply({ id: 'clock', pod: name, fault: { type: 'clock', offsetMs: 1000 } });
    board.apply({ id: 'files', pod: name, fault: { type: 'ioLatency', delayMs: 1, percent: 100, volumePath: '/' } });
    board.apply({ id: 'loss', pod: name, fault: { type: 'networkLoss', percent: 1, direction: 'to', peers: [] } });
    board.apply({ id: 'kill', pod: name, container: 'observer', fault: { type: 'podKill' } });
    keeper.sync();
    keeper.sync();
    expect(restarts()).toEqual([
      ['observer', 1, true],
      ['obagent', 0, true],
    ]);
    expect(board.on(name).map(({ type }) => type)).toEqual(['networkLoss', 'podKill']);
  });

  it('lose with the daemon of their node what its processes do, and keep the rest', () => {
    board.apply({ id: 'stress', pod: name, fault: { type: 'memory', bytes: 1 } });
    board.apply({ id: 'clock', pod: name, fault: { type: 'clock', offsetMs: 1000 } });
    board.apply({ id: 'other', pod: 'another', fault: { type: 'memory', bytes: 1 } });
    const daemon = `chaos-daemon-${String(pod().spec?.['nodeName'])}`;
    const { uid } = store.get(PODS, 'chaos-mesh', daemon).metadata;
    store.delete(PODS, 'chaos-mesh', daemon);
    keeper.sync();
    expect(store.get(PODS, 'chaos-mesh', daemon).metadata.uid).not.toBe(uid);
    expect(board.all().map(({ id }) => id)).toEqual(['clock', 'other']);
    expect(restarts().map(([, count]) => count)).toEqual([0, 0]);
  });

  it('are not ready during a pod-failure', () => {
    board.apply({ id: 'f', pod: name, fault: { type: 'podFailure' } });
    keeper.sync();
    expect(restarts().map(([, , ready]) => ready)).toEqual([false, false]);
    expect(pod().status?.['conditions']).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'False' }));
    board.clear('f');
    keeper.sync();
    keeper.sync();
    expect(restarts()).toEqual([
      ['observer', 2, true],
      ['obagent', 2, true],
    ]);
  });

  it('are made again when somebody deletes them, and their server has restarted', () => {
    const simulator = new DatabaseSimulator({ topology, seed: 1, startMs: now, board });
    simulator.advanceTo(now + 10_000);
    store.delete(PODS, namespace, name);
    keeper.sync();
    expect(restarts()).toHaveLength(2);
    simulator.advanceTo(now + 11_000);
    expect(simulator.node(name)?.restarts).toBe(1);
    simulator.advanceTo(now + 20_000);
    expect(simulator.node(name)?.restarts).toBe(1);
  });
});

it('a second kill restarts the server again while the first experiment is still there', () => {
  const simulator = new DatabaseSimulator({ topology, seed: 1, startMs: now, board });
  for (const id of ['one', 'two']) {
    board.apply({ id, pod: name, fault: { type: 'podKill' } });
    simulator.advanceTo(simulator.nowMs + 2000);
  }
  expect(simulator.node(name)?.restarts).toBe(2);
});
