import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentSnapshot } from '../../../src/core/experiments/gateway';
import { KubeClient } from '../../../src/adapters/kubernetes/connection/client';
import { loadKubeconfig } from '../../../src/adapters/kubernetes/connection/kubeconfig';
import { refuse } from './faultyApi';
import { isLive, names, POLICY, resource, seen, startScene, STRESS, type Client, type Scene } from './scene';
import { until } from '../../until';

const API = '/apis/chaos-mesh.org/v1alpha1';
let scene: Scene;
let client: Client;

beforeEach(async () => {
  scene = await startScene({ controls: { delayMs: 100 } });
  client = await scene.open({ recheckMs: 100 });
});
afterEach(() => scene?.close());

const errorOf = ({ health }: ExperimentSnapshot): string | undefined =>
  'error' in health ? health.error.code : undefined;

/** Follows the store: what its health was, and until when. */
function follow(): {
  states: Set<string>;
  shows: (wanted: (snapshot: ExperimentSnapshot) => boolean) => Promise<ExperimentSnapshot>;
} {
  const states = new Set<string>();
  client.store.subscribe((snapshot) => states.add(errorOf(snapshot) ?? snapshot.health.state));
  return { states, shows: (wanted) => seen(client.store, wanted) };
}

describe('the list', () => {
  /** For every way to fail: how the server answers lists and watches, and what is said. */
  const faults: [string, (response: ServerResponse) => boolean, string][] = [
    ['500', (response) => refuse(response, 500, 'etcdserver: request timed out'), 'server'],
    ['503', (response) => refuse(response, 503, 'apiserver is shutting down'), 'server'],
    ['429', (response) => refuse(response, 429, 'too many requests', { 'retry-after': '0' }), 'rateLimited'],
    ['401', (response) => refuse(response, 401, 'Unauthorized'), 'unauthorized'],
    ['a stall', () => true, 'timeout'],
    [
      'a sign-in page',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>');
        return true;
      },
      'badAnswer',
    ],
    [
      'a reset in the middle of the body',
      (response) => {
        response.writeHead(200, { 'content-length': '5000' });
        response.write('{"kind":"StressChaosList","metadata":{"resourceVersion":"1"},"items":[{"metadata":');
        setTimeout(() => response.destroy(), 5);
        return true;
      },
      'unreachable',
    ],
  ];

  it.each(faults)(
    'says so when the server answers with %s, keeps what it knew, and recovers by itself',
    async (_, answer, code) => {
      const { injection } = client;
      // Short only where the time-out is what is tested: a busy machine answers late too.
      const timeoutMs = code === 'timeout' ? 300 : 10_000;
      client = await scene.open({ timeoutMs });
      const { states, shows } = follow();
      await injection.inject(scene.plan(), POLICY);
      await shows((snapshot) => isLive(snapshot) && snapshot.experiments.length === 1);
      scene.api.mischief = { arrived: ({ path }, response) => path.startsWith(API) && answer(response) };
      await scene.api.restart(); // what is open ends, and is opened again into the fault
      const broken = await shows((snapshot) => errorOf(snapshot) === code);
      expect(broken).toMatchObject({ health: { state: 'stale' }, experiments: [{ ours: true }] });
      // Where nothing can be had, a new window says so and why.
      const fresh = await scene.open({ timeoutMs });
      const failed = await seen(fresh.store, ({ health }) => health.state === 'failed');
      expect(errorOf(failed)).toBe(code);
      scene.api.mischief = {};
      await shows((snapshot) => isLive(snapshot) && snapshot.experiments.length === 1);
      await seen(fresh.store, (snapshot) => isLive(snapshot) && snapshot.experiments.length === 1);
      expect(states).toContain('live');
    },
  );

  it('of one kind that fails does not hide the others, and what they hold can be stopped', async () => {
    await client.injection.inject(scene.plan(), POLICY);
    scene.api.mischief = {
      arrived: ({ path }, response) => path === `${API}/iochaos` && refuse(response, 500, 'boom'),
    };
    const listed = await client.connection.experiments.list();
    expect(listed).toMatchObject({
      health: { state: 'stale', error: { code: 'server' } },
      experiments: [{ ours: true }],
    });
    const report = await client.injection.stopAll(listed.experiments.map(({ ref }) => ref));
    expect(report).toMatchObject({ stopped: [{}], failed: [] });
  });

  it('does not trust a watch that has gone silent', async () => {
    client = await scene.open({ silentMs: 200 });
    let deaf = true;
    // The first watches are taken and never heard of again, as behind a connection that died.
    scene.api.mischief = {
      arrived: ({ isWatch }, response) => {
        if (isWatch && deaf) response.writeHead(200).flushHeaders();
        return isWatch && deaf;
      },
    };
    const { shows } = follow();
    await shows(isLive);
    const created = await client.connection.experiments.create(scene.manifest());
    deaf = false;
    await shows((snapshot) => names(snapshot).includes(created.ref.name));
  });
});

