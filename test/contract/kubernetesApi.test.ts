import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';

// What a server says is read freely here: a wrong shape fails the test by itself.
type Loose = any; // eslint-disable-line @typescript-eslint/no-explicit-any

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Loose;
}
type Json = Record<string, unknown>;

const CHAOS = '/apis/chaos-mesh.org/v1alpha1/namespaces/oceanbase/stresschaos';
const MERGE = { 'content-type': 'application/merge-patch+json' };

let directory: string;
let cluster: DemoCluster;
let access: { ca: string; authorization: string };
const open = new Set<() => void>();

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'distdiag-contract-'));
  cluster = await startDemoCluster({ directory, historyMinutes: 2, speed: 10, bookmarkMs: 200 });
  const kubeconfig = JSON.parse(readFileSync(cluster.kubeconfigPath, 'utf8')) as {
    clusters: { cluster: { 'certificate-authority-data': string } }[];
    users: { user: { token: string } }[];
  };
  const ca = Buffer.from(kubeconfig.clusters[0]!.cluster['certificate-authority-data'], 'base64').toString();
  access = { ca, authorization: `Bearer ${kubeconfig.users[0]!.user.token}` };
});
afterAll(async () => {
  await cluster.stop();
  rmSync(directory, { recursive: true, force: true });
});
afterEach(async () => {
  for (const stop of open) stop();
  open.clear();
  cluster.controls.missingDaemons.clear();
  const { body } = await call('GET', CHAOS);
  for (const { metadata } of body.items as { metadata: { name: string } }[]) {
    await call('DELETE', `${CHAOS}/${metadata.name}`);
    await gone(metadata.name);
  }
});

function call(method: string, at: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { ca, authorization } = access;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const type =
      text === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
    const all = { authorization, ...type, ...headers };
    const request = httpsRequest(`${cluster.kubernetesUrl}${at}`, { method, ca, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const answer = Buffer.concat(chunks).toString();
        const json = (response.headers['content-type'] ?? '').includes('json');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: json ? JSON.parse(answer) : answer,
        });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(text);
  });
}

