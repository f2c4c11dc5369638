import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/core/experiments/experiment';
import { derivePhase } from '../../../src/core/experiments/phase';
import { until, type Loose } from '../api';
import { processesIn, processesNamed, serverOf } from './machine';
import { observer, openNodeScene, pod, serves, type NodeScene } from './nodeScene';
import { CHAOS_NAMESPACE, DAEMON_POD, podName } from './pods';

let scene: NodeScene;

beforeAll(async () => {
  scene = await openNodeScene();
});
afterEach(() => scene.stopAll());
afterAll(() => scene?.close());

const reasonOf = (experiment: Experiment): string | undefined => derivePhase(experiment, Date.now()).reason;

const daemon = async (): Promise<Loose> => {
  const { status } = await scene.api.must('GET', `/api/v1/namespaces/${CHAOS_NAMESPACE}/pods/${DAEMON_POD}`);
  return status.containerStatuses?.[0];
};

/** Ends the daemon's process by force; resolves with what brings it back: the kubelet does by itself. */
async function killDaemon(): Promise<() => Promise<void>> {
  const { restartCount } = await daemon();
  for (const { pid } of processesNamed('chaos-daemon')) process.kill(pid, 'SIGKILL');
  return async () => {
    await until(
      daemon,
      (one) => one?.restartCount > restartCount && one.ready === true,
      'the daemon to be back',
      90_000,
    );
  };
}

describe('a container that dies under an experiment', () => {
  it('takes a stress with it, which the tree says', async () => {
    const { restartCount } = observer(await pod(scene, 1));
    const { ref } = await scene.inject('cpu_stress', 1);
    process.kill(serverOf(await pod(scene, 1)).pid, 'SIGKILL');
    await serves(scene, 1, (one) => observer(one).restartCount > restartCount);
    expect(processesNamed('stress-ng')).toEqual([]);
    const failing = await scene.phase(ref.name, 'failing');
    expect(reasonOf(failing)).toContain(`${podName(1)}: replaced or restarted after the injection`);
    await scene.stop(failing);
    expect(scene.rows()).toEqual({});
  });
});

describe('a daemon that dies', () => {
  it('before an injection: it is injected when the daemon is back', async () => {
    const back = await killDaemon();
    const injected = scene.inject('cpu_stress', 2).catch((error: unknown) => error);
    await back();
    await injected;
    const [experiment] = scene.store.snapshot.experiments as [Experiment];
    const running = await scene.phase(experiment.ref.name, 'running');
    expect(processesIn(await pod(scene, 2)).some(({ name }) => name.startsWith('stress-ng'))).toBe(true);
    await scene.stop(running);
    expect(processesNamed('stress-ng')).toEqual([]);
  });

  it('over a stress takes it along, which the tree says', async () => {
    const { ref } = await scene.inject('cpu_stress', 2);
    const back = await killDaemon();
    await back();
    expect(processesNamed('stress-ng')).toEqual([]);
    const failing = await scene.phase(ref.name, 'failing');
    expect(reasonOf(failing)).toContain("Chaos Mesh's daemon on the node has ended since the injection");
    await scene.stop(failing);
    expect(scene.rows()).toEqual({});
  });
});