describe('permissions', () => {
  it('missing for all namespaces and for one of ours: the other is shown, what is left out is named, and comes back', async () => {
    client = await scene.open({ namespaces: ['oceanbase', 'chaos-testing'], recheckMs: 50 });
    await client.connection.experiments.create(scene.manifest());
    let forbidden = (path: string): boolean =>
      path.startsWith(`${API}/`) && (!path.includes('/namespaces/') || path.includes('/namespaces/chaos-testing/'));
    scene.api.mischief = {
      arrived: ({ path }, response) => forbidden(path) && refuse(response, 403, `stresschaos is forbidden: ${path}`),
    };
    const { shows } = follow();
    const partly = await shows((snapshot) => isLive(snapshot) && snapshot.missingKinds.length > 0);
    expect(partly.experiments).toHaveLength(1);
    expect(partly.missingKinds[0]?.error).toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('chaos-testing'),
    });
    expect(partly.onlyIn).toEqual(['chaos-testing', 'oceanbase']);
    const listed = await client.connection.experiments.list();
    expect(listed.onlyIn).toEqual(partly.onlyIn);
    expect(listed.experiments).toHaveLength(1);
    expect(listed.missingKinds.some(({ error }) => error.message.includes('chaos-testing'))).toBe(true);
    forbidden = () => false;
    await shows(
      (snapshot) =>
        isLive(snapshot) &&
        snapshot.missingKinds.length === 0 &&
        snapshot.onlyIn === undefined &&
        snapshot.experiments.length === 1,
    );
    const { watches } = scene.api;
    const ofNamespaces = (): boolean => [...watches].some(([path, open]) => open > 0 && path.includes('/namespaces/'));
    await until('the watches of namespaces end', () => !ofNamespaces());
    await until('one watch of all', () => watches.get(STRESS) === 1);
  });

  it('for workflows and schedules that are granted later: those of all namespaces are there without a new connection', async () => {
    client = await scene.open({ namespaces: ['oceanbase'], recheckMs: 50 });
    const schedule = (namespace: string): unknown => ({
      apiVersion: 'chaos-mesh.org/v1alpha1',
      kind: 'Schedule',
      metadata: { name: `in-${namespace}`, namespace },
      spec: {
        schedule: '@daily',
        type: 'PodChaos',
        concurrencyPolicy: 'Forbid',
        podChaos: { action: 'pod-kill', mode: 'one', duration: '10s', selector: { labelSelectors: { none: 'such' } } },
      },
    });
    const kube = new KubeClient(loadKubeconfig({ kubeconfigPath: scene.cluster.kubeconfigPath, trusted: false }));
    for (const namespace of ['oceanbase', 'default'])
      await kube.json({
        method: 'POST',
        path: `${API}/namespaces/${namespace}/schedules`,
        body: schedule(namespace),
        what: 'create',
      });
    let forbidden = true;
    scene.api.mischief = {
      arrived: ({ path }, response) =>
        forbidden &&
        path.startsWith(`${API}/schedules`) &&
        refuse(response, 403, 'schedules is forbidden at the cluster scope'),
    };
    const seenNames: string[] = [];
    const watching = client.connection.orchestration.watch(({ schedules }) => {
      seenNames.splice(0, Infinity, ...schedules.map(({ metadata }) => String(metadata.name)).sort());
    });
    await expect.poll(() => seenNames).toEqual(['in-oceanbase']);
    forbidden = false;
    await expect.poll(() => seenNames).toEqual(['in-default', 'in-oceanbase']);
    watching.dispose();
    kube.dispose();
  });

  it('taken away over a running experiment of ours: it stays in the list, marked as old', async () => {
    client = await scene.open({ namespaces: ['oceanbase'] });
    const { shows } = follow();
    await client.injection.inject(scene.plan(), POLICY);
    await shows((snapshot) => isLive(snapshot) && snapshot.experiments.length === 1);
    scene.api.mischief = {
      arrived: ({ path }, response) => path.startsWith(`${API}/`) && refuse(response, 403, 'no more'),
    };
    await scene.api.restart();
    const stale = await shows((snapshot) => errorOf(snapshot) === 'forbidden');
    expect(stale).toMatchObject({ health: { state: 'stale' }, experiments: [{ ours: true }] });
  });
});

