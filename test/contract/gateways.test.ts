import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, readContexts, type KubernetesConnection } from '../../src/adapters/kubernetes/index';
import { accessNeeds } from '../../src/core/cluster/access';
import { ANOMALIES, faultDefinition, defaultParameters, FAULTS, type FaultType } from '../../src/core/faults/catalogue';
import { ExperimentStore } from '../../src/core/experiments/store';
import { derivePhase } from '../../src/core/experiments/phase';
import { InjectionService } from '../../src/core/injection/injection';
import { toManifest } from '../../src/core/injection/manifest';
import type { InjectionPlan } from '../../src/core/injection/plan';
import type { ExperimentSnapshot } from '../../src/core/experiments/gateway';
import type { DatabasePod } from '../../src/core/cluster/databasePod';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';
import { DEMO_QUERY, silentLog } from '../support';
import { temporaryFolder } from '../temporary';

const policy = { context: 'distdiag-demo', protectedContexts: [], protectedNamespaces: ['kube-system'] };

const directory = temporaryFolder('gateways');
let cluster: DemoCluster;
let connection: KubernetesConnection;
let store: ExperimentStore;
let service: InjectionService;
let targets: DatabasePod[];

beforeAll(async () => {
  cluster = await startDemoCluster({ directory, speed: 10, seed: 5, historyMinutes: 2 });
  connection = await connect({
    kubeconfigPath: cluster.kubeconfigPath,
    trusted: false,
    log: silentLog,
    maxBackoffMs: 200,
  });
  store = new ExperimentStore({ gateway: connection.experiments, clock: cluster.clock });
  service = new InjectionService({ gateway: connection.experiments, store, clock: cluster.clock, log: silentLog });
  targets = await connection.targets.list(DEMO_QUERY);
});

afterAll(async () => {
  store?.dispose();
  connection?.dispose();
  await cluster?.stop();
});

function plan(type: FaultType, change: Partial<InjectionPlan> = {}): InjectionPlan {
  return {
    type,
    targets: [targets[0] as DatabasePod],
    ...(faultDefinition(type).needsPeers ? { peers: targets.slice(1) } : {}),
    parameters: defaultParameters(type),
    durationMs: 600_000,
    chaosNamespace: 'oceanbase',
    container: 'observer',
    createdBy: 'test',
    ...change,
  };
}

/** Resolves with the first snapshot of a watch that is as wanted. */
function seen(wanted: (snapshot: ExperimentSnapshot) => boolean): Promise<ExperimentSnapshot> {
  return new Promise((resolve) => {
    const subscription = store.subscribe((snapshot) => {
      if (!wanted(snapshot)) return;
      resolve(snapshot);
      queueMicrotask(() => subscription.dispose());
    });
  });
}

describe('a cluster reached by its kubeconfig', () => {
  it('names its context and server, and lists its contexts without connecting', () => {
    expect(connection.context).toBe('distdiag-demo');
    expect(connection.server).toBe(cluster.kubernetesUrl);
    expect(connection.namespace).toBe('oceanbase');
    expect(readContexts(cluster.kubeconfigPath).map(({ name }) => name)).toEqual(['distdiag-demo']);
  });

  it('reads the database pods with limits, mounts and zones', () => {
    expect(targets).toHaveLength(3);
    for (const target of targets) {
      expect(target).toMatchObject({ phase: 'Running', ready: true, hostNetwork: false, cluster: 'obcluster' });
      expect(target.database).toMatchObject({ name: 'observer', cpuLimit: 2, memoryLimit: 3 * 1024 ** 3 });
      expect(target.database?.mounts).toContain('/home/admin/data-file');
      expect(target.ip).toMatch(/^10\.244\./);
    }
  });

  it('says what the user may do', async () => {
    const needs = accessNeeds({ targetNamespace: 'oceanbase', chaosNamespace: 'chaos-mesh', prometheus: 'unknown' });
    expect(await connection.access.review(needs)).toEqual(needs.map(() => true));
    expect(await connection.access.user()).toMatch(/./);
  });

  it('finds Prometheus among the services', async () => {
    expect(await connection.listPrometheusServices()).toEqual([
      { namespace: 'monitoring', service: 'prometheus-operated', port: '9090', flavour: 'prometheus-operator' },
    ]);
  });

  it('answers an unknown namespace of targets with an empty list', async () => {
    expect(await connection.targets.list({ namespace: 'nowhere', labelSelector: 'a', container: 'b' })).toEqual([]);
  });
});

