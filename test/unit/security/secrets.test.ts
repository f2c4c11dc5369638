import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMetricSource, directEndpoint, type PrometheusAuth } from '../../../src/adapters/prometheus/index';
import { systemClock } from '../../../src/core/base/clock';
import { withoutCredentials } from '../../../src/core/base/withoutCredentials';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { createMonitor } from '../../../src/core/monitoring/monitor';
import { toSnapshot } from '../../../src/ui/panel/snapshot';
import { TestServer } from '../adapters/server';
import { makeAuthority, type Authority } from '../connection/certificates';
import { keepingLog } from '../connection/keepingLog';
import { kubeconfig, World } from '../connection/world';
import { chaosObject } from '../experiments/experiments';
import { FakeGateway } from '../injection/fakes';
import { target } from '../cluster/targets';

const SECRET = 's3cret-4711/+=x';
const marksOf = (...secrets: string[]): string[] => [
  ...secrets,
  ...secrets.map((one) => encodeURIComponent(one)),
  ...secrets.map((one) => Buffer.from(one).toString('base64')),
  Buffer.from(`me:${SECRET}`).toString('base64'),
];
const everything = (...values: unknown[]): string =>
  inspect(values, { depth: 20, maxStringLength: Infinity, maxArrayLength: Infinity, showHidden: true });

type Fault = (request: IncomingMessage, response: ServerResponse) => void;
const said = (status: number) => (request: IncomingMessage, response: ServerResponse) => {
  const message = `what you sent was ${request.headers.authorization ?? 'nothing'}`;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ kind: 'Status', status: 'error', errorType: 'bad_data', message, error: message, code: status }),
  );
};
/** How servers, and what stands before them, fail. Some repeat what they were sent. */
const FAULTS: readonly (readonly [string, Fault])[] = [
  ['401', said(401)],
  ['403', said(403)],
  ['422', said(422)],
  ['500', said(500)],
  [
    'a page',
    (request, response) =>
      void response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<html>${request.headers.authorization}</html>`),
  ],
  [
    'an error page',
    (request, response) => void response.writeHead(502).end(`<html>${request.headers.authorization}</html>`),
  ],
  [
    'half an answer',
    (_, response) =>
      void response.writeHead(200, { 'content-length': '100' }).end('{"items": [', () => response.destroy()),
  ],
  ['another shape', (_, response) => void response.writeHead(200).end('{"status": 5}')],
  ['a redirect', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['a broken connection', (request) => void request.socket.destroy()],
  ['silence', () => undefined],
];

let authority: Authority;
let api: Server;
let fault: Fault;
let authorizations: (string | undefined)[];
let url: string;
let world: World;
let ca: object;
let key: string;
let certificate: string;

beforeAll(async () => {
  authority = await makeAuthority();
  ca = { 'certificate-authority-data': Buffer.from(authority.certificate).toString('base64') };
  ({ key, certificate } = await authority.client('alice'));
  const pair = await authority.server();
  api = createServer({
    cert: pair.certificate,
    key: pair.key,
    ca: authority.certificate,
    requestCert: true,
    rejectUnauthorized: false,
  });
  api.on('request', (request: IncomingMessage, response: ServerResponse) => {
    authorizations.push(request.headers.authorization);
    fault(request, response);
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${(api.address() as AddressInfo).port}`;
});

afterAll(async () => {
  api.closeAllConnections();
  await new Promise((resolve) => api.close(resolve));
});

beforeEach(() => {
  world = new World();
  authorizations = [];
});

afterEach(() => world.dispose());

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const USERS: readonly (readonly [string, (one: World) => unknown])[] = [
  ['a token', () => ({ token: SECRET })],
  ['a token file', (one) => ({ tokenFile: one.file('token', SECRET) })],
  ['a password', () => ({ username: 'me', password: SECRET })],
  ['a client key', () => ({ 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) })],
  [
    'a credential program',
    (one) => ({
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: one.program('get', `echo '${JSON.stringify({ kind: 'ExecCredential', status: { token: SECRET } })}'`)
          .command,
        args: [`--password=${SECRET}`],
        env: [{ name: 'PASSWORD', value: SECRET }],
        interactiveMode: 'Never',
      },
    }),
  ],
  [
    'a program that fails',
    (one) => ({
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: one.program('get', `echo '${SECRET}' >&2; echo '${SECRET}'; exit 1`).command,
        args: [SECRET],
        interactiveMode: 'Never',
      },
    }),
  ],
];

