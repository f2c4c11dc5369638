import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMetricSource, directEndpoint } from '../../../src/adapters/prometheus/index';
import type { AppError } from '../../../src/core/base/errors';
import { systemClock } from '../../../src/core/base/clock';
import { parseQuantity } from '../../../src/core/base/quantity';
import type { Experiment } from '../../../src/core/experiments/experiment';
import { derivePhase } from '../../../src/core/experiments/phase';
import { silentLog } from '../../support';
import { until, type Loose } from '../api';
import { inNetworkOf, processesIn, processesNamed, restartContainerd, serverOf, workingSetOf } from './machine';
import { observer, openNodeScene, pod, serves, type NodeScene } from './nodeScene';
import { CHAOS_NAMESPACE, DAEMON_POD, daemonPod, podName } from './pods';

const DAEMON = `/api/v1/namespaces/${CHAOS_NAMESPACE}/pods/${DAEMON_POD}`;

let scene: NodeScene;

beforeAll(async () => {
  scene = await openNodeScene();
});
afterEach(() => scene.stopAll());
afterAll(() => scene?.close());

const reasonOf = (experiment: Experiment): string => String(derivePhase(experiment, Date.now()).reason ?? '');

const stressorsIn = async (ordinal: number): Promise<string[]> =>
  processesIn(await pod(scene, ordinal))
    .map(({ name }) => name)
    .filter((name) => name.startsWith('stress-ng'));

const bandwidthOf = async (ordinal: number): Promise<boolean> =>
  (inNetworkOf(await pod(scene, ordinal), 'tc', 'qdisc', 'show', 'dev', 'eth0') ?? '').includes('tbf');

const daemon = async (): Promise<Loose> => (await scene.api.call('GET', DAEMON)).body.status?.containerStatuses?.[0];
const daemonReady = (wanted: (one: Loose) => boolean): Promise<Loose> =>
  until(daemon, (one) => one?.ready === true && wanted(one), 'the daemon to be ready', 90_000);
const signalDaemon = (signal: NodeJS.Signals): void =>
  processesNamed('chaos-daemon').forEach(({ pid }) => process.kill(pid, signal));

/** Ends the daemon's process by force, and waits until the kubelet has started it again. */
async function killDaemon(): Promise<void> {
  const { restartCount } = await daemon();
  signalDaemon('SIGKILL');
  await daemonReady((one) => one.restartCount > restartCount);
}

/** The one experiment that there is, in a phase. */
async function only(phase: Parameters<NodeScene['phase']>[1]): Promise<Experiment> {
  const [name] = await until(
    () => Promise.resolve(Object.keys(scene.rows())),
    ({ length }) => length === 1,
    'the experiment to be seen',
    90_000,
  );
  return scene.phase(name as string, phase);
}

/** So much memory that the database's container cannot have it beside its server's own. */
function tooMuchMemory(one: Loose): string {
  const limit = parseQuantity(one.spec.containers[0].resources.limits.memory) ?? NaN;
  return `${Math.floor((0.97 * limit) / 1e6)}MB`;
}

/** The memory of a pod as the extension's charts show it. */
async function memoryShown(ordinal: number): Promise<number> {
  const metrics = createMetricSource({
    resolve: () => Promise.resolve(directEndpoint(process.env['DISTDIAG_NODE_PROMETHEUS'] as string)),
    clock: systemClock,
    profile: 'auto',
    container: 'observer',
    log: silentLog,
  });
  const stepMs = 5000;
  const now = Math.floor(Date.now() / stepMs) * stepMs;
  const targets = [await scene.target(ordinal)];
  const { series } = await metrics.fetch({ targets, fromMs: now, toMs: now, stepMs, metrics: ['memory.used'] });
  return series[0]?.values[0] ?? NaN;
}

describe('a container that dies under an experiment', () => {
  it('takes a stress with it, which the tree says, and leaves what the network of its pod holds', async () => {
    const { restartCount } = observer(await pod(scene, 1));
    const stress = await scene.inject('cpu_stress', 1);
    const bandwidth = await scene.inject('network_bandwidth', 1, { parameters: { rate: '8mbps' } });
    process.kill(serverOf(await pod(scene, 1)).pid, 'SIGKILL');
    await serves(scene, 1, (one) => observer(one).restartCount > restartCount);
    expect(processesNamed('stress-ng')).toEqual([]);
    const failing = await scene.phase(stress.ref.name, 'failing');
    expect(reasonOf(failing)).toContain(`${podName(1)}: replaced or restarted after the injection`);
    expect(scene.rows()).toEqual({ [stress.ref.name]: 'failing', [bandwidth.ref.name]: 'running' });
    expect(await bandwidthOf(1)).toBe(true);
    await scene.stop(failing);
    await scene.stop(bandwidth);
    expect(await bandwidthOf(1)).toBe(false);
    expect(scene.rows()).toEqual({});
  });

  it('of a lack of memory that a stress has made is told too, and is not counted with the one after it', async () => {
    const { restartCount } = observer(await pod(scene, 1));
    // The kernel ends the stressors first, which begin again: here it takes the server.
    writeFileSync(`/proc/${serverOf(await pod(scene, 1)).pid}/oom_score_adj`, '1000');
    const size = tooMuchMemory(await pod(scene, 1));
    const injected = scene.inject('memory_stress', 1, { parameters: { workers: 18, size } });
    const after = await serves(scene, 1, (one) => observer(one).restartCount > restartCount);
    expect(observer(after).lastState.terminated.reason).toBe('OOMKilled');
    const { ref } = await injected;
    const failing = await scene.phase(ref.name, 'failing');
    expect(reasonOf(failing)).toContain('replaced or restarted');
    expect(processesNamed('memStress')).toEqual([]);
    await scene.stop(failing);

    // The charts tell what the container that lives now holds, without the gigabyte of the one before it.
    const share = async (): Promise<number> => (await memoryShown(1)) / workingSetOf(after);
    await until(share, (times) => times > 0.7 && times < 1.4, 'the memory to be shown as it is', 60_000);
  });
});