describe('an experiment', () => {
  it.each(ANOMALIES.map(({ type }) => type))('%s is injected, seen running, and gone after the stop', async (type) => {
    const experiment = await service.inject(plan(type), policy);
    expect(derivePhase(experiment, cluster.clock.now()).phase).toBe('running');
    expect(experiment).toMatchObject({ fault: type, ours: true });
    expect(experiment.targets.map(({ pod }) => pod)).toEqual([targets[0]?.pod]);
    const listed = await connection.experiments.list();
    expect(listed.health).toEqual({ state: 'live' });
    expect(listed.experiments.map(({ key }) => key)).toContain(experiment.key);
    expect(cluster.board.on(targets[0]?.pod as string)).toHaveLength(1);

    await service.stop(experiment.ref);
    expect(await connection.experiments.get(experiment.ref)).toBeUndefined();
    expect(cluster.board.all()).toHaveLength(0);
    const span = store.spans.find(({ key }) => key === experiment.key);
    expect(span).toMatchObject({ label: type, ours: true, nodes: [targets[0]?.pod] });
  });

  const others = FAULTS.filter(({ type }) => !ANOMALIES.some((one) => one.type === type));

  it.each(others.map(({ type }) => type))(
    '%s is injected, read by its type, and recovered by the stop',
    async (type) => {
      const { oneShot, needsPeers } = faultDefinition(type);
      const victim = targets[0]?.pod as string;
      const experiment = await service.inject(plan(type), policy);
      expect(derivePhase(experiment, cluster.clock.now()).phase).toBe(oneShot ? 'finished' : 'running');
      expect(experiment).toMatchObject({ fault: type, ours: true });
      const hit = new Set(experiment.targets.map(({ pod }) => pod));
      expect(hit).toEqual(new Set(needsPeers ? targets.map(({ pod }) => pod) : [victim]));
      expect(cluster.board.on(victim).length).toBeGreaterThan(0);

      await service.stop(experiment.ref);
      expect(await connection.experiments.get(experiment.ref)).toBeUndefined();
      await expect.poll(() => cluster.board.all().length, { timeout: 20_000 }).toBe(0);
      const pods = await connection.targets.list(DEMO_QUERY);
      expect(pods.map(({ pod }) => pod)).toEqual(targets.map(({ pod }) => pod));
      await expect
        .poll(async () => (await connection.targets.list(DEMO_QUERY)).every(({ ready }) => ready), { timeout: 20_000 })
        .toBe(true);
    },
  );

  it.each(FAULTS.flatMap(({ type, presets }) => presets.map(({ title, parameters }) => ({ type, title, parameters }))))(
    '$type: $title is taken by the server, and nothing is created by the dry run',
    async ({ type, parameters }) => {
      const manifest = toManifest(plan(type, { parameters: { ...defaultParameters(type), ...parameters } }));
      expect((await connection.experiments.dryRun(manifest)).spec).toMatchObject(manifest.spec);
      const ref = { kind: manifest.kind, namespace: 'oceanbase', name: manifest.metadata.name as string };
      expect(await connection.experiments.get(ref)).toBeUndefined();
    },
  );

  it('ends by itself and is recovered', async () => {
    const experiment = await service.inject(plan('network_partition', { durationMs: 20_000 }), policy);
    await seen(({ experiments }) =>
      experiments.some(
        (one) => one.key === experiment.key && derivePhase(one, cluster.clock.now()).phase === 'finished',
      ),
    );
    expect(cluster.board.all()).toEqual([]);
    await service.stop(experiment.ref);
  });

  it('is refused by the dry run with the name of the wrong field, and nothing is created', async () => {
    const manifest = toManifest(plan('cpu_stress'));
    const wrong = { ...manifest, spec: { ...manifest.spec, mode: 'every' } };
    await expect(connection.experiments.dryRun(wrong)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('spec.mode'),
    });
    const zero = { ...manifest, spec: { ...manifest.spec, duration: '3 minutes' } };
    await expect(connection.experiments.dryRun(zero)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('denied the request'),
    });
    expect(await service.refusalOf(toManifest(plan('cpu_stress')))).toBeUndefined();
    expect((await connection.experiments.list()).experiments).toEqual([]);
  });

  it('refused by us never reaches the server', async () => {
    await expect(service.inject(plan('cpu_stress', { chaosNamespace: 'kube-system' }), policy)).rejects.toMatchObject({
      code: 'invalid',
    });
    await expect(
      service.inject(
        plan('disk_stress', { parameters: { ...defaultParameters('disk_stress'), volumePath: '/data' } }),
        policy,
      ),
    ).rejects.toThrow(/not a mount/);
  });

  it('pauses and resumes', async () => {
    const { ref } = await service.inject(plan('network_delay'), policy);
    const phaseIs = (phase: string) => (snapshot: ExperimentSnapshot) =>
      snapshot.experiments.some((one) => one.ref.name === ref.name && store.phaseOf(one) === phase);
    await connection.experiments.setPaused(ref, true);
    await seen(phaseIs('paused'));
    await connection.experiments.setPaused(ref, false);
    await seen(phaseIs('running'));
    const events = await connection.experiments.events(ref);
    expect(events.map(({ reason }) => reason)).toContain('Applied');
    await service.stop(ref);
  });

  it('that ends by its own time is finished', async () => {
    const { ref } = await service.inject(plan('cpu_stress', { durationMs: 20_000 }), policy);
    await seen((snapshot) =>
      snapshot.experiments.some((one) => one.ref.name === ref.name && store.phaseOf(one) === 'finished'),
    );
    await service.stop(ref);
  });

  it("that cannot be injected fails with Chaos Mesh's own reason, and can be stopped", async () => {
    const host = targets[1]?.hostNode as string;
    cluster.controls.missingDaemons.add(host);
    const injection = service.inject(plan('cpu_stress', { targets: [targets[1] as DatabasePod] }), policy);
    await expect(injection).rejects.toMatchObject({ code: 'injectionFailed', message: expect.stringContaining(host) });
    const failing = store.snapshot.experiments.find((one) => one.targets.some(({ pod }) => pod === targets[1]?.pod));
    expect(failing && store.phaseOf(failing)).toBe('failing');
    const report = await service.stopAll([(failing as NonNullable<typeof failing>).ref]);
    expect(report.failed).toEqual([]);
    cluster.controls.missingDaemons.delete(host);
  });

  it('whose recovery is impossible is reported as stuck, with the reason, and ends when its finalizers are taken away', async () => {
    const { ref } = await service.inject(plan('cpu_stress'), policy);
    const host = targets[0]?.hostNode as string;
    cluster.controls.missingDaemons.add(host);
    const report = await service.stopAll([ref]);
    expect(report.stopped).toEqual([]);
    expect(report.failed[0]?.error).toMatchObject({ code: 'stuck', message: expect.stringContaining(host) });
    await connection.experiments.removeFinalizers(ref);
    await seen((snapshot) => snapshot.experiments.length === 0 && snapshot.health.state === 'live');
    cluster.controls.missingDaemons.delete(host);
  });

  it('waited for no longer goes on', async () => {
    const { ref } = await service.inject(plan('cpu_stress', { targets: [targets[2] as DatabasePod] }), policy);
    const controller = new AbortController();
    cluster.controls.delayMs = 5000;
    const stopping = service.stop(ref, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(stopping).rejects.toMatchObject({ code: 'cancelled' });
    cluster.controls.delayMs = 400;
    await seen((snapshot) => snapshot.experiments.length === 0 && snapshot.health.state === 'live');
  });

  it('of others is seen, and not taken for ours', async () => {
    const manifest = toManifest(plan('memory_stress'));
    const { labels: _labels, annotations: _annotations, ...metadata } = manifest.metadata;
    const created = await connection.experiments.create({ ...manifest, metadata });
    expect(created).toMatchObject({ ours: false, fault: 'memory_stress' });
    await seen((snapshot) => snapshot.experiments.some((one) => one.key === created.key && !one.ours));
    await service.stop(created.ref);
    await service.stop(created.ref); // gone already: no error
  });
});
