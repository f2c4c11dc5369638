import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/core/experiments/experiment';
import { until, type Loose } from '../api';
import { POD_ENGINES, type PodEngine } from './engines';
import { ask, inNetworkOf, limitOf, processesIn, processesNamed, roundTrip, serverOf, writesTake } from './machine';
import { observer, openNodeScene, pod, serves, type NodeScene } from './nodeScene';
import { podName } from './pods';
import { Told, type Calls } from './told';

let scene: NodeScene;
let told: Told;

beforeAll(async () => {
  scene = await openNodeScene();
});
beforeEach(async () => {
  told = await Told.since(scene);
});
afterEach(() => scene.stopAll());
afterAll(() => scene?.close());

const stressors = async (ordinal: number, name: string): Promise<number> =>
  processesIn(await pod(scene, ordinal)).filter((one) => one.name.startsWith(name)).length;

/** What is set anew of a pod's network, all of it each time, on so many occasions. */
const network = (times: number): Calls => ({ FlushIPSets: times, SetIptablesChains: times, SetTcs: times });

const engine = (): PodEngine => POD_ENGINES[scene.places.engine] as PodEngine;

/** Whether a server of one pod takes a connection from another within seconds: a busy machine needs some of them. */
const reaches = (from: Loose, to: Loose, seconds: number): boolean => {
  const connect = `echo >/dev/tcp/${to.status.podIP}/${engine().peerPort}`;
  return inNetworkOf(from, 'timeout', String(seconds), 'bash', '-c', connect) !== undefined;
};

