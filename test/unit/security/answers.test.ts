import { writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import type { KubeConfig } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeClient } from '../../../src/adapters/kubernetes/connection/client';
import { loadKubeconfig } from '../../../src/adapters/kubernetes/connection/kubeconfig';
import { watchOnce } from '../../../src/adapters/kubernetes/watch/watchStream';
import { PrometheusClient } from '../../../src/adapters/prometheus/connection/client';
import { directEndpoint } from '../../../src/adapters/prometheus/connection/direct';
import { withoutCredentials } from '../../../src/core/base/withoutCredentials';
import { json, TestServer } from '../adapters/server';
import { discovery, kubeconfigOf, kubernetesScene, status, TOKEN } from '../adapters/kubernetesScene';
import { chaosObject } from '../experiments/experiments';

const PASSWORD = 'p4ss/word+ü=?';
const JWT = `eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.${'Zm9vYmFyYmF6cXV1eA'.repeat(40)}.c2lnbmF0dXJl_-x`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** How a server may write what it was sent. */
const FORMS: readonly (readonly [string, (secret: string) => string])[] = [
  ['as it is', (secret) => secret],
  ['for an address', encodeURIComponent],
  [
    'for an address, in small letters',
    (secret) => encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  ],
  ['for an address, twice', (secret) => encodeURIComponent(encodeURIComponent(secret))],
  ['for an address, every byte', (secret) => [...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join('')],
  ['in base64', base64],
  ['in base64 for an address', (secret) => Buffer.from(secret).toString('base64url')],
  ['in base64 within an address', (secret) => encodeURIComponent(base64(secret))],
  ['in base64 behind one letter', (secret) => base64(`x${secret} is wrong`)],
  ['in base64 behind two letters', (secret) => base64(`xy${secret} is wrong`)],
  ['in base64 behind a word', (secret) => base64(`Bearer ${secret}`)],
];
/** JSON in which every sign of a text is a number. */
const escaped = (value: unknown): string =>
  JSON.stringify(value).replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => {
    const signs = (JSON.parse(quoted) as string).split('');
    return `"${signs.map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`;
  });

describe.each([
  ['a token', { Authorization: `Bearer ${TOKEN}` }, TOKEN],
  ['a long token', { Authorization: `Bearer ${JWT}` }, JWT],
  ['a password', { Authorization: `Basic ${base64(`me:${PASSWORD}`)}` }, PASSWORD],
])('%s', (_, headers, secret) => {
  it.each(FORMS)('is left out %s, of words and of data', (_name, form) => {
    const said = form(secret);
    for (const kind of ['words', 'data'] as const) {
      const answer = withoutCredentials({ [said]: [said, { deep: `no: ${said}.` }], n: 5, none: null }, headers, kind);
      expect(JSON.stringify(answer)).not.toContain(said.slice(0, -3));
      expect(answer).toMatchObject({ n: 5, none: null });
    }
    expect(withoutCredentials(`no: ${said}`, headers)).toMatch(/^no: [\w=+-]*…[\w=+/-]*$/);
  });
});

it('what may be a name stays in what is acted upon, and nothing else is touched', () => {
  const headers = { Authorization: `Basic ${base64('me:observer')}` };
  const labels = { container: 'observer', pod: 'ob-0' };
  expect(withoutCredentials(structuredClone(labels), headers, 'data')).toEqual(labels);
  expect(withoutCredentials('observer', headers, 'words')).toBe('…');
  expect(withoutCredentials(base64('me:observer'), headers, 'data')).toBe('…');
  const nothing = [undefined, null, 5, true, '', [], {}];
  for (const value of nothing) expect(withoutCredentials(value, headers)).toEqual(value);
  const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect(Array.isArray(withoutCredentials(deep, headers))).toBe(true);
  const odd = withoutCredentials(JSON.parse('{"__proto__": {"a": "observer"}}') as object, headers);
  expect(JSON.stringify(odd)).toBe('{"__proto__":{"a":"…"}}');
  expect(({} as { a?: string }).a).toBeUndefined();
});