describe('a daemon that dies', () => {
  it('before an injection: it fails with the reason, and is injected when the daemon is back', async () => {
    await scene.api.must('DELETE', `${DAEMON}?gracePeriodSeconds=0`);
    await until(
      () => scene.api.call('GET', DAEMON),
      ({ status }) => status === 404 && processesNamed('chaos-daemon').length === 0,
      'the daemon to be gone',
      90_000,
    );
    const outcome = scene.inject('cpu_stress', 2).catch((error: unknown) => error);
    expect(reasonOf(await only('failing'))).toContain('connection refused');
    expect(await stressorsIn(2)).toEqual([]);
    await scene.api.must('POST', `/api/v1/namespaces/${CHAOS_NAMESPACE}/pods`, daemonPod(scene.places));
    await daemonReady(() => true);
    const running = await only('running');
    await outcome;
    expect(await stressorsIn(2)).not.toEqual([]);
    await scene.stop(running);
    expect(processesNamed('stress-ng')).toEqual([]);
  });

  it('while it injects: it is injected once, when the daemon is back', async () => {
    signalDaemon('SIGSTOP');
    const injected = scene.inject('network_bandwidth', 2, { parameters: { rate: '8mbps' } });
    const outcome = injected.catch((error: unknown) => error);
    await only('injecting');
    expect(await bandwidthOf(2)).toBe(false);
    await killDaemon();
    const running = await only('running');
    await outcome;
    expect(await bandwidthOf(2)).toBe(true);
    await scene.stop(running);
    expect(await bandwidthOf(2)).toBe(false);
  });

  it('while it recovers: the experiment stays in the tree until the daemon is back and has recovered it', async () => {
    const experiment = await scene.inject('network_bandwidth', 2, { parameters: { rate: '8mbps' } });
    signalDaemon('SIGSTOP');
    // Stuck is what it is called where the daemon takes longer than half a minute to come back.
    const stopped = scene.stop(experiment).catch((error: AppError) => expect(error.code).toBe('stuck'));
    await scene.phase(experiment.ref.name, 'deleting');
    expect(await bandwidthOf(2)).toBe(true);
    await killDaemon();
    await stopped;
    await until(
      () => Promise.resolve(scene.rows()),
      (rows) => Object.keys(rows).length === 0,
      'the experiment to be recovered',
      90_000,
    );
    expect(await bandwidthOf(2)).toBe(false);
  });

  it('takes a stress along, which the tree says, and leaves what the kernel holds', async () => {
    const stress = await scene.inject('cpu_stress', 2);
    const bandwidth = await scene.inject('network_bandwidth', 2, { parameters: { rate: '8mbps' } });
    await killDaemon();
    expect(processesNamed('stress-ng')).toEqual([]);
    const failing = await scene.phase(stress.ref.name, 'failing');
    expect(reasonOf(failing)).toContain("Chaos Mesh's daemon on the node has ended since the injection");
    expect(scene.rows()).toEqual({ [stress.ref.name]: 'failing', [bandwidth.ref.name]: 'running' });
    expect(await bandwidthOf(2)).toBe(true);
    await scene.stop(failing);
    await scene.stop(bandwidth);
    expect(await bandwidthOf(2)).toBe(false);
    expect(scene.rows()).toEqual({});
  });
});

describe('a node whose container runtime ends', () => {
  const ready = async (): Promise<string> => {
    const { status } = await scene.api.must('GET', `/api/v1/nodes/${scene.places.node}`);
    return status.conditions.find(({ type }: Loose) => type === 'Ready').status;
  };

  it('is not ready: an injection there fails with the reason, and acts when it is ready again', async () => {
    for (const { pid } of processesNamed('containerd')) process.kill(pid, 'SIGKILL');
    try {
      await until(ready, (status) => status !== 'True', 'the node to be not ready', 90_000);
      await expect(scene.inject('cpu_stress', 2)).rejects.toMatchObject({
        code: 'injectionFailed',
        message: expect.stringContaining('containerd.sock'),
      });
      expect(Object.values(scene.rows())).toEqual(['failing']);
    } finally {
      restartContainerd(scene.places);
    }
    await until(ready, (status) => status === 'True', 'the node to be ready', 90_000);
    const running = await only('running');
    expect(await stressorsIn(2)).not.toEqual([]);
    await scene.stop(running);
    expect(processesNamed('stress-ng')).toEqual([]);
  });
});
