import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readContexts } from '../../../src/adapters/kubernetes/index';
import { withoutSecrets } from '../../../src/core/cluster/connection';
import { TlsApiServer } from './apiServer';
import { makeAuthority, type Authority } from './certificates';
import { ask, kubeconfig, World } from './world';

let authority: Authority;
let server: TlsApiServer;
let world: World;
let ca: { 'certificate-authority-data': string };

beforeAll(async () => {
  authority = await makeAuthority();
  ca = { 'certificate-authority-data': Buffer.from(authority.certificate).toString('base64') };
});

beforeEach(async () => {
  server = await TlsApiServer.start(authority);
  world = new World();
});

afterEach(async () => {
  world.dispose();
  await server.stop();
});

const config = (token: string, name = 'test'): unknown => kubeconfig(server.url, { token }, ca, name);

describe('the kubeconfig comes from', () => {
  it('the setting first, also below the home folder', async () => {
    process.env['KUBECONFIG'] = world.file('other', config('from-environment'));
    world.file('home/mine', config('from-setting'));
    const connection = await world.connect({ kubeconfigPath: ' ~/mine ' });
    await ask(connection);
    expect(server.seen[0]?.authorization).toBe('Bearer from-setting');
    expect(connection.facts).toEqual({
      context: 'test',
      cluster: 'test',
      server: server.url,
      namespace: 'db',
      user: 'test',
      credentials: 'a token',
      tls: 'certificate checked against the kubeconfig’s authority',
      proxy: undefined,
      source: `setting: ${path.join(world.directory, 'home/mine')}`,
    });
  });

  it('the files of KUBECONFIG, where an empty one and a missing one do no harm', async () => {
    world.file('home/.kube/config', config('from-default'));
    const files = [world.file('empty', ''), path.join(world.directory, 'none'), world.file('a', config('first'))];
    files.push(world.file('b', config('second', 'more')));
    process.env['KUBECONFIG'] = files.join(path.delimiter);
    expect(readContexts().map(({ name }) => name)).toEqual(['test', 'more']);
    await ask(await world.connect({ context: 'more' }));
    const connection = await world.connect();
    await ask(connection);
    expect(server.seen.map(({ authorization }) => authorization)).toEqual(['Bearer second', 'Bearer first']);
    expect(connection.facts.source).toMatch(/^KUBECONFIG: .*empty, .*a, .*b$/);
  });

  it('the default path', async () => {
    world.file('home/.kube/config', config('from-default'));
    const connection = await world.connect();
    await ask(connection);
    expect(server.seen[0]?.authorization).toBe('Bearer from-default');
    expect(connection.facts.source).toMatch(/^default path: /);
  });

  it("the pod's own account, in a folder that is not trusted too", async () => {
    const account = 'root/var/run/secrets/kubernetes.io/serviceaccount';
    world.file(`${account}/token`, 'from-pod');
    world.file(`${account}/ca.crt`, authority.certificate);
    world.file(`${account}/namespace`, 'of-the-pod');
    process.env['KUBERNETES_SERVICE_HOST'] = '127.0.0.1';
    process.env['KUBERNETES_SERVICE_PORT'] = String(server.port);
    const root = path.join(world.directory, 'root');
    const connection = await world.connect({ root, trusted: false });
    await ask(connection);
    expect(server.seen[0]?.authorization).toBe('Bearer from-pod');
    expect(connection.facts).toMatchObject({
      source: 'in-cluster',
      namespace: 'of-the-pod',
      credentials: 'a token file',
    });
  });

  it('nowhere: told with what to do', async () => {
    await expect(world.connect()).rejects.toMatchObject({ code: 'notConfigured', message: 'No kubeconfig was found.' });
    process.env['KUBECONFIG'] = path.join(world.directory, 'none');
    await expect(world.connect()).rejects.toThrow('None of the files in KUBECONFIG exist.');
  });
});

it('no kubeconfig is ever written, moved or locked', async () => {
  mkdirSync(path.join(world.directory, 'home/.kube'), { recursive: true });
  const program = `#!/bin/sh\necho '{"status":{"token":"t","expirationTimestamp":"2001-01-01T00:00:00Z"}}'\n`;
  const command = world.file('get-token', program, 0o700);
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' };
  world.file('home/.kube/config', config('default'));
  const a = world.file('a', config('first'));
  const b = world.file('b', kubeconfig(server.url, { exec }, ca, 'program'));
  const before = world.photograph();
  expect((await world.connect({ kubeconfigPath: a })).context).toBe('test');
  expect((await world.connect()).context).toBe('test');
  process.env['KUBECONFIG'] = [a, b].join(path.delimiter);
  readContexts();
  const connection = await world.connect({ context: 'program' });
  await ask(connection);
  await ask(connection);
  server.allow = () => false;
  await expect(ask(connection)).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(world.connect({ context: 'missing' })).rejects.toMatchObject({ code: 'notConfigured' });
  expect(world.photograph()).toEqual(before);
});

it.each([
  ['https://me:secret@host:6443/path?token=secret#secret', 'https://host:6443/path'],
  ['https://host:6443', 'https://host:6443'],
  ['socks5://me:secret@host:1080', 'socks5://host:1080'],
  ['//me:secret@no url?token=secret', '//no url'],
])('an address is shown without its secrets: %s', (address, shown) => {
  expect(withoutSecrets(address)).toBe(shown);
});
