import { createHash } from 'node:crypto';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startRestApi, type RestBackend, type RunningRestApi } from '../../../src/adapters/rest/index';
import { openApi } from '../../../src/adapters/rest/openApi';
import { ROUTES } from '../../../src/adapters/rest/routes';
import { parseAnomalyRequest } from '../../../src/core/injection/anomalyRequest';
import { AppError } from '../../../src/core/base/errors';
import type { Log } from '../../../src/core/base/log';

const said: string[] = [];
const keep = (...words: unknown[]): void => void said.push(words.map(String).join(' '));
const log: Log = { trace: keep, debug: keep, info: keep, warn: keep, error: keep };

const asked: unknown[] = [];
let failure: AppError | undefined;
let waiting: RestBackend['startAnomaly'] | undefined;
const backend: RestBackend = {
  startAnomaly: (input) => {
    asked.push(input);
    if (waiting) return waiting(input);
    if (failure) return Promise.reject(failure);
    return new Promise((resolve) => {
      const { signal: _signal, ...rest } = { signal: undefined, ...input };
      const { type } = parseAnomalyRequest(typeof input === 'object' ? rest : input);
      resolve({
        kind: 'StressChaos',
        namespace: 'oceanbase',
        name: type,
        pods: ['ob-0'],
        durationMs: 180_000,
        warnings: [],
      });
    });
  },
  stopAllAnomalies: () => Promise.resolve({ stopped: 2, failed: 0 }),
  listExperiments: () => Promise.resolve([]),
  getMetrics: () => Promise.resolve([{ timestamp: '2026-01-01T00:00:00.000Z', cpu: NaN }]),
  getAnomalyRanks: () => Promise.resolve([]),
  diagnose: () =>
    Promise.resolve({
      at: 1,
      healthy: true,
      state: 'normal' as const,
      reason: undefined,
      since: 1,
      readyInMs: undefined,
      unknownNodes: [],
      ranking: [],
      nodes: [],
      clusterRank: 0,
      graph: { nodes: ['a'], weights: new Float64Array([0.5]) },
      insufficient: undefined,
    }),
};

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json: () => unknown;
}

let server: RunningRestApi;
beforeAll(async () => {
  server = await startRestApi({ backend, version: '1.2.3', log, port: 0 });
});
afterAll(() => server.dispose());

