import { readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';
import { temporaryFolder } from '../temporary';

// What a server says is read freely here: a wrong shape fails the test by itself.
type Loose = any; // eslint-disable-line @typescript-eslint/no-explicit-any

const BASE = '/apis/chaos-mesh.org/v1alpha1';
const CHAOS = `${BASE}/namespaces/oceanbase/stresschaos`;
const SPEC = { mode: 'one', selector: { labelSelectors: { none: 'such' } }, stressors: { cpu: { workers: 1 } } };

const directory = temporaryFolder('refusals');
let cluster: DemoCluster;
let access: { ca: string; authorization: string };

beforeAll(async () => {
  cluster = await startDemoCluster({ directory, historyMinutes: 1 });
  const { clusters, users } = JSON.parse(readFileSync(cluster.kubeconfigPath, 'utf8')) as Loose;
  const ca = Buffer.from(clusters[0].cluster['certificate-authority-data'] as string, 'base64').toString();
  access = { ca, authorization: `Bearer ${users[0].user.token}` };
});
afterAll(async () => {
  await cluster.stop();
});

/** Sends a body as it is: what clients send that no library would let through. */
function send(
  method: string,
  at: string,
  body = '',
  type = 'application/json',
): Promise<{ status: number; body: Loose }> {
  return new Promise((resolve, reject) => {
    const { ca, authorization } = access;
    const headers = { authorization, 'content-type': type, 'content-length': String(Buffer.byteLength(body)) };
    const request = httpsRequest(`${cluster.kubernetesUrl}${at}`, { method, ca, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      const json = (response.headers['content-type'] ?? '').includes('json');
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: json ? JSON.parse(text) : text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

const object = (metadata: object, more: object = {}): string =>
  JSON.stringify({ apiVersion: 'chaos-mesh.org/v1alpha1', kind: 'StressChaos', metadata, spec: SPEC, ...more });
const names = async (): Promise<string[]> =>
  ((await send('GET', CHAOS)).body.items as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);

describe('a write that is misspelt', () => {
  it.each([
    ['POST', CHAOS, object({ name: 'not-kept' })],
    ['PATCH', `${CHAOS}/kept`, '{"metadata":{"labels":{"changed":"yes"}}}', 'application/merge-patch+json'],
    ['DELETE', `${CHAOS}/kept`, ''],
    ['DELETE', CHAOS, ''],
  ])('%s %s with an unknown dryRun does nothing', async (method, at, body, type?: string) => {
    await send('POST', CHAOS, object({ name: 'kept' }));
    const { status, body: answer } = await send(method, `${at}?dryRun=all`, body, type);
    expect([status, answer.message]).toEqual([
      422,
      expect.stringContaining('dryRun: Unsupported value: ["all"]: supported values: "All"'),
    ]);
    expect(await names()).toEqual(['kept']);
    expect((await send('GET', `${CHAOS}/kept`)).body.metadata.labels).toBeUndefined();
  });

  it.each([
    ['an unknown field validation', `${CHAOS}?fieldValidation=Some`, object({ name: 'a' }), 422],
    ['no JSON', CHAOS, '{', 400],
    ['a list', CHAOS, '[]', 400],
    ['no kind', CHAOS, '{}', 400],
    ['another version of the API', CHAOS, object({ name: 'a' }, { apiVersion: 'chaos-mesh.org/v1' }), 400],
    ['a version of the object', CHAOS, object({ name: 'a', resourceVersion: '5' }), 500],
    ['a name that is no text', CHAOS, object({ name: 5 }), 400],
    ['no namespace in the path', `${BASE}/stresschaos`, object({ name: 'a' }), 404],
    ['more than 3 MiB', CHAOS, object({ name: 'a', annotations: { a: 'x'.repeat(4e6) } }), 413],
  ])('%s is refused', async (_title, at, body, status) => {
    expect((await send('POST', at, body)).status).toBe(status);
    expect(await names()).toEqual(['kept']);
  });

  it('leaves what is the server’s to the server', async () => {
    const { body: made } = await send(
      'POST',
      CHAOS,
      object({ name: 'own', deletionTimestamp: '2020-01-01T00:00:00Z' }),
    );
    expect(made.metadata).not.toHaveProperty('deletionTimestamp');
    const patch = { generation: 7, creationTimestamp: '2020-01-01T00:00:00Z', uid: null };
    const { body } = await send(
      'PATCH',
      `${CHAOS}/own`,
      JSON.stringify({ metadata: patch }),
      'application/merge-patch+json',
    );
    expect(body.metadata).toMatchObject({ generation: 1, creationTimestamp: made.metadata.creationTimestamp });
    expect(body.metadata.uid).toBe(made.metadata.uid);
    for (const [field, value] of [
      ['uid', 'another'],
      ['deletionTimestamp', '2020-01-01T00:00:00Z'],
      ['deletionGracePeriodSeconds', 5],
    ] as const) {
      const merge = JSON.stringify({ metadata: { [field]: value } });
      const { body: answer } = await send('PATCH', `${CHAOS}/own`, merge, 'application/merge-patch+json');
      const why = `metadata.${field}: Invalid value: ${JSON.stringify(value)}: field is immutable`;
      expect(answer).toMatchObject({
        code: 422,
        message: `StressChaos.chaos-mesh.org "own" is invalid: ${why}`,
      });
    }
    const another = await send('PUT', `${CHAOS}/own`, object({ name: 'own', uid: 'another', resourceVersion: '1' }));
    expect([another.status, another.body.message]).toEqual([409, expect.stringContaining('UID in precondition')]);
    const put = await send('PUT', `${CHAOS}/own`, object({ name: 'own' }));
    expect([put.status, put.body.message]).toEqual([422, expect.stringContaining('metadata.resourceVersion')]);
  });
});

describe('a path or a query that leads nowhere', () => {
  it.each([
    ['/api/v1/pods/some', 404],
    ['/api/v1/namespaces/oceanbase/nodes', 404],
    [`${CHAOS}?labelSelector=a%3Db%3Dc`, 400],
    [`${CHAOS}?fieldSelector=spec.mode%3Done`, 400],
    [`${CHAOS}?limit=some`, 400],
    [`${CHAOS}?watch=true&timeoutSeconds=long`, 400],
    [`${CHAOS}?limit=1&continue=zzz`, 400],
    [`${CHAOS}?resourceVersion=abc`, 400],
    [`${CHAOS}?resourceVersion=99999999`, 504],
  ])('%s is %i', async (at, status) => {
    expect(await send('GET', at)).toMatchObject({ status, body: { kind: 'Status', status: 'Failure', code: status } });
  });

  it.each([
    ['GET', '/api/v1/namespaces/%zz/pods', 400, '400 Bad Request'],
    ['GET', `${BASE}/namespaces/oceanbase/nochaos`, 404, '404 page not found\n'],
    ['POST', `${BASE}/stresschaos`, 404, '404 page not found\n'],
  ])('%s %s is answered in plain text, %i', async (method, at, status, text) => {
    expect(await send(method, at)).toEqual({ status, body: text });
  });

  it('says why it takes no version of a new object', async () => {
    const { body } = await send('POST', CHAOS, object({ name: 'a', resourceVersion: '5' }));
    expect(body.message).toBe('resourceVersion should not be set on objects to be created');
    expect(body).not.toHaveProperty('reason');
  });

  it('takes a limit below zero for none', async () => {
    const { status, body } = await send('GET', `${CHAOS}?limit=-1`);
    expect([status, body.metadata.continue]).toEqual([200, '']);
  });
});
