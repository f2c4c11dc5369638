import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { KubeClient } from '../../../src/adapters/kubernetes/connection/client';
import { loadKubeconfig } from '../../../src/adapters/kubernetes/connection/kubeconfig';
import { listAll } from '../../../src/adapters/kubernetes/watch/lists';
import { readPodLives } from '../../../src/adapters/kubernetes/experiments/podLives';
import { toExperiment } from '../../../src/core/experiments/parse';
import { chaosObject } from '../experiments/experiments';
import { API, discovery, kubernetesScene, list, status, TOKEN } from './kubernetesScene';
import { json } from './server';

const scene = kubernetesScene();
const manifest = chaosObject({ noStatus: true });

describe('an answer of the API server', () => {
  it.each<[number, string, unknown, Record<string, unknown>]>([
    [401, 'no', undefined, { code: 'unauthorized' }],
    [
      403,
      'stresschaos is forbidden: user x',
      undefined,
      { code: 'forbidden', message: expect.stringContaining('user x') },
    ],
    [409, 'already exists', undefined, { code: 'conflict' }],
    [429, 'slow', undefined, { code: 'rateLimited' }],
    [500, 'boom', undefined, { code: 'server' }],
    [504, 'late', undefined, { code: 'timeout' }],
    [
      422,
      'bad',
      { causes: [{ field: 'spec.mode', message: 'x' }] },
      { code: 'invalid', hint: expect.stringContaining('spec.mode') },
    ],
    [
      403,
      'admission webhook "vauth.kb.io" denied the request: duration is bad',
      undefined,
      { code: 'invalid', message: expect.stringContaining('denied the request: duration is bad') },
    ],
  ])('%d "%s" is told apart, in the server\'s own words', async (code, message, details, expected) => {
    scene.server.handler = (_request, response) => status(response, code, message, details);
    await expect(scene.connection.experiments.dryRun(manifest)).rejects.toMatchObject(expected);
  });

  it('that is a web page, cut off, or of another shape is said to be so', async () => {
    scene.server.handler = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>');
    await expect(scene.connection.experiments.list()).rejects.toMatchObject({ code: 'badAnswer' });
    scene.server.handler = (_request, response) => json(response, { items: 'none' });
    await expect(
      scene.connection.targets.list({ namespace: 'db', labelSelector: '', container: 'x' }),
    ).rejects.toMatchObject({ code: 'badAnswer' });
    scene.server.handler = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"half":');
      response.destroy();
    };
    await expect(scene.connection.experiments.list()).rejects.toMatchObject({
      code: expect.stringMatching(/unreachable|badAnswer/),
    });
  });

  it('that never comes is a timeout, and an abort is a cancellation', async () => {
    scene.server.handler = () => undefined;
    const client = new KubeClient(loadKubeconfig({ kubeconfigPath: scene.file, trusted: false }));
    await expect(client.json({ path: '/version', what: 'test', timeoutMs: 30 })).rejects.toMatchObject({
      code: 'timeout',
    });
    const controller = new AbortController();
    const cancelled = client.json({ path: '/version', what: 'test', signal: controller.signal });
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('that cannot be had says which server, and no secret is in any error', async () => {
    await scene.server.stop();
    const error: unknown = await scene.connection.experiments.list().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(scene.url),
      hint: expect.anything(),
    });
    expect(inspect(error, { depth: 20 })).not.toContain(TOKEN);
  });

  it('to a create without the kind or the namespace says which one is missing', async () => {
    scene.server.handler = (_request, response) => status(response, 404, 'namespaces "oceanbase" not found');
    await expect(scene.connection.experiments.create(manifest)).rejects.toMatchObject({
      code: 'notFound',
      message: expect.stringContaining('oceanbase'),
    });
    scene.server.handler = (_request, response) =>
      status(response, 404, 'the server could not find the requested resource');
    await expect(scene.connection.experiments.create(manifest)).rejects.toMatchObject({ code: 'notInstalled' });
  });
});