/** As a program of this machine would ask; `headers` with undefined leave one out. */
function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string | undefined> = {},
): Promise<Answer> {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const all = {
    Authorization: `Bearer ${server.token}`,
    ...(text === undefined
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)) }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      server.url + path,
      { method, headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) },
      (response) => {
        let got = '';
        response.on('data', (chunk: Buffer) => (got += chunk.toString()));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: got,
            json: () => JSON.parse(got) as unknown,
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

describe('the REST API', () => {
  it('listens on loopback only', () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(server.token).toMatch(/^[\w-]{43}$/);
  });

  it('answers at the first system’s endpoints', async () => {
    const started = await ask('POST', '/api/anomaly/start', { type: 'cpu_stress' });
    expect(started.status).toBe(200);
    expect(started.json()).toMatchObject({ kind: 'StressChaos', pods: ['ob-0'], durationMs: 180_000 });
    expect((await ask('POST', '/api/anomaly/stop')).json()).toEqual({ stopped: 2, failed: 0 });
    expect((await ask('GET', '/api/metrics')).json()).toEqual([{ timestamp: '2026-01-01T00:00:00.000Z', cpu: null }]);
    expect((await ask('GET', '/api/anomaly/ranks')).json()).toEqual([]);
    expect((await ask('GET', '/api/diagnosis')).json()).toMatchObject({ graph: { weights: [0.5] } });
    expect((await ask('GET', '/api/experiments?x=1')).json()).toEqual([]);
  });

  it('injects nothing later for a caller who has left', async () => {
    let seen: AbortSignal | undefined;
    waiting = (input) => {
      seen = (input as { signal?: AbortSignal }).signal;
      return new Promise(() => undefined);
    };
    const body = JSON.stringify({ type: 'cpu_stress' });
    const sent = request(`${server.url}/api/anomaly/start`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${server.token}`,
        'Content-Type': 'application/json',
        'Content-Length': String(body.length),
      },
    });
    sent.on('error', () => undefined);
    sent.end(body);
    try {
      await expect.poll(() => seen?.aborted, { timeout: 5000 }).toBe(false);
      sent.destroy();
      await expect.poll(() => seen?.aborted, { timeout: 5000 }).toBe(true);
    } finally {
      waiting = undefined;
    }
  });

  it('describes exactly what it answers', () => {
    const { paths } = openApi('1.2.3', server.url);
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it('shows its description and its page without the token, which neither holds', async () => {
    const described = await ask('GET', '/openapi.json', undefined, { Authorization: undefined });
    expect(described.json()).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
    const page = await ask('GET', '/docs', undefined, { Authorization: undefined });
    expect(page.headers['content-type']).toContain('text/html');
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/);
    for (const element of ['style', 'script']) {
      const [, own = ''] = new RegExp(`<${element}>([^]*)</${element}>`).exec(page.text) ?? [];
      expect(own).not.toBe('');
      const hash = createHash('sha256').update(own).digest('base64');
      expect(policy).toContain(`${element}-src 'sha256-${hash}'`);
    }
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page.text).toContain('<pre class="curl" data-method="POST" data-path="/api/anomaly/start"');
    // Only what stops something is asked about before it is sent.
    expect(page.text.match(/<form [^>]*data-ask=/g)).toHaveLength(1);
    expect(page.text).toMatch(/data-path="\/api\/anomaly\/stop" data-ask=/);
    expect(described.text + page.text).not.toContain(server.token);
  });
});

describe('the REST API refuses', () => {
  const cases: [string, () => Promise<Answer>, number][] = [
    ['no token', () => ask('GET', '/api/metrics', undefined, { Authorization: undefined }), 401],
    ['a wrong token', () => ask('GET', '/api/metrics', undefined, { Authorization: `Bearer ${'x'.repeat(43)}` }), 401],
    ['another scheme', () => ask('GET', '/api/metrics', undefined, { Authorization: `Basic ${server.token}` }), 401],
    ['another host', () => ask('GET', '/api/metrics', undefined, { Host: 'evil.example' }), 421],
    ['another host on the page too', () => ask('GET', '/docs', undefined, { Host: `evil.example:80` }), 421],
    ['another page', () => ask('POST', '/api/anomaly/stop', undefined, { Origin: 'http://evil.example' }), 403],
    ['a page without an origin', () => ask('POST', '/api/anomaly/stop', undefined, { Origin: 'null' }), 403],
    ['a picture of another page', () => ask('GET', '/docs', undefined, { 'Sec-Fetch-Site': 'cross-site' }), 403],
    [
      'a script of another page of this machine',
      () => ask('GET', '/openapi.json', undefined, { 'Sec-Fetch-Site': 'same-site', Authorization: undefined }),
      403,
    ],
    ['an unknown type', () => ask('POST', '/api/anomaly/start', { type: 'meteor' }), 422],
    ['a misspelt key', () => ask('POST', '/api/anomaly/start', { type: 'cpu_stress', pod: 'a' }), 422],
    ['no body', () => ask('POST', '/api/anomaly/start'), 422],
    ['half a body', () => ask('POST', '/api/anomaly/start', '{"type": "cpu_'), 422],
    ['a form', () => ask('POST', '/api/anomaly/start', 'type=cpu_stress', { 'Content-Type': 'text/plain' }), 415],
    ['a body that is too large', () => ask('POST', '/api/anomaly/start', { type: 'x'.repeat(20_000) }), 413],
    [
      'one that does not say its length',
      () =>
        ask(
          'POST',
          '/api/anomaly/start',
          { type: 'x'.repeat(20_000) },
          { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' },
        ),
      413,
    ],
    ['to stop only one', () => ask('POST', '/api/anomaly/stop', { type: 'cpu_stress' }), 422],
    ['another method', () => ask('GET', '/api/anomaly/start'), 405],
    ['another path', () => ask('GET', '/api/kubeconfig'), 404],
  ];
  it.each(cases)('%s', async (_, refused, status) => {
    const answer = await refused();
    expect(answer.status).toBe(status);
    expect(answer.json()).toHaveProperty('detail');
    expect(answer.text).not.toContain(server.token);
  });

  it('what the guards and the cluster refuse, with their reason', async () => {
    failure = new AppError('invalid', 'The context "prod" is protected.', { hint: 'Nothing was changed.' });
    const answer = await ask('POST', '/api/anomaly/start', { type: 'cpu_stress' });
    expect([answer.status, answer.json()]).toEqual([
      422,
      { code: 'invalid', detail: 'The context "prod" is protected.', hint: 'Nothing was changed.' },
    ]);
    failure = new AppError('unauthorized', 'The cluster refused the credentials.');
    expect((await ask('POST', '/api/anomaly/start', { type: 'cpu_stress' })).status).toBe(502);
    failure = undefined;
  });

  it('a port that is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expect(startRestApi({ backend, version: '1', log, port })).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('whoever has no token', () => {
  const opened: Socket[] = [];
  const open = async (text: string): Promise<Socket> => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined);
    opened.push(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(text);
    return socket;
  };
  const document = (): string => `GET /openapi.json HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\n\r\n`;
  afterEach(() => opened.splice(0).forEach((socket) => socket.destroy()));

  it('cannot take every place: whoever has it is answered', async () => {
    // The silent half alone is more than there are places; the other half asks as much as fits one piece. No answer is read.
    const crowd = Array.from({ length: 240 }, (_, i) => (i % 2 === 0 ? '' : document().repeat(300)));
    for (const text of crowd) (await open(text)).pause();
    for (let i = 0; i < 5; i++) expect((await ask('POST', '/api/anomaly/stop')).status).toBe(200);
  });

  it('is answered once a connection, however often it asks in one piece', async () => {
    const socket = await open(document().repeat(1000));
    let got = '';
    socket.on('data', (piece: Buffer) => (got += piece.toString()));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(got.match(/HTTP\/1\.1 200/g)).toHaveLength(1);
    expect(got.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('is answered also where the head comes in pieces, and closed where it does not end', async () => {
    const slow = await open(document().slice(0, 20));
    const got = new Promise<string>((resolve) => slow.once('data', (piece: Buffer) => resolve(piece.toString())));
    slow.write(document().slice(20));
    expect(await got).toMatch(/^HTTP\/1\.1 200/);
    const endless = await open('GET / HTTP/1.1\r\nX: ');
    const answer = new Promise<string>((resolve) => endless.once('data', (piece: Buffer) => resolve(piece.toString())));
    endless.write('x'.repeat(20_000));
    expect(await answer).toMatch(/^HTTP\/1\.1 431/);
  });
});

it('the token is in no line of the log, and a new start has a new one', async () => {
  expect(said.length).toBeGreaterThan(5);
  expect(said.join('\n')).not.toContain(server.token);
  const other = await startRestApi({ backend, version: '1', log, port: 0 });
  expect(other.token).not.toBe(server.token);
  other.dispose();
});
