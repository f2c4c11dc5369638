import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ExecCredentials } from '../../../src/adapters/kubernetes/connection/execCredential';
import { loadKubeconfig } from '../../../src/adapters/kubernetes/connection/kubeconfig';
import { TlsApiServer, TunnelProxy } from './apiServer';
import { makeAuthority, type Authority } from './certificates';
import { ask, kubeconfig, World } from './world';
import { DEMO_QUERY } from '../../support';

const TOKEN = 'tok-4711-secret';
const API = 'client.authentication.k8s.io/v1';

let authority: Authority;
let server: TlsApiServer;
let world: World;
let ca: { 'certificate-authority-data': string };

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const credential = (status: unknown): string =>
  `cat <<'END'\n${JSON.stringify({ apiVersion: API, kind: 'ExecCredential', status })}\nEND`;
const exec = (command: string, more: object = {}): unknown => ({
  exec: { apiVersion: API, command, interactiveMode: 'Never', ...more },
});

beforeAll(async () => {
  authority = await makeAuthority();
  ca = { 'certificate-authority-data': base64(authority.certificate) };
});

beforeEach(async () => {
  server = await TlsApiServer.start(authority);
  world = new World();
});

afterEach(async () => {
  world.dispose();
  await server.stop();
});

/** Connects as this user and asks once; what the server saw. */
async function seenWith(user: unknown, cluster: unknown = ca, trusted = true): Promise<TlsApiServer['seen'][number]> {
  const kubeconfigPath = world.file('config', kubeconfig(server.url, user, cluster));
  await ask(await world.connect({ kubeconfigPath, trusted }));
  return server.seen.at(-1) as TlsApiServer['seen'][number];
}

describe('a credential program that does not end', () => {
  it('is given up also where a program that it has started holds its output open', async () => {
    const pid = path.join(world.directory, 'pid');
    const { command } = world.program('slow', `sleep 600 &\necho $! > '${pid}'\nwait`);
    const kubeconfigPath = world.file('config', kubeconfig(server.url, exec(command), ca));
    const config = loadKubeconfig({ kubeconfigPath, trusted: true });
    new ExecCredentials(config, 300);
    const applied = config.applyToHTTPSOptions({}).then(
      () => 'applied',
      (error: Error) => error.message,
    );
    try {
      const late = new Promise((resolve) => setTimeout(() => resolve('still waiting'), 5000));
      expect(await Promise.race([applied, late])).toContain('did not exit in time');
    } finally {
      process.kill(Number(readFileSync(pid, 'utf8')));
    }
  });
});

describe('a kubeconfig that is read anew after a refusal', () => {
  it('is taken at its word about the certificate too', async () => {
    const write = (token: string, cluster: unknown): string =>
      world.file('config', kubeconfig(server.url, { token }, cluster));
    const kubeconfigPath = write('old', { 'insecure-skip-tls-verify': true });
    const connection = await world.connect({ kubeconfigPath });
    await ask(connection);
    server.allow = ({ authorization }) => authorization === 'Bearer new';
    write('new', {}); // nobody vouches for this server's certificate
    await expect(connection.targets.list(DEMO_QUERY)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('cannot be reached over TLS') as string,
    });
    expect(server.seen.map(({ authorization }) => authorization)).not.toContain('Bearer new');
  });
});