describe('a list', () => {
  it('comes page by page', async () => {
    scene.server.handler = (_request, response, { searchParams }) => {
      const page = searchParams.get('continue') ?? 'a';
      json(response, {
        metadata: { resourceVersion: '1', ...(page === 'a' ? { continue: 'b' } : {}) },
        items: [{ metadata: { name: page, namespace: 'db' } }],
      });
    };
    const pods = await scene.connection.targets.list({ namespace: 'db', labelSelector: 'x=y', container: 'c' });
    expect(pods.map(({ pod }) => pod)).toEqual(['a', 'b']);
    expect(pods[0]).toMatchObject({ phase: 'Unknown', ready: false, containers: [], database: undefined });
    expect(scene.server.requests[1]).toContain('continue=b');
  });

  it('that repeats its page ends', async () => {
    scene.server.handler = (_request, response) => json(response, { metadata: { continue: 'same' }, items: [] });
    await expect(
      scene.connection.targets.list({ namespace: 'db', labelSelector: '', container: 'c' }),
    ).rejects.toMatchObject({ code: 'badAnswer' });
  });

  const pods = (): Promise<unknown> =>
    scene.connection.targets.list({ namespace: 'db', labelSelector: '', container: 'c' });

  it('that takes its pages in turn ends', async () => {
    scene.server.handler = (_request, response, { searchParams }) =>
      json(response, { metadata: { continue: searchParams.get('continue') === 'a' ? 'b' : 'a' }, items: [] });
    await expect(pods()).rejects.toMatchObject({ code: 'badAnswer', message: expect.stringContaining('same page') });
    expect(scene.server.requests).toHaveLength(3);
  });

  it('whose pages are always new ends, by their number, by what they hold, and by the time', async () => {
    let page = 0;
    let items: unknown[] = [];
    scene.server.handler = (_request, response) =>
      json(response, { metadata: { continue: String((page += 1)) }, items });
    await expect(pods()).rejects.toMatchObject({ code: 'badAnswer', message: expect.stringContaining('not end') });
    expect(page).toBeLessThanOrEqual(201);
    page = 0;
    items = Array.from({ length: 60_000 }, () => ({}));
    await expect(pods()).rejects.toMatchObject({ code: 'badAnswer', message: expect.stringContaining('not end') });
    expect(page).toBe(2);
    page = 0;
    items = [{ filler: 'x'.repeat(33 * 1024 * 1024) }];
    await expect(pods()).rejects.toMatchObject({ code: 'badAnswer', message: expect.stringContaining('not end') });
    expect(page).toBe(4);
    items = [];
    const client = new KubeClient(loadKubeconfig({ kubeconfigPath: scene.file, trusted: false }));
    const slow = listAll(client, '/api/v1/pods', 'list pods', { longestMs: 0 });
    await expect(slow).rejects.toMatchObject({ code: 'timeout' });
  });

  it('names the kinds that are missing or forbidden, and shows the rest', async () => {
    scene.server.handler = (_request, response, { pathname }) => {
      if (pathname === API) return discovery(response, 'StressChaos', 'IOChaos', 'PodNetworkChaos');
      if (pathname.endsWith('/iochaos')) return status(response, 403, 'iochaos is forbidden');
      return list(response, [manifest]);
    };
    const snapshot = await scene.connection.experiments.list();
    expect(snapshot.experiments.map(({ ref }) => ref.kind)).toEqual(['StressChaos']);
    expect(snapshot.health).toEqual({ state: 'live' });
    const reasons = Object.fromEntries(snapshot.missingKinds.map(({ kind, error }) => [kind, error.code]));
    expect(reasons).toMatchObject({ IOChaos: 'forbidden', NetworkChaos: 'notInstalled' });
    expect(reasons['StressChaos']).toBeUndefined();
  });
});