describe('Chaos Mesh', () => {
  const missing = (paths: (path: string) => boolean): void => {
    scene.api.mischief = {
      arrived: ({ path }, response) =>
        paths(path) && refuse(response, 404, 'the server could not find the requested resource'),
    };
  };

  it('that is not installed is said to be so, and found when it is', async () => {
    missing((path) => path.startsWith('/apis/chaos-mesh.org'));
    const { shows } = follow();
    expect(await shows(({ health }) => health.state === 'failed')).toMatchObject({
      health: { error: { code: 'notInstalled', message: expect.stringContaining('not installed') } },
    });
    missing(() => false);
    await client.connection.experiments.create(scene.manifest());
    await shows((snapshot) => isLive(snapshot) && snapshot.experiments.length === 1);
  });

  it('that is taken out while it is watched is said to be so, and its experiments are gone', async () => {
    const { shows } = follow();
    await client.connection.experiments.create(scene.manifest());
    await shows((snapshot) => snapshot.experiments.length === 1);
    missing((path) => path.startsWith('/apis/chaos-mesh.org'));
    await scene.api.restart();
    const failed = await shows((snapshot) => errorOf(snapshot) === 'notInstalled');
    expect(failed).toMatchObject({ health: { state: 'failed' }, experiments: [] });
    missing(() => false);
    await shows((snapshot) => isLive(snapshot) && snapshot.experiments.length === 1);
  });

  it('of another version is named', async () => {
    scene.api.mischief = {
      arrived: ({ path }, response) => {
        if (path === '/apis/chaos-mesh.org') {
          response.writeHead(200).end(JSON.stringify({ kind: 'APIGroup', versions: [{ version: 'v1beta1' }] }));
          return true;
        }
        return path.startsWith(API) && refuse(response, 404, 'the server could not find the requested resource');
      },
    };
    await expect(client.connection.experiments.list()).rejects.toMatchObject({
      code: 'notInstalled',
      message: expect.stringContaining('chaos-mesh.org/v1beta1, not v1alpha1'),
    });
  });

  it('without a kind shows the others, and takes up the kind when it is there', async () => {
    let served = ['NetworkChaos', 'IOChaos'];
    scene.api.mischief = {
      arrived: ({ path }, response) => {
        if (path !== API) return false;
        response.writeHead(200).end(JSON.stringify({ resources: served.map((kind) => ({ kind })) }));
        return true;
      },
    };
    await client.connection.experiments.create(scene.manifest());
    const { shows } = follow();
    const before = await shows(isLive);
    expect(before.experiments).toEqual([]);
    expect(before.missingKinds.find(({ kind }) => kind === 'StressChaos')).toMatchObject({
      error: { code: 'notInstalled' },
    });
    served = [...served, 'StressChaos'];
    const after = await shows((snapshot) => snapshot.experiments.length === 1);
    expect(after.missingKinds.some(({ kind }) => kind === 'StressChaos')).toBe(false);
  });

  it('without its controller: the wait ends with the reason, the experiment stays visible, and goes on when it is back', async () => {
    scene.cluster.controls.stopped = true;
    const { shows } = follow();
    await expect(client.injection.inject(scene.plan(), POLICY)).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('Check that its controller is running.'),
    });
    expect(client.store.snapshot.experiments).toMatchObject([{ ours: true }]);
    scene.cluster.controls.stopped = false;
    await shows(({ experiments }) => experiments.some((one) => client.store.phaseOf(one) === 'running'));
    scene.cluster.controls.stopped = true;
    const ref = client.store.snapshot.experiments[0]?.ref as { kind: string; namespace: string; name: string };
    await expect(client.injection.stop(ref)).rejects.toMatchObject({ code: 'stuck' });
    await shows(({ experiments }) => experiments.some((one) => client.store.phaseOf(one) === 'stuck'));
    scene.cluster.controls.stopped = false;
    await shows((snapshot) => isLive(snapshot) && snapshot.experiments.length === 0);
    expect(scene.cluster.board.all()).toEqual([]);
  }, 240_000);

  it('without a daemon on a node: the reason is shown, and the fault comes when the daemon does', async () => {
    const host = scene.targets[0]?.hostNode as string;
    scene.cluster.controls.missingDaemons.add(host);
    const { shows } = follow();
    await expect(client.injection.inject(scene.plan(), POLICY)).rejects.toMatchObject({
      code: 'injectionFailed',
      message: expect.stringContaining(host),
    });
    await shows(({ experiments }) => experiments.some((one) => client.store.phaseOf(one) === 'failing'));
    scene.cluster.controls.missingDaemons.delete(host);
    await shows(({ experiments }) => experiments.some((one) => client.store.phaseOf(one) === 'running'));
    await client.injection.stopAll(client.store.snapshot.experiments.map(({ ref }) => ref));
    expect(scene.cluster.board.all()).toEqual([]);
  });
});

