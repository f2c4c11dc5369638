import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ANOMALY_TYPES, defaultParameters } from '../../src/core/faults/catalogue';
import type { Experiment } from '../../src/core/experiments/experiment';
import { isLive, POLICY, seen, startScene, type Client, type Scene } from '../contract/reliability/scene';
import { Api, control, type Loose } from './api';
import { realAccess } from './cluster';

const SLICES = '/apis/discovery.k8s.io/v1/namespaces/chaos-mesh/endpointslices';
let scene: Scene;
let client: Client;
let api: Api;
let port: number;

/** Says where the daemon of each node is; the one of a node that is named is missing. */
async function daemons(without?: string): Promise<void> {
  await api.call('DELETE', `${SLICES}/chaos-daemon-1`);
  const nodes = scene.cluster.topology.pods.map(({ hostNode }) => hostNode).filter((node) => node !== without);
  await api.must('POST', SLICES, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'chaos-daemon-1', labels: { 'kubernetes.io/service-name': 'chaos-daemon' } },
    addressType: 'IPv4',
    ports: [{ name: 'grpc', port, protocol: 'TCP' }],
    endpoints: nodes.map((nodeName, i) => ({ addresses: [`10.244.9.${i + 11}`], nodeName })),
  });
}

beforeAll(async () => {
  // The embedded cluster's controller looks on.
  scene = await startScene({ controls: { stopped: true } });
  client = await scene.open();
  api = new Api(realAccess());
  port = await control('chaos-mesh', 'start');
  await daemons();
});
afterEach(async () => {
  const { experiments } = await client.connection.experiments.list();
  expect((await client.injection.stopAll(experiments.map(({ ref }) => ref))).failed).toEqual([]);
});
afterAll(async () => {
  await control('chaos-mesh', 'stop');
  api?.dispose();
  await scene?.close();
});

const phase = async (name: string, wanted: string): Promise<Experiment> => {
  const find = (experiments: readonly Experiment[]): Experiment | undefined =>
    experiments.find((one) => one.ref.name === name && client.store.phaseOf(one) === wanted);
  return find(
    (await seen(client.store, ({ experiments }) => find(experiments) !== undefined)).experiments,
  ) as Experiment;
};
const methods = async (): Promise<string[]> =>
  ((await control('chaos-mesh', 'calls')) as Loose[]).map(({ method }) => method);

describe("Chaos Mesh's own controller", () => {
  it.each(ANOMALY_TYPES)('injects, pauses, resumes and recovers %s', async (type) => {
    const before = (await methods()).length;
    const plan = scene.plan(0, { type, parameters: defaultParameters(type) });
    const experiment = await client.injection.inject(plan, POLICY);
    expect(client.store.phaseOf(experiment)).toBe('running');
    expect(experiment.targets).toMatchObject([{ pod: scene.targets[0]?.pod, phase: 'Injected' }]);
    expect(experiment.object.metadata.finalizers).toEqual(['chaos-mesh/records']);
    const injected = (await methods()).slice(before);
    expect(injected).not.toEqual([]);
    await client.injection.pause(experiment.ref);
    const paused = await phase(experiment.ref.name, 'paused');
    expect((await methods()).length).toBeGreaterThan(before + injected.length);
    await client.injection.resume(paused, POLICY);
    await phase(experiment.ref.name, 'running');
    await client.injection.stop(experiment.ref);
    await seen(client.store, (snapshot) => isLive(snapshot) && snapshot.experiments.length === 0);
  });

  it('recovers when the time is over', async () => {
    const { ref } = await client.injection.inject(scene.plan(0, { durationMs: 5000 }), POLICY);
    await phase(ref.name, 'finished');
    expect((await methods()).at(-1)).toBe('CancelStressors');
  });

  it('tells its events', async () => {
    const { ref } = await client.injection.inject(scene.plan(), POLICY);
    const events = await client.connection.experiments.events(ref);
    expect(events.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['FinalizerInited', 'Applied']));
  });

  it('without a daemon on a node says so, and injects when it is there', async () => {
    const host = scene.targets[0]?.hostNode as string;
    await daemons(host);
    await scene.wait(1000); // the controller watches the addresses
    await expect(client.injection.inject(scene.plan(), POLICY)).rejects.toMatchObject({
      code: 'injectionFailed',
      message: expect.stringContaining(`cannot find daemonIP on node ${host}`),
    });
    const [failing] = client.store.snapshot.experiments as [Experiment];
    expect(client.store.phaseOf(failing)).toBe('failing');
    await daemons();
    await phase(failing.ref.name, 'running');
  });

  it('that is gone leaves a deletion stuck until it is back', async () => {
    const { ref } = await client.injection.inject(scene.plan(), POLICY);
    await control('chaos-mesh', 'stop');
    await expect(client.injection.stop(ref)).rejects.toMatchObject({ code: 'stuck' });
    await phase(ref.name, 'stuck');
    port = await control('chaos-mesh', 'start');
    await daemons();
    await seen(client.store, (snapshot) => isLive(snapshot) && snapshot.experiments.length === 0);
    expect(await methods()).toEqual(['CancelStressors']);
  });
});