/** Opens a watch; `next` resolves with the next event that fits, in order of arrival. */
function watch(at: string): {
  next(fits: (event: Json & { object: Loose }) => boolean): Promise<Loose>;
  ended: Promise<void>;
} {
  const queue: Loose[] = [];
  let wake = (): void => undefined;
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const { ca, authorization } = access;
  const request = httpsRequest(`${cluster.kubernetesUrl}${at}`, { ca, headers: { authorization } }, (response) => {
    let rest = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() as string;
      queue.push(...lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown));
      wake();
    });
    response.on('close', end).on('error', end);
  });
  request.on('error', () => end());
  request.end();
  open.add(() => request.destroy());
  return {
    ended,
    async next(fits) {
      for (;;) {
        while (queue.length > 0) {
          const event = queue.shift() as Json & { object: Loose };
          if (fits(event)) return event;
        }
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

const named =
  (name: string, type?: string) =>
  (event: Json & { object: Loose }): boolean =>
    event.object.metadata?.name === name && (type === undefined || event['type'] === type);
const gone = (name: string): Promise<unknown> =>
  call('GET', `${CHAOS}/${name}`).then(({ status, body }) =>
    status === 404
      ? undefined
      : watch(`${CHAOS}?watch=true&resourceVersion=${body.metadata.resourceVersion}`).next(named(name, 'DELETED')),
  );

const stress = (name: string, spec: Json = {}, metadata: Json = {}): Json => ({
  apiVersion: 'chaos-mesh.org/v1alpha1',
  kind: 'StressChaos',
  metadata: { name, ...metadata },
  spec: {
    mode: 'one',
    selector: { labelSelectors: { 'ref-obcluster': 'obcluster' } },
    stressors: { cpu: { workers: 1, load: 100 } },
    ...spec,
  },
});
const phasesOf = (object: Loose): string[] =>
  (object.status?.experiment?.containerRecords ?? []).map((record: { phase: string }) => record.phase);

describe('access', () => {
  it('keeps the kubeconfig to its owner, with its context and namespace', () => {
    expect(statSync(cluster.kubeconfigPath).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(cluster.kubeconfigPath, 'utf8'))).toMatchObject({
      'current-context': 'distdiag-demo',
      contexts: [{ context: { namespace: 'oceanbase' } }],
    });
  });

  it('wants the token and a known authority', async () => {
    const { status, body } = await call('GET', '/api/v1/pods', undefined, { authorization: 'Bearer wrong' });
    expect(status).toBe(401);
    expect(body).toMatchObject({ kind: 'Status', reason: 'Unauthorized', code: 401 });
    expect((await call('GET', '/healthz')).body).toBe('ok');
    await expect(fetch(`${cluster.kubernetesUrl}/healthz`)).rejects.toThrow();
  });

  it('answers what the user may do', async () => {
    const spec = {
      resourceAttributes: { verb: 'create', group: 'chaos-mesh.org', resource: 'stresschaos', namespace: 'oceanbase' },
    };
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
    const { status, body } = await call('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review);
    expect(status).toBe(201);
    expect(body.status.allowed).toBe(true);
  });
});

describe('the world', () => {
  it('has the pods that ob-operator makes', async () => {
    const { body } = await call('GET', '/api/v1/namespaces/oceanbase/pods?labelSelector=ref-obcluster');
    expect(body.kind).toBe('PodList');
    expect(body.items).toHaveLength(3);
    const pod = body.items[0];
    const { name, ip } = cluster.topology.pods[0]!;
    expect(pod.metadata).toMatchObject({ name, labels: { 'ref-obcluster': 'obcluster', 'ref-observer': name } });
    expect(pod.status).toMatchObject({ phase: 'Running', podIP: ip });
    expect(pod.spec.containers.map((container: { name: string }) => container.name)).toEqual(['observer', 'obagent']);
    expect(pod.spec.containers[0].volumeMounts.map((mount: { mountPath: string }) => mount.mountPath)).toContain(
      '/home/admin/data-file',
    );
  });

  it('tells its groups, kinds and fields', async () => {
    expect((await call('GET', '/version')).body.major).toBe('1');
    const { body } = await call('GET', '/apis/chaos-mesh.org/v1alpha1');
    expect(body.resources.map((one: { kind: string }) => one.kind)).toEqual(
      expect.arrayContaining(['StressChaos', 'NetworkChaos', 'IOChaos', 'Schedule', 'Workflow']),
    );
    expect(
      (await call('GET', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/stresschaos.chaos-mesh.org')).body
        .spec.names.kind,
    ).toBe('StressChaos');
    const { body: index } = await call('GET', '/openapi/v3');
    // An API server says that this JSON is plain text.
    const { paths } = typeof index === 'string' ? JSON.parse(index) : index;
    expect(paths).toHaveProperty('apis/chaos-mesh.org/v1alpha1');
    expect((await call('GET', '/apis/chaos-mesh.org/v1alpha1/namespaces/oceanbase/nochaos')).status).toBe(404);
  });

  it('forwards to Prometheus through the service proxy, without the token', async () => {
    for (const service of [
      'http:prometheus-operated:9090',
      'prometheus-operated:9090',
      'prometheus-operated:web',
      'http:prometheus-operated:web',
    ]) {
      const { status, body } = await call(
        'GET',
        `/api/v1/namespaces/monitoring/services/${service}/proxy/api/v1/query?query=vector(1)`,
      );
      expect([service, status, body.status]).toEqual([service, 200, 'success']);
    }
    for (const [service, status, message] of [
      ['nobody:9090', 404, 'services "nobody" not found'],
      ['nobody', 503, 'no endpoints available for service "nobody"'],
      ['prometheus-operated', 503, 'no endpoints available for service "prometheus-operated"'],
      ['prometheus-operated:metrics', 503, 'no endpoints available for service "prometheus-operated"'],
      ['prometheus-operated:8080', 503, 'no service port 8080 found for service "prometheus-operated"'],
      ['ftp:prometheus-operated:web', 400, 'invalid service request "ftp:prometheus-operated:web"'],
    ] as const) {
      const { body } = await call('GET', `/api/v1/namespaces/monitoring/services/${service}/proxy/`);
      expect(body).toMatchObject({ kind: 'Status', code: status, message });
    }
    expect((await call('GET', '/api/v1/namespaces/monitoring/pods/nobody:9090/proxy/')).body).toMatchObject({
      code: 404,
      message: 'pods "nobody" not found',
    });
  });
});

describe('create', () => {
  it('completes the object, and injects it', async () => {
    const { status, body } = await call('POST', CHAOS, stress('made'));
    expect(status).toBe(201);
    expect(body.metadata).toMatchObject({ name: 'made', namespace: 'oceanbase', generation: 1 });
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    const events = watch(`${CHAOS}?watch=true&resourceVersion=${body.metadata.resourceVersion}`);
    const injected = await events.next(({ object }) => phasesOf(object).join() === 'Injected');
    expect(injected.object.metadata.finalizers).toEqual(['chaos-mesh/records']);
    expect(cluster.board.all().map(({ fault }) => fault)).toEqual([{ type: 'cpu', workers: 1, load: 100 }]);
    const reasons = await call(
      'GET',
      `/api/v1/namespaces/oceanbase/events?fieldSelector=involvedObject.uid=${body.metadata.uid}`,
    );
    expect(reasons.body.items.map((event: Json) => event['reason'])).toEqual(
      expect.arrayContaining(['FinalizerInited', 'Started', 'Applied']),
    );
  });

  it('makes names up, and keeps nothing of a dry run', async () => {
    const { status, body } = await call('POST', `${CHAOS}?dryRun=All`, {
      ...stress('x'),
      metadata: { generateName: 'cpu-' },
    });
    expect(status).toBe(201);
    expect(body.metadata.name).toMatch(/^cpu-[a-z0-9]{5}$/);
    expect((await call('GET', `${CHAOS}/${body.metadata.name}`)).status).toBe(404);
    const { body: refused } = await call('POST', `${CHAOS}?dryRun=All`, stress('x', { mode: 'some' }));
    expect(refused.code).toBe(422);
  });

  it('refuses a wrong object with the name of its field', async () => {
    const { status, body } = await call('POST', CHAOS, stress('bad', { stressors: { cpu: { workers: 9000 } } }));
    expect(status).toBe(422);
    expect(body).toMatchObject({ kind: 'Status', status: 'Failure', reason: 'Invalid' });
    expect(body.details.causes).toEqual([
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: 9000: spec.stressors.cpu.workers in body should be less than or equal to 8192',
        field: 'spec.stressors.cpu.workers',
      },
    ]);
    expect(body.message).toContain('spec.stressors.cpu.workers');
  });

  it('refuses, warns of or ignores an unknown field, as it is asked to', async () => {
    const odd = stress('odd', { colour: 'red' });
    const strict = await call('POST', `${CHAOS}?fieldValidation=Strict&dryRun=All`, odd);
    expect([strict.status, strict.body.reason]).toEqual([400, 'BadRequest']);
    expect(strict.body.message).toContain('unknown field "spec.colour"');
    const warned = await call('POST', `${CHAOS}?fieldValidation=Warn&dryRun=All`, odd);
    expect(warned.status).toBe(201);
    expect(warned.headers['warning']).toBe('299 - "unknown field \\"spec.colour\\""');
    expect(warned.body.spec).not.toHaveProperty('colour');
    expect((await call('POST', `${CHAOS}?fieldValidation=Ignore&dryRun=All`, odd)).headers['warning']).toBeUndefined();
  });

  it('passes on what the webhook says', async () => {
    const { status, body } = await call('POST', CHAOS, stress('bad', { duration: '3 days' }));
    expect([status, body.reason]).toEqual([403, 'Forbidden']);
    expect(body.message).toBe(
      'admission webhook "vstresschaos.kb.io" denied the request: Spec.Duration: Invalid value: "3 days": parse duration field error: time: unknown unit " days" in duration "3 days"',
    );
  });

  it('fills in what is missing, as the mutating webhook does', async () => {
    const given = stress('filled', { stressors: { memory: { size: '256MB' } }, selector: {} });
    const { status, body } = await call('POST', `${CHAOS}?dryRun=All`, given);
    expect(status).toBe(201);
    expect(body.spec).toEqual({
      mode: 'one',
      selector: { namespaces: ['oceanbase'] },
      stressors: { memory: { workers: 0, size: '256MB', oomScoreAdj: 0 } },
    });
    expect(body.status).toEqual({ experiment: {} });
    const network = {
      apiVersion: 'chaos-mesh.org/v1alpha1',
      kind: 'NetworkChaos',
      metadata: { name: 'filled' },
      spec: { mode: 'one', selector: { namespaces: ['a'] }, action: 'delay', delay: { latency: '10ms' } },
    };
    const at = CHAOS.replace('stresschaos', 'networkchaos');
    expect((await call('POST', `${at}?dryRun=All`, network)).body.spec).toMatchObject({
      selector: { namespaces: ['a'] },
      direction: 'to',
      delay: { latency: '10ms', jitter: '0ms', correlation: '0' },
    });
  });

  it("refuses a second of the same name, another namespace than the path's, and one that is not there", async () => {
    await call('POST', CHAOS, stress('twice'));
    expect((await call('POST', CHAOS, stress('twice'))).body).toMatchObject({ code: 409, reason: 'AlreadyExists' });
    expect((await call('POST', CHAOS, stress('x', {}, { namespace: 'default' }))).status).toBe(400);
    expect((await call('POST', CHAOS.replace('oceanbase', 'nowhere'), stress('x'))).body).toMatchObject({
      code: 404,
      message: 'namespaces "nowhere" not found',
    });
    // The mutating webhook makes another kind one of the path's.
    const other = await call('POST', `${CHAOS}?dryRun=All`, { ...stress('x'), kind: 'IOChaos' });
    expect([other.status, other.body.kind]).toEqual([201, 'StressChaos']);
  });
});

describe('list', () => {
  const fill = async (): Promise<void> => {
    for (const name of ['c', 'a', 'd', 'b'])
      await call('POST', CHAOS, stress(name, { selector: { pods: {}, namespaces: ['default'] } }));
  };

  it('comes in pages, in order', async () => {
    await fill();
    const first = (await call('GET', `${CHAOS}?limit=3`)).body;
    expect(first.items.map((one: Loose) => one.metadata.name)).toEqual(['a', 'b', 'c']);
    expect(first.metadata.remainingItemCount).toBe(1);
    const second = (await call('GET', `${CHAOS}?limit=3&continue=${first.metadata.continue}`)).body;
    expect(second.items.map((one: Loose) => one.metadata.name)).toEqual(['d']);
    expect(second.metadata.continue).toBe('');
  });

  it('has no more pages after a compaction', async () => {
    await fill();
    const first = (await call('GET', `${CHAOS}?limit=3`)).body;
    cluster.objects.compact();
    await call('POST', CHAOS, stress('e'));
    cluster.objects.compact();
    const { status, body } = await call('GET', `${CHAOS}?limit=3&continue=${first.metadata.continue}`);
    expect([status, body.reason]).toEqual([410, 'Expired']);
  });

  it('selects by labels and fields', async () => {
    await call('POST', CHAOS, stress('ours', {}, { labels: { 'app.kubernetes.io/managed-by': 'distdiag' } }));
    await call('POST', CHAOS, stress('theirs'));
    const names = async (query: string): Promise<string[]> =>
      (await call('GET', `${CHAOS}?${query}`)).body.items.map((one: Loose) => one.metadata.name);
    expect(await names('labelSelector=app.kubernetes.io%2Fmanaged-by%3Ddistdiag')).toEqual(['ours']);
    expect(await names('labelSelector=!app.kubernetes.io/managed-by')).toEqual(['theirs']);
    expect(await names('fieldSelector=metadata.name%3Dtheirs')).toEqual(['theirs']);
    expect((await call('GET', `${CHAOS}?fieldSelector=spec.mode%3Done`)).body).toMatchObject({
      code: 400,
      message: 'field label not supported: spec.mode',
    });
  });

  it('has a table form', async () => {
    const { body } = await call('GET', '/api/v1/namespaces/oceanbase/pods', undefined, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    const of = (priority: number): string[] =>
      (body.columnDefinitions as { name: string; priority: number }[])
        .filter((column) => column.priority === priority)
        .map(({ name }) => name);
    expect(of(0)).toEqual(['Name', 'Ready', 'Status', 'Restarts', 'Age']);
    expect(of(1)).toEqual(['IP', 'Node', 'Nominated Node', 'Readiness Gates']);
    expect(body.rows[0].object.kind).toBe('PartialObjectMetadata');
    expect(body.rows[0].cells.slice(0, 4)).toEqual([cluster.topology.pods[0]!.name, '2/2', 'Running', 0]);
  });
});

describe('watch', () => {
  it('begins with what is there, tells of changes, and marks where it is', async () => {
    await call('POST', CHAOS, stress('first'));
    const events = watch(`${CHAOS}?watch=true&allowWatchBookmarks=true`);
    expect((await events.next(() => true)).type).toBe('ADDED');
    await call('POST', CHAOS, stress('second'));
    await events.next(named('second', 'ADDED'));
    await call('PATCH', `${CHAOS}/second`, { metadata: { labels: { a: 'b' } } }, MERGE);
    await events.next(({ object }) => object.metadata.labels?.a === 'b' && object.metadata.finalizers?.length > 0);
    await call('DELETE', `${CHAOS}/second`);
    const marked = await events.next(named('second', 'MODIFIED'));
    expect(marked.object.metadata.uid).toBeDefined();
    await events.next(named('second', 'DELETED'));
    const bookmark = await events.next(({ type }) => type === 'BOOKMARK');
    expect(bookmark.object.kind).toBe('StressChaos');
    expect(Number(bookmark.object.metadata.resourceVersion)).toBeGreaterThan(
      Number(marked.object.metadata.resourceVersion),
    );
  });

  it('goes on from a version, without what was before', async () => {
    await call('POST', CHAOS, stress('before'));
    const { body } = await call('GET', CHAOS);
    await call('POST', CHAOS, stress('after'));
    const event = await watch(`${CHAOS}?watch=true&resourceVersion=${body.metadata.resourceVersion}`).next(
      ({ type }) => type === 'ADDED',
    );
    expect(event.object.metadata.name).toBe('after');
  });

  it('tells of an object that enters or leaves its selection as added or deleted', async () => {
    await call('POST', CHAOS, stress('moving'));
    const { body } = await call('GET', CHAOS);
    const events = watch(`${CHAOS}?watch=true&labelSelector=in%3Dyes&resourceVersion=${body.metadata.resourceVersion}`);
    await call('PATCH', `${CHAOS}/moving`, { metadata: { labels: { in: 'yes' } } }, MERGE);
    expect((await events.next(() => true)).type).toBe('ADDED');
    await call('PATCH', `${CHAOS}/moving`, { metadata: { labels: { in: null } } }, MERGE);
    await events.next(named('moving', 'DELETED'));
  });

  it('says 410 when the version is too old', async () => {
    const { body } = await call('GET', CHAOS);
    await call('POST', CHAOS, stress('newer'));
    cluster.objects.compact();
    const events = watch(`${CHAOS}?watch=true&resourceVersion=${body.metadata.resourceVersion}`);
    const { object } = await events.next(({ type }) => type === 'ERROR');
    expect(object).toMatchObject({ kind: 'Status', code: 410, reason: 'Expired' });
    await events.ended;
  });

  it('ends after the time that was asked for', async () => {
    let over = false;
    void watch(`${CHAOS}?watch=true&timeoutSeconds=0`).ended.then(() => (over = true));
    await watch(`${CHAOS}?watch=true&timeoutSeconds=1`).ended;
    expect(over).toBe(false); // 0 is no wish
  });
});

describe('change', () => {
  it('refuses a stale version', async () => {
    const { body: made } = await call('POST', CHAOS, stress('stale'));
    await call('PATCH', `${CHAOS}/stale`, { metadata: { labels: { a: '1' } } }, MERGE);
    const put = await call('PUT', `${CHAOS}/stale`, made);
    expect([put.status, put.body.reason]).toEqual([409, 'Conflict']);
    const patch = await call(
      'PATCH',
      `${CHAOS}/stale`,
      { metadata: { resourceVersion: made.metadata.resourceVersion, labels: { a: '2' } } },
      MERGE,
    );
    expect(patch.status).toBe(409);
  });

  it('takes merge and JSON patches only, and never a new spec', async () => {
    await call('POST', CHAOS, stress('fixed'));
    const json = await call('PATCH', `${CHAOS}/fixed`, [{ op: 'add', path: '/metadata/labels', value: { a: '1' } }], {
      'content-type': 'application/json-patch+json',
    });
    expect(json.body.metadata.labels).toEqual({ a: '1' });
    expect(
      (await call('PATCH', `${CHAOS}/fixed`, {}, { 'content-type': 'application/strategic-merge-patch+json' })).status,
    ).toBe(415);
    const spec = await call('PATCH', `${CHAOS}/fixed`, { spec: { duration: '5m' } }, MERGE);
    expect(spec.status).toBe(403);
    expect(spec.body.message).toContain('Cannot update chaos spec');
    expect((await call('PATCH', `${CHAOS}/nobody`, {}, MERGE)).body).toMatchObject({
      code: 404,
      message: 'stresschaos.chaos-mesh.org "nobody" not found',
    });
  });

  it('pauses and resumes', async () => {
    await call('POST', CHAOS, stress('nap'));
    const events = watch(`${CHAOS}?watch=true`);
    const pause = (value: string | null): Promise<Answer> =>
      call('PATCH', `${CHAOS}/nap`, { metadata: { annotations: { 'experiment.chaos-mesh.org/pause': value } } }, MERGE);
    await events.next(({ object }) => phasesOf(object).join() === 'Injected');
    await pause('true');
    const paused = await events.next(({ object }) => phasesOf(object).join() === 'Not Injected');
    expect(paused.object.status.conditions).toContainEqual({ type: 'Paused', status: 'True' });
    expect(cluster.board.all()).toHaveLength(0);
    await pause(null);
    await events.next(({ object }) => phasesOf(object).join() === 'Injected');
    expect(cluster.board.all()).toHaveLength(1);
  });
});

describe('delete', () => {
  it('waits for the recovery, and then is gone', async () => {
    await call('POST', CHAOS, stress('bye'));
    const events = watch(`${CHAOS}?watch=true`);
    await events.next(({ object }) => phasesOf(object).join() === 'Injected');
    const { body } = await call('DELETE', `${CHAOS}/bye`);
    expect(body.metadata.deletionTimestamp).toBeDefined();
    await events.next(named('bye', 'DELETED'));
    expect(cluster.board.all()).toHaveLength(0);
    expect((await call('GET', `${CHAOS}/bye`)).status).toBe(404);
    expect((await call('DELETE', `${CHAOS}/bye`)).status).toBe(404);
  });

  it('keeps to a dry run and to its preconditions', async () => {
    const { body } = await call('POST', CHAOS, stress('safe'));
    expect((await call('DELETE', `${CHAOS}/safe`, { dryRun: ['All'] })).status).toBe(200);
    expect((await call('DELETE', `${CHAOS}/safe?dryRun=All`)).status).toBe(200);
    expect((await call('DELETE', `${CHAOS}/safe`, { preconditions: { uid: 'another' } })).status).toBe(409);
    expect((await call('GET', `${CHAOS}/safe`)).body.metadata.deletionTimestamp).toBeUndefined();
    expect((await call('DELETE', `${CHAOS}/safe`, { preconditions: { uid: body.metadata.uid } })).status).toBe(200);
  });

  it('sticks while a daemon is missing, until it is forced', async () => {
    for (const { hostNode } of cluster.topology.pods) cluster.controls.missingDaemons.add(hostNode);
    await call('POST', CHAOS, stress('stuck'));
    const events = watch(`${CHAOS}?watch=true`);
    const failing = await events.next(({ object }) => phasesOf(object).join() === 'Not Injected/Wait');
    expect(failing.object.status.experiment.containerRecords[0].events.at(-1).message).toContain(
      'cannot find daemonIP on node',
    );
    await call('DELETE', `${CHAOS}/stuck`);
    const annotations = { 'chaos-mesh.chaos-mesh.org/cleanFinalizer': 'forced' };
    const { body } = await call('PATCH', `${CHAOS}/stuck`, { metadata: { annotations } }, MERGE);
    expect(body.metadata.deletionTimestamp).toBeDefined();
    await events.next(named('stuck', 'DELETED'));
  });

  it('takes a whole selection', async () => {
    await call('POST', CHAOS, stress('one', {}, { labels: { go: 'yes' } }));
    await call('POST', CHAOS, stress('two'));
    await call('DELETE', `${CHAOS}?labelSelector=go`);
    await gone('one');
    expect((await call('GET', `${CHAOS}/two`)).body.metadata.deletionTimestamp).toBeUndefined();
  });
});