describe('pods and namespaces', () => {
  it('a pod that is replaced under an experiment: the list says that the fault is gone, and the stop cleans up', async () => {
    client = await scene.open({ podsMs: 50 });
    const { shows } = follow();
    const { ref } = await client.injection.inject(scene.plan(), POLICY);
    await scene.wait(3000); // Kubernetes dates by the second
    scene.cluster.objects.delete(resource('Pod'), 'oceanbase', scene.targets[0]?.pod as string);
    const said = await shows(({ experiments }) => experiments.some((one) => client.store.phaseOf(one) === 'failing'));
    expect(said.experiments[0]?.targets).toMatchObject([{ lost: 'pod', phase: 'Injected' }]);
    await client.injection.stop(ref);
    await shows((snapshot) => isLive(snapshot) && snapshot.experiments.length === 0);
  });

  it('a daemon that ends under a stress: the list says that the fault is gone with it, and the stop cleans up', async () => {
    client = await scene.open({ podsMs: 50 });
    const { shows } = follow();
    const { ref } = await client.injection.inject(scene.plan(), POLICY);
    await scene.wait(3000); // Kubernetes dates by the second
    const daemon = `chaos-daemon-${scene.targets[0]?.hostNode}`;
    scene.cluster.objects.delete(resource('Pod'), 'chaos-mesh', daemon);
    const said = await shows(({ experiments }) => experiments.some((one) => client.store.phaseOf(one) === 'failing'));
    expect(said.experiments[0]?.targets).toMatchObject([{ lost: 'daemon', phase: 'Injected' }]);
    expect(scene.cluster.board.all()).toEqual([]);
    await client.injection.stop(ref);
    await shows((snapshot) => isLive(snapshot) && snapshot.experiments.length === 0);
  });

  it('a namespace that is being deleted: a creation says so, what is in it is seen to go', async () => {
    const admin = new KubeClient(loadKubeconfig({ kubeconfigPath: scene.cluster.kubeconfigPath, trusted: false }));
    const at = '/api/v1/namespaces/doomed';
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'doomed' } };
    await admin.json({ method: 'POST', path: '/api/v1/namespaces', body, what: 'make a namespace' });
    const { shows } = follow();
    await client.injection.inject(scene.plan(0, { chaosNamespace: 'doomed' }), POLICY);
    // Its finalizer holds the experiment, and that holds the namespace.
    scene.cluster.controls.stopped = true;
    await admin.json({ method: 'DELETE', path: at, what: 'delete a namespace' });
    await expect(client.injection.inject(scene.plan(1, { chaosNamespace: 'doomed' }), POLICY)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('being terminated'),
      hint: expect.stringContaining('another namespace'),
    });
    await shows(({ experiments }) => experiments.some((one) => client.store.phaseOf(one) === 'deleting'));
    scene.cluster.controls.stopped = false;
    await shows((snapshot) => isLive(snapshot) && snapshot.experiments.length === 0);
    expect(scene.cluster.board.all()).toEqual([]);
    const isThere = (): Promise<boolean> =>
      admin.json({ path: at, what: 'look for a namespace' }).then(
        () => true,
        () => false,
      );
    await until('the namespace is gone', async () => !(await isThere()));
    admin.dispose();
  });

  it('a conflict: an experiment of that name is refused, a change at the same moment is tried again', async () => {
    const manifest = scene.manifest();
    await client.connection.experiments.create(manifest);
    await expect(client.injection.injectManifest(manifest, POLICY)).rejects.toMatchObject({ code: 'conflict' });
    let conflicts = 2;
    scene.api.mischief = {
      arrived: ({ method }, response) =>
        method === 'DELETE' && conflicts-- > 0 && refuse(response, 409, 'the object has been modified'),
    };
    const { experiments } = await client.connection.experiments.list();
    const report = await client.injection.stopAll(experiments.map(({ ref }) => ref));
    expect(report).toMatchObject({ stopped: [{}], failed: [] });
    expect(conflicts).toBeLessThan(1);
  });
});