describe('Prometheus that answers with what it was sent', () => {
  let server: TestServer;
  let client: PrometheusClient;
  beforeEach(async () => {
    server = new TestServer();
    client = new PrometheusClient({ endpoint: directEndpoint(await server.start(), { token: TOKEN }) });
  });
  afterEach(() => server.stop());

  const shown = async (status: number, body: unknown, write = JSON.stringify): Promise<string> => {
    server.handler = (_, response) => void response.writeHead(status).end(write(body));
    const result: unknown = await client.query('up', 0).catch((thrown: unknown) => thrown);
    return inspect(result, { depth: 20, maxStringLength: Infinity });
  };

  it.each(FORMS)('%s shows it nowhere, whatever the status', async (_, form) => {
    const said = form(TOKEN);
    const series = { metric: { pod: said }, value: [1, '1'] };
    const success = { status: 'success', data: { resultType: 'vector', result: [series] }, warnings: [`w: ${said}`] };
    const failure = { status: 'error', errorType: 'execution', error: `no: ${said}` };
    for (const write of [JSON.stringify, escaped])
      for (const [status, body, word] of [
        [200, success, 'w: '],
        [200, failure, 'no: '],
        [400, failure, 'no: '],
        [503, { kind: 'Status', message: `no: ${said}` }, 'no: '],
      ] as const) {
        const text = await shown(status, body, write);
        expect(text).toContain(word);
        expect(text).not.toContain(said.slice(0, -3));
      }
  });
});

describe('an API server that answers with what it was sent', () => {
  const scene = kubernetesScene();

  it.each(FORMS)('%s shows it nowhere, in a list, a watch or an error', async (_, form) => {
    const said = form(TOKEN);
    const object = chaosObject({ records: [{ failure: `no: ${said}` }] });
    scene.server.handler = (_request, response, { pathname, searchParams }) => {
      if (!pathname.includes('stresschaos')) return discovery(response, 'StressChaos');
      if (searchParams.has('watch'))
        return void response
          .writeHead(200)
          .write(
            `${JSON.stringify({ type: 'ADDED', object: { ...object, metadata: { ...object.metadata, name: 'two' } } })}\n`,
          );
      return json(response, { metadata: { resourceVersion: '1' }, items: [object] });
    };
    const listed = await scene.connection.experiments.list();
    const told: unknown[] = [];
    const watch = scene.connection.experiments.watch((snapshot) => void told.push(snapshot));
    try {
      await expect.poll(() => inspect(told, { depth: 9 }), { timeout: 5000 }).toContain("'two'");
    } finally {
      watch.dispose();
    }
    scene.server.handler = (_request, response) => json(response, { kind: 'Status', message: `no: ${said}` }, 422);
    const error: unknown = await scene.connection.experiments.dryRun(object).catch((thrown: unknown) => thrown);
    const text = inspect([listed, told, error], { depth: 20, maxStringLength: Infinity });
    expect(text.match(/no: /g)?.length).toBeGreaterThan(2);
    expect(text).not.toContain(said.slice(0, -3));
  });

  it('shows it nowhere in a watch that began before the credential was renewed', async () => {
    const old = 'old-secret-token-0815';
    writeFileSync(scene.file, kubeconfigOf(scene.url, { token: old }));
    const load = (): KubeConfig => loadKubeconfig({ kubeconfigPath: scene.file, trusted: false });
    const client = new KubeClient(load(), { reload: load });
    let tell = (_: string): void => undefined;
    scene.server.handler = ({ headers }, response, { searchParams }) => {
      if (searchParams.has('watch')) {
        tell = (text) => void response.end(text);
        return void response.write('\n');
      }
      if (headers.authorization === `Bearer ${old}`) return status(response, 401, 'no');
      return json(response, {});
    };
    const seen: unknown[] = [];
    const events = {
      opened: () => undefined,
      changed: (item: unknown) => void seen.push(item),
      removed: () => undefined,
    };
    const request = { client, path: '/watched', what: 'test', seconds: 9, silentMs: 9000, ...events };
    const watching = watchOnce(request, { version: '1', events: 0, expired: false }, new AbortController().signal);
    await expect.poll(() => scene.server.requests.length).toBe(1);
    writeFileSync(scene.file, kubeconfigOf(scene.url));
    await client.json({ path: '/renewed', what: 'test' });
    tell(`${JSON.stringify({ type: 'ADDED', object: { metadata: { name: `was ${old}` } } })}\n`);
    await watching;
    expect(seen).toEqual([{ metadata: { name: 'was …' } }]);
  });
});
