import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type KubernetesConnection } from '../../../src/adapters/kubernetes/index';
import { silentLog } from '../../support';
import { json, TestServer, type Handler } from './server';

let server: TestServer;
let directory: string;
let connection: KubernetesConnection;

beforeEach(async () => {
  server = new TestServer();
  const url = await server.start();
  directory = mkdtempSync(path.join(tmpdir(), 'distdiag-starters-'));
  const kubeconfigPath = path.join(directory, 'config');
  const config = {
    clusters: [{ name: 'c', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(kubeconfigPath, JSON.stringify(config));
  connection = await connect({ kubeconfigPath, trusted: true, log: silentLog, namespaces: ['a', 'b'] });
});

afterEach(async () => {
  connection.dispose();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

const status =
  (code: number): Handler =>
  (_, response) =>
    json(response, { kind: 'Status', message: `no ${code}`, code }, code);
const list: Handler = (_, response, { pathname }) =>
  json(response, {
    metadata: { resourceVersion: '1' },
    items: [{ metadata: { name: `of-${pathname.split('/').at(-2)}`, namespace: 'a', uid: 'u' } }],
  });
/** What the whole cluster answers, and what each of the known namespaces. */
const serve = (all: Handler, a: Handler, b: Handler): void => {
  server.handler = (request, response, url) => {
    const [, namespace] = /\/namespaces\/(\w+)\//.exec(url.pathname) ?? [];
    (namespace === undefined ? all : namespace === 'a' ? a : b)(request, response, url);
  };
};

describe('our workflows and schedules, where all namespaces may not be listed', () => {
  const found = async (): Promise<string[]> => (await connection.orchestration.ours()).map(({ name }) => name);

  it('are those of the namespaces that may be', async () => {
    serve(status(403), list, status(403));
    expect(await found()).toEqual(['of-a', 'of-a']);
  });

  it('are not said to be all where one namespace could not be asked', async () => {
    serve(status(403), list, status(500));
    await expect(connection.orchestration.ours()).rejects.toMatchObject({ code: 'server' });
  });
});