describe('a user of the kubeconfig', () => {
  it('with a token sends it', async () => {
    expect((await seenWith({ token: TOKEN })).authorization).toBe(`Bearer ${TOKEN}`);
  });

  it('with a token file sends what is in it, relative to the kubeconfig', async () => {
    world.file('tokens/mine', 'from-file');
    expect((await seenWith({ tokenFile: 'tokens/mine' }, ca, false)).authorization).toBe('Bearer from-file');
  });

  it('with a token and a token file sends what is in the file (kubernetes/kubernetes#132659)', async () => {
    world.file('tokens/mine', 'from-file');
    expect((await seenWith({ token: TOKEN, tokenFile: 'tokens/mine' })).authorization).toBe('Bearer from-file');
  });

  it('that acts as another is that one, with groups, uid and extra fields', async () => {
    const user = {
      token: TOKEN,
      as: 'jane',
      'as-groups': ['dba', 'night, shift'],
      'as-uid': '7',
      'as-user-extra': { 'example.com/scopes': ['read', 'write'] },
    };
    expect([...(await seenWith(user)).impersonation].sort()).toEqual([
      'Impersonate-Extra-example.com%2Fscopes: read',
      'Impersonate-Extra-example.com%2Fscopes: write',
      'Impersonate-Group: dba',
      'Impersonate-Group: night, shift',
      'Impersonate-Uid: 7',
      'Impersonate-User: jane',
    ]);
  });

  it.each([
    { 'as-groups': ['dba'] },
    { 'as-uid': '7' },
    { 'as-user-extra': { a: ['b'] } },
    { as: 'a', 'as-groups': 'b' },
  ])('that acts as nobody whole is refused: %j', async (as) => {
    await expect(seenWith({ token: TOKEN, ...as })).rejects.toMatchObject({ code: 'notConfigured' });
    expect(server.seen).toEqual([]);
  });

  it('that does not exist, or whose files do not, is told so', async () => {
    const whole = kubeconfig(server.url, { token: TOKEN }, ca) as { users: unknown[] };
    const kubeconfigPath = world.file('config', { ...whole, users: [] });
    await expect(world.connect({ kubeconfigPath })).rejects.toMatchObject({
      code: 'notConfigured',
      message: expect.stringContaining('names a user that the kubeconfig does not have') as string,
    });
    await expect(seenWith({ 'client-certificate': 'gone.crt', 'client-key': 'gone.key' })).rejects.toMatchObject({
      message: expect.stringMatching(/gone\.(crt|key)/) as string,
      hint: expect.not.stringContaining('sign-in') as string,
    });
  });

  it.each(['utf-16le', 'utf-16be', 'utf-8'])('is read from a file in %s with a mark of its order', async (encoding) => {
    const bytes = Buffer.from(`\ufeff${JSON.stringify(kubeconfig(server.url, { token: TOKEN }, ca))}`, 'utf16le');
    const text = encoding === 'utf-8' ? Buffer.from(bytes.toString('utf16le')) : bytes;
    const kubeconfigPath = world.file('config', encoding === 'utf-16be' ? bytes.swap16() : text);
    await ask(await world.connect({ kubeconfigPath }));
    expect(server.seen.at(-1)?.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it('with a name and a password sends them', async () => {
    const { authorization } = await seenWith({ username: 'me', password: 'pa:ss' });
    expect(authorization).toBe(`Basic ${base64('me:pa:ss')}`);
  });

  it('with a client certificate shows it, from data or from files beside the kubeconfig', async () => {
    const pair = await authority.client('alice');
    const data = { 'client-certificate-data': base64(pair.certificate), 'client-key-data': base64(pair.key) };
    expect((await seenWith(data)).certificate).toBe('alice');
    world.file('pki/a.crt', pair.certificate);
    world.file('pki/a.key', pair.key);
    const files = { 'client-certificate': 'pki/a.crt', 'client-key': 'pki/a.key' };
    expect((await seenWith(files, ca, false)).certificate).toBe('alice');
  });
});

describe('a credential program', () => {
  it('is run once for many requests, and told what it may know', async () => {
    const program = world.program(
      'get-token',
      `printf '{"kind":"ExecCredential","status":{"token":"%s"}}' "$(printf '%s' "$KUBERNETES_EXEC_INFO$EXTRA" | base64 -w0)"`,
    );
    const user = exec(program.command, { provideClusterInfo: true, env: [{ name: 'EXTRA', value: '!' }] });
    const kubeconfigPath = world.file('config', kubeconfig(server.url, user, ca));
    const connection = await world.connect({ kubeconfigPath });
    await Promise.all([ask(connection), ask(connection), ask(connection)]);
    await ask(connection);
    expect(program.runs()).toBe(1);
    const told = Buffer.from(server.seen[0]?.authorization?.slice(7) ?? '', 'base64').toString();
    expect(told.endsWith('!')).toBe(true);
    expect(JSON.parse(told.slice(0, -1))).toMatchObject({
      apiVersion: API,
      kind: 'ExecCredential',
      spec: { interactive: false, cluster: { server: server.url, ...ca } },
    });
  });

  it('is told the authority of a file as data, and what the cluster has for it', async () => {
    const program = world.program(
      'get-token',
      `printf '{"kind":"ExecCredential","status":{"token":"%s"}}' "$(printf '%s' "$KUBERNETES_EXEC_INFO" | base64 -w0)"`,
    );
    world.file('ca.crt', authority.certificate);
    const config = { region: 'eu', deep: [1] };
    const extensions = [
      { name: 'client.authentication.k8s.io/exec', extension: config },
      { name: 'another', extension: {} },
    ];
    const user = exec(program.command, { provideClusterInfo: true });
    const { authorization } = await seenWith(user, { 'certificate-authority': 'ca.crt', extensions });
    const told = JSON.parse(Buffer.from(authorization?.slice(7) ?? '', 'base64').toString()) as object;
    expect(told).toMatchObject({ spec: { cluster: { ...ca, config } } });
  });

  it('may give a client certificate', async () => {
    const pair = await authority.client('robot');
    const program = world.program(
      'get-cert',
      credential({ clientCertificateData: pair.certificate, clientKeyData: pair.key }),
    );
    expect((await seenWith(exec(program.command))).certificate).toBe('robot');
  });

  it('is run again when what it gave ends, and once for all when the server refuses it', async () => {
    const ended = world.program('ended', credential({ token: 'old', expirationTimestamp: '2001-01-01T00:00:00Z' }));
    const kubeconfigPath = world.file('config', kubeconfig(server.url, exec(ended.command), ca));
    const first = await world.connect({ kubeconfigPath });
    await ask(first);
    await ask(first);
    expect(ended.runs()).toBe(2);

    const lasting = world.program('lasting', `${credential({ token: 'same' })}`);
    const again = world.file('again', kubeconfig(server.url, exec(lasting.command), ca));
    const connection = await world.connect({ kubeconfigPath: again });
    await ask(connection);
    let refused = 0;
    server.allow = () => ++refused > 3;
    await Promise.all([ask(connection), ask(connection), ask(connection)]);
    expect(lasting.runs()).toBe(2);
    server.allow = () => false;
    await expect(ask(connection)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('may be named relative to the kubeconfig', async () => {
    world.program('bin/get', credential({ token: 'relative' }).replace(/^/, 'true\n'));
    expect((await seenWith(exec('./bin/get'))).authorization).toBe('Bearer relative');
  });

  it('is not started in a workspace that is not trusted', async () => {
    const program = world.program('get-token', credential({ token: TOKEN }));
    const kubeconfigPath = world.file('config', kubeconfig(server.url, exec(program.command), ca));
    await expect(world.connect({ kubeconfigPath, trusted: false })).rejects.toMatchObject({
      code: 'notConfigured',
      message: expect.stringMatching(/the program "get-token", and this workspace is not trusted/),
      hint: expect.stringContaining('Trust the workspace'),
    });
    expect(program.runs()).toBe(0);
    expect(server.seen).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ['fails', `echo ${TOKEN}; echo ${TOKEN} >&2; exit 3`, /"bad" exited with code 3/],
    ['prints something else', `echo ${TOKEN}`, /"bad" printed no JSON/],
    ['gives nothing', credential({ other: TOKEN }), /"bad" returned neither a token nor a client certificate/],
  ])('that %s is named, and what it prints is not shown', async (_, script, message) => {
    const program = world.program('bad', script);
    const error: unknown = await seenWith(exec(program.command, { args: [TOKEN] })).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'unauthorized', message: expect.stringMatching(message) });
    expect(inspect(error, { depth: 20 })).not.toContain(TOKEN);
    expect(server.seen).toEqual([]);
  });

  it('that is missing or requires a terminal says so', async () => {
    await expect(seenWith(exec('no-such-program-4711'))).rejects.toThrow(/"no-such-program-4711" was not found/);
    await expect(seenWith(exec('/bin/true', { interactiveMode: 'Always' }))).rejects.toThrow(/requires a terminal/);
  });
});

describe('the way to the server', () => {
  it('checks the certificate: an unknown authority is refused, with what to do', async () => {
    const other = await makeAuthority('other-ca');
    await expect(
      seenWith({ token: TOKEN }, { 'certificate-authority-data': base64(other.certificate) }),
    ).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/https:.* cannot be reached over TLS/),
      hint: expect.stringContaining('certificate-authority-data'),
    });
    expect(server.seen).toEqual([]);
    await seenWith({ token: TOKEN }, { 'insecure-skip-tls-verify': true });
  });

  it('takes an authority from a file, and another name for the server', async () => {
    world.file('ca.crt', authority.certificate);
    await seenWith({ token: TOKEN }, { 'certificate-authority': 'ca.crt', 'tls-server-name': 'api.test' });
    await expect(seenWith({ token: TOKEN }, { ...ca, 'tls-server-name': 'wrong.test' })).rejects.toThrow(
      /over TLS \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    );
  });

  it('goes through the proxy of the kubeconfig', async () => {
    const proxy = await TunnelProxy.start(server.port);
    try {
      const address = `http://me:${TOKEN}@127.0.0.1:${proxy.port}`;
      const cluster = { ...ca, 'proxy-url': address, 'tls-server-name': 'api.test' };
      const kubeconfigPath = world.file(
        'config',
        kubeconfig('https://far-away.invalid:6443', { token: TOKEN }, cluster),
      );
      const connection = await world.connect({ kubeconfigPath });
      await ask(connection);
      expect(proxy.tunnels).toEqual([{ to: 'far-away.invalid:6443', authorization: `Basic ${base64(`me:${TOKEN}`)}` }]);
      expect(server.seen[0]?.authorization).toBe(`Bearer ${TOKEN}`);
      expect(connection.facts.proxy).toBe(`http://127.0.0.1:${proxy.port}`);
    } finally {
      await proxy.stop();
    }
  });
});