describe.each(USERS)('a connection with %s', (name, userOf) => {
  it('shows it nowhere, however the server fails', async () => {
    const { log, text } = keepingLog();
    const kubeconfigPath = world.file('config', kubeconfig(url, userOf(world), ca));
    const keyBody = key.split('\n').filter((line) => line !== '' && !line.startsWith('-'));
    const marks = marksOf(SECRET, ...keyBody);
    const shown: unknown[] = [];
    // Once without haste: a program that is slow to start has said its credential, whatever the machine does besides.
    fault = said(403);
    const patient = await world.connect({ kubeconfigPath, log });
    shown.push(await Promise.allSettled([patient.targets.list({ namespace: 'n', labelSelector: '', container: 'c' })]));
    patient.dispose();
    for (const [, one] of FAULTS) {
      fault = one;
      const connection = await world.connect({ kubeconfigPath, log, timeoutMs: 150, maxBackoffMs: 20 });
      const { experiments, targets, pods, access } = connection;
      const ended = AbortSignal.timeout(400);
      shown.push(
        connection.facts,
        connection.contexts,
        connection.serviceProxy({ namespace: 'n', service: 's', port: '1', flavour: 'prometheus' }).baseUrl,
      );
      const ref = { kind: 'StressChaos', namespace: 'n', name: 'one' };
      const asked: (() => Promise<unknown>)[] = [
        () => targets.list({ namespace: 'n', labelSelector: '', container: 'c' }, ended),
        () => experiments.list(ended),
        () => experiments.create(chaosObject({}), ended),
        () => experiments.delete(ref, ended),
        () => experiments.events(ref, ended),
        () => pods.list('n', ended),
        () => access.review([{ verb: 'get', group: '', resource: 'pods', namespace: 'n' } as never], ended),
        () => connection.listPrometheusServices(ended),
      ];
      const watch = experiments.watch((snapshot) => void shown.push(snapshot.health));
      const results = await Promise.allSettled(asked.map((ask) => ask()));
      watch.dispose();
      shown.push(results);
      expect(results.some(({ status }) => status === 'rejected')).toBe(true);
      connection.dispose();
    }
    for (const mark of marks) expect(`${everything(shown)}\n${text()}`).not.toContain(mark);
    // The server did see it: nothing is proved by a connection without a secret.
    if (/token|password|program$/.test(name)) expect(authorizations.some((one) => one !== undefined)).toBe(true);
  }, 60_000);
});

describe.each<readonly [string, PrometheusAuth, (address: string) => string]>([
  ['a token', { token: SECRET }, (address) => address],
  ['a password', { username: 'me', password: SECRET }, (address) => address],
  [
    'an address that holds them',
    {},
    (address) => address.replace('//', `//me:${encodeURIComponent(SECRET)}@`) + `/?token=${encodeURIComponent(SECRET)}`,
  ],
])('Prometheus with %s', (_, auth, addressOf) => {
  it('shows it nowhere: not in the log, not in the panel’s messages, however the server fails', async () => {
    const server = new TestServer();
    const address = addressOf(await server.start());
    const { log, text } = keepingLog();
    const sent: unknown[] = [];
    let seen = 0;
    for (const [, one] of FAULTS) {
      server.handler = (request, response) => {
        seen += request.headers.authorization === undefined ? 0 : 1;
        one(request, response);
      };
      const metrics = createMetricSource({
        resolve: () => Promise.resolve(directEndpoint(address, auth)),
        clock: systemClock,
        profile: 'auto',
        container: 'observer',
        log,
        timeoutMs: 150,
      });
      const monitor = createMonitor({
        targets: { list: () => Promise.resolve([target()]) },
        query: { namespace: 'oceanbase', labelSelector: '', container: 'observer' },
        metrics,
        scorer: {
          analyse: () => Promise.reject(new Error('not asked')),
          info: () => Promise.reject(new Error('not asked')),
          dispose: () => undefined,
        },
        store: new ExperimentStore({ gateway: new FakeGateway(), clock: systemClock }),
        clock: systemClock,
        log,
        windowMs: 60_000,
        stepMs: 15_000,
        refreshMs: 15_000,
      });
      const state = await monitor.refresh();
      expect(state.health.state).toBe('failed');
      sent.push(state, toSnapshot(state, Date.now()));
      monitor.dispose();
    }
    await server.stop();
    expect(seen).toBeGreaterThan(FAULTS.length - 1);
    for (const mark of marksOf(SECRET)) expect(`${everything(sent)}\n${text()}`).not.toContain(mark);
  }, 60_000);
});

it('a server’s words are told without what let us in', () => {
  const basic = Buffer.from('me:pass-word').toString('base64');
  expect(withoutCredentials('no abcdef-1 here', { Authorization: 'Bearer abcdef-1' })).toBe('no … here');
  expect(withoutCredentials(`no ${basic} and pass-word`, { Authorization: `Basic ${basic}` })).toBe('no … and …');
  expect(withoutCredentials('no a here', { Authorization: 'Bearer a' })).toBe('no a here');
  expect(withoutCredentials('as it is', {})).toBe('as it is');
});