describe('a deletion', () => {
  it('of what is gone, or replaced by another of its name, is done', async () => {
    scene.server.handler = (_request, response) => status(response, 404, 'not found');
    await scene.connection.experiments.delete({ kind: 'StressChaos', namespace: 'db', name: 'x' });
    scene.server.handler = ({ method }, response) =>
      method === 'GET'
        ? json(response, chaosObject({ name: 'x' }))
        : status(response, 409, 'the UID in the precondition does not match');
    await scene.connection.experiments.delete({ kind: 'StressChaos', namespace: 'db', name: 'x', uid: 'old' });
    // The very object is still there: it was changed at the same moment, and is not gone.
    await expect(
      scene.connection.experiments.delete({ kind: 'StressChaos', namespace: 'db', name: 'x', uid: 'uid-x' }),
    ).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      scene.connection.experiments.delete({ kind: 'StressChaos', namespace: 'db', name: 'x' }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('asks for this very object', async () => {
    let body = '';
    scene.server.handler = (request, response) => {
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => json(response, { kind: 'Status', status: 'Success' }));
    };
    await scene.connection.experiments.delete({ kind: 'StressChaos', namespace: 'db', name: 'a?b', uid: 'u1' });
    expect(JSON.parse(body)).toMatchObject({ preconditions: { uid: 'u1' } });
    expect(scene.server.requests).toEqual([`DELETE ${API}/namespaces/db/stresschaos/a%3Fb`]);
  });
});

describe('a name that leads elsewhere', () => {
  const one = { kind: 'StressChaos', namespace: 'db', name: 'x' };
  // Servers decode a name before they divide a path: for Kubernetes `%2F` at its end is the whole collection.
  it.each(['', '.', '..', '/', '//', 'x/..', 'x/status', '\\', '%2F', '%2e%2e'])(
    '%j is sent to no server',
    async (name) => {
      const { experiments, targets, pods, serviceProxy } = scene.connection;
      const asked: (() => unknown)[] = [
        () => experiments.delete({ ...one, name }),
        () => experiments.delete({ ...one, namespace: name }),
        () => experiments.setPaused({ ...one, name }, true),
        () => experiments.removeFinalizers({ ...one, name }),
        () => experiments.get({ ...one, namespace: name }),
        () => experiments.events({ ...one, namespace: name }),
        () => targets.list({ namespace: name, labelSelector: '', container: 'c' }),
        () => pods.list(name),
        () => serviceProxy({ namespace: name, service: 's', port: '1', flavour: 'prometheus' }),
      ];
      for (const ask of asked) await expect((async () => ask())()).rejects.toMatchObject({ code: 'invalid' });
      expect(scene.server.requests).toEqual([]);
    },
  );

  it.each([
    '/../../../secrets',
    '/a/%2E%2e/b',
    '/a/./b',
    '/a//b',
    '/a?b',
    '/a#b',
    '/a\\..\\b',
    'a',
    '/a/.\t./b',
    '/a\n/b',
    '/a%2F..%2fb',
    '/a%5C..%5cb',
  ])('nor is the path %j', async (path) => {
    const service = { namespace: 'n', service: 's', port: '1', path, flavour: 'prometheus' } as const;
    if (path !== 'a') expect(() => scene.connection.serviceProxy(service)).toThrow(`The path ${path} is not allowed.`);
    const client = new KubeClient(loadKubeconfig({ kubeconfigPath: scene.file, trusted: false }));
    await expect(client.json({ path, what: 'test' })).rejects.toMatchObject({ code: 'invalid' });
    expect(scene.server.requests).toEqual([]);
  });

  it('in what the cluster says of a target does not keep the others from being read', async () => {
    const records = [
      { pod: '..', appliedAfterMs: 1 },
      { pod: 'a', appliedAfterMs: 1 },
    ];
    scene.server.handler = (_request, response) => json(response, { metadata: {}, status: {} });
    const experiment = toExperiment({ ...chaosObject({ records }), kind: 'StressChaos' });
    const client = new KubeClient(loadKubeconfig({ kubeconfigPath: scene.file, trusted: false }));
    const lives = await readPodLives(client, [experiment], new AbortController().signal);
    expect([...lives.keys()].map((id) => id.split('/').at(-1))).toEqual(['a']);
  });

  it('tells when the daemon of a node began that a fault needs, and is not asked for others', async () => {
    const records = [{ pod: 'a', container: 'observer', appliedAfterMs: 1 }];
    const running = (name: string, startedAt: string): object => ({
      status: { containerStatuses: [{ name, state: { running: { startedAt } } }] },
    });
    const asked: string[] = [];
    scene.server.handler = (request, response) => {
      asked.push(request.url ?? '');
      const began = '2026-01-02T03:04:05Z';
      if (request.url?.startsWith('/api/v1/pods?')) list(response, [running('chaos-daemon', began)]);
      else json(response, { metadata: {}, spec: { nodeName: 'worker-1' }, ...running('observer', began) });
    };
    const client = new KubeClient(loadKubeconfig({ kubeconfigPath: scene.file, trusted: false }));
    const look = (kind: string): ReturnType<typeof readPodLives> =>
      readPodLives(client, [toExperiment({ ...chaosObject({ records }), kind })], new AbortController().signal);
    const [stressed] = (await look('StressChaos')).values();
    expect(stressed?.daemon).toBe(Date.parse('2026-01-02T03:04:05Z'));
    expect(decodeURIComponent(asked.at(-1) as string)).toMatch(
      /labelSelector=app\.kubernetes\.io\/component=chaos-daemon.*fieldSelector=spec\.nodeName=worker-1/,
    );
    asked.length = 0;
    const [delayed] = (await look('NetworkChaos')).values();
    expect(delayed?.daemon).toBeUndefined();
    expect(asked).toHaveLength(1);
  });
});

it('a server that is not reached is an outage for what reads, and for nothing that may have been done', async () => {
  scene.server.handler = (_, response) => void response.destroy();
  const { experiments, server } = scene.connection;
  const ref = { kind: 'StressChaos', namespace: 'oceanbase', name: 'one' };
  await expect(experiments.get(ref)).rejects.toMatchObject({ code: 'unreachable', unreached: server });
  await expect(experiments.dryRun(manifest)).rejects.toMatchObject({ unreached: server });
  for (const write of [experiments.create(manifest), experiments.delete(ref), experiments.setPaused(ref, true)])
    await expect(write).rejects.toMatchObject({ code: 'unreachable', unreached: undefined });
});