describe('through the extension, Chaos Mesh and its daemon', () => {
  it('a CPU stress runs in the container of the database, and only until it is stopped', async () => {
    const experiment = await scene.inject('cpu_stress', 1);
    expect(experiment.targets).toMatchObject([{ pod: podName(1), container: 'observer', phase: 'Injected' }]);
    await told.acts(experiment, { ExecStressors: 1 });
    expect(await stressors(1, 'stress-ng')).toBeGreaterThan(0);
    expect(await stressors(2, 'stress-ng')).toBe(0);
    await told.stops(experiment, { ExecStressors: 1, CancelStressors: 1 });
    expect(processesNamed('stress-ng')).toEqual([]);
  });

  it('a CPU stress ends by itself when its time is over', async () => {
    const { ref } = await scene.inject('cpu_stress', 1, { durationMs: 8000 });
    const finished = await scene.phase(ref.name, 'finished');
    expect(processesNamed('stress-ng')).toEqual([]);
    expect(await told.reasons(finished)).toEqual(expect.arrayContaining(['Applied', 'TimeUp', 'Recovered']));
  });

  it('a memory stress holds its memory in the container of the database', async () => {
    const experiment = await scene.inject('memory_stress', 2, { parameters: { workers: 1, size: '200MB' } });
    await told.acts(experiment, { ExecStressors: 1 });
    const held = await until(
      async () =>
        processesIn(await pod(scene, 2)).reduce(
          (most, one) => (one.name === 'memStress' ? Math.max(most, one.resident) : most),
          0,
        ),
      (bytes) => bytes >= 200e6,
      'the memory to be held',
      90_000,
    );
    expect(held).toBeLessThan(220e6);
    await told.stops(experiment, { ExecStressors: 1, CancelStressors: 1 });
    expect(processesNamed('memStress')).toEqual([]);
  });

  it('a clock skew turns the clock of the database', async () => {
    const skew = async (ordinal: number): Promise<number> =>
      Number(ask(await pod(scene, ordinal), 'select unix_timestamp(sysdate())')) - Date.now() / 1000;
    expect(Math.abs(await skew(2))).toBeLessThan(5);
    // Ahead: behind, every wait of InnoDB for a moment of the day is over at once, and it gives up the whole server.
    const experiment = await scene.inject('clock_skew', 2, { parameters: { offset: '30s' } });
    await told.acts(experiment, { SetTimeOffset: 1 });
    expect(await skew(2)).toBeGreaterThan(20);
    expect(Math.abs(await skew(1))).toBeLessThan(5);
    await told.stops(experiment, { SetTimeOffset: 1, RecoverTimeOffset: 1 });
    expect(Math.abs(await skew(2))).toBeLessThan(5);
  });

  it('a bandwidth is what the kernel lets leave the pod', async () => {
    const one = await pod(scene, 2);
    const rules = (): string => inNetworkOf(one, 'tc', 'qdisc', 'show', 'dev', 'eth0') ?? '';
    expect(rules()).not.toContain('tbf');
    const experiment = await scene.inject('network_bandwidth', 2, { parameters: { rate: '8mbps' } });
    await told.acts(experiment, network(1));
    expect(rules()).toMatch(/tbf .*rate 64Mbit/);
    await told.stops(experiment, network(2));
    expect(rules()).not.toContain('tbf');
  });

  it('a network delay holds back what leaves the pod (by a stand-in for netem)', async () => {
    const one = await pod(scene, 2);
    expect(await roundTrip(one)).toBeLessThan(25);
    const experiment = await scene.inject('network_delay', 2, { parameters: { latency: '60ms' } });
    await told.acts(experiment, network(1));
    expect(await roundTrip(one)).toBeGreaterThan(55);
    expect(await roundTrip(await pod(scene, 1))).toBeLessThan(25);
    await told.stops(experiment, network(2));
    expect(await roundTrip(one)).toBeLessThan(25);
  });

  it('a disk stress holds back the container’s own disk operations (by a stand-in for toda)', async () => {
    const one = await pod(scene, 2);
    expect(limitOf(one)).toBe('');
    const experiment = await scene.inject('disk_stress', 2);
    await told.acts(experiment, { ApplyIOChaos: 1 });
    // Ten a second; the first need not wait.
    expect(writesTake(one, 5)).toBeGreaterThan(390);
    await told.stops(experiment, { ApplyIOChaos: 2 });
    expect(limitOf(one)).toBe('');
  });

  it('what the kernel cannot do fails in the words of Chaos Mesh, cannot be stopped, and can be forced', async () => {
    const injected = scene.inject('network_loss', 2);
    await expect(injected).rejects.toMatchObject({
      code: 'injectionFailed',
      message: expect.stringMatching(/^Chaos Mesh could not inject the fault: .*unable to set tcs for pod/),
    });
    const [failing] = scene.store.snapshot.experiments as [Experiment];
    expect(scene.rows()).toEqual({ [failing.ref.name]: 'failing' });
    expect(await told.reasons(failing)).toContain('Failed');
    // Chaos Mesh goes on to inject what is to be stopped.
    await expect(scene.stop(failing)).rejects.toMatchObject({
      code: 'stuck',
      message: expect.stringContaining('unable to set tcs for pod'),
    });
    expect(scene.rows()).toEqual({ [failing.ref.name]: 'stuck' });
    // Nor does it look at what it is told to let go of, as long as it fails.
    expect(await scene.letGo(failing)).toBe(false);
    await scene.drop(failing);
    expect(scene.rows()).toEqual({});
  });

  it('what its file tool refuses fails in its words', async () => {
    await expect(scene.inject('io_fault', 2)).rejects.toMatchObject({
      code: 'injectionFailed',
      message: expect.stringContaining('toda update RPC failed'),
    });
    const [failing] = scene.store.snapshot.experiments as [Experiment];
    await scene.drop(failing);
  });

  it('a killed container starts again in the same pod, and the experiment is finished', async () => {
    const { uid, count } = await pod(scene, 3).then((one) => ({
      uid: one.metadata.uid,
      count: observer(one).restartCount,
    }));
    const experiment = await scene.inject('container_kill', 3);
    await told.acts(experiment, { ContainerKill: 1 }, 'finished');
    const after = await serves(scene, 3, (one) => observer(one).restartCount > count);
    expect(after.metadata.uid).toBe(uid);
  });

  it('a pod that fails does nothing until it is stopped, and is whole then', async () => {
    const { containerID } = observer(await pod(scene, 3));
    const experiment = await scene.inject('pod_failure', 3);
    // The controller does it, by another image in the pod.
    await told.acts(experiment, {});
    await until(
      () => pod(scene, 3),
      (one) =>
        one.spec.containers[0].image === 'localhost/pause:node' &&
        processesIn(one).every(({ name }) => name !== engine().process),
      'the server to be away',
      60_000,
    );
    await told.stops(experiment, {});
    const after = await serves(
      scene,
      3,
      (one) => observer(one).containerID !== containerID && serverOf(one) !== undefined,
    );
    expect(ask(after, 'select 1')).toBe('1');
  });

  it('a killed pod is gone, which the experiment says', async () => {
    const { uid } = (await pod(scene, 3)).metadata;
    const experiment = await scene.inject('pod_kill', 3);
    expect(experiment.targets).toMatchObject([{ pod: podName(3) }]);
    await told.acts(experiment, {}, 'finished');
    await until(
      () => scene.api.call('GET', `/api/v1/namespaces/oceanbase/pods/${podName(3)}`),
      ({ status, body }) => status === 404 || body.metadata.uid !== uid,
      'the pod to be gone',
      60_000,
    );
    await scene.restore(3);
    await serves(scene, 3, (one) => one.metadata.uid !== uid);
  });

  it('a partition cuts one server off from the others, and no client of it', async () => {
    const [first, second] = [await pod(scene, 1), await pod(scene, 2)];
    expect(reaches(second, first, 15)).toBe(true);
    const peers = [await scene.target(1), await scene.target(3)];
    const experiment = await scene.inject('network_partition', 2, { peers });
    // In each of the three pods.
    await told.acts(experiment, network(3));
    expect(reaches(second, first, 4)).toBe(false);
    expect(reaches(first, second, 4)).toBe(false);
    const { majority } = engine();
    const status = async (): Promise<string> => (majority ? ask(second, majority.ask) : '');
    await until(status, (answer) => answer.endsWith(majority?.no ?? ''), 'the database to notice', 60_000);
    await told.stops(experiment, network(6));
    expect(reaches(second, first, 15)).toBe(true);
    await until(status, (answer) => answer.endsWith(majority?.yes ?? ''), 'the database to be whole', 60_000);
  });
});
