import { createServer, type Server } from 'node:net';
import { createServer as createHttp } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkPrometheus, type PrometheusAuth } from '../../../src/adapters/prometheus/index';
import type { PrometheusAttempt } from '../../../src/core/cluster/prometheusService';
import { Backend, type BackendOptions } from './backend';
import { makeAuthority, type Authority } from './certificates';
import { World } from './world';

let authority: Authority;
let world: World;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  authority = await makeAuthority();
});

beforeEach(() => {
  world = new World();
});

afterEach(async () => {
  world.dispose();
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function backend(options: BackendOptions = {}): Promise<Backend> {
  const server = await Backend.start(options);
  stops.push(() => server.stop());
  return server;
}

async function check(url: string, auth: PrometheusAuth = {}): Promise<PrometheusAttempt> {
  const { attempts } = await checkPrometheus({ url, auth, cluster: undefined });
  return attempts[0] as PrometheusAttempt;
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const query = (url: string): string => `${url}/api/v1/query?query=vector(1)`;

describe('what lets us in', () => {
  it('is nothing, a token, a name and a password, or what is in the address', async () => {
    const open = await backend();
    expect(await check(open.url)).toMatchObject({
      url: query(open.url),
      ok: true,
      cameBack: 'It responds: version 9.9.9.',
      next: undefined,
    });
    const bearer = await backend({ authorization: 'Bearer t0k' });
    expect(await check(bearer.url, { token: 't0k' })).toMatchObject({ ok: true });
    const named = await backend({ authorization: basic('me:pa:ss%') });
    expect(await check(named.url, { username: 'me', password: 'pa:ss%' })).toMatchObject({ ok: true });
    expect(await check(named.url.replace('//', '//me:pa%3Ass%25@'))).toMatchObject({ ok: true, url: query(named.url) });
  });

  it('is a client certificate, from files that may be renewed', async () => {
    const server = await backend({ tls: authority, mutual: true });
    const pair = await authority.client('alice');
    const tls = {
      certificate: world.file('a.crt', pair.certificate),
      key: world.file('a.key', pair.key),
      authority: world.file('ca.crt', authority.certificate),
    };
    expect(await check(server.url, { tls })).toMatchObject({ ok: true });
    expect(server.requests[0]?.certificate).toBe('alice');
    const { credentials } = await checkPrometheus({ url: server.url, auth: { tls }, cluster: undefined });
    expect(credentials).toBe('a client certificate');
  });

  it('goes with a tenant, where the server has several', async () => {
    const mimir = await backend({ prefix: '/prometheus', tenant: 'team-a' });
    expect(await check(`${mimir.url}/prometheus`)).toMatchObject({
      cameBack: expect.stringContaining('HTTP 401'),
      next: expect.stringContaining('distdiag.prometheus.tenant'),
    });
    expect(await check(`${mimir.url}/prometheus/`, { tenant: 'team-a' })).toMatchObject({ ok: true });
  });
});

describe('what came back and what to do', () => {
  it.each([
    [401, 'HTTP 401', /Set Prometheus Token/],
    [403, 'HTTP 403', /not allowed to query this server/],
    [404, 'HTTP 404', /path prefix such as \/prometheus/],
    [302, 'HTTP 302', /redirects to a sign-in page or another path/],
    [503, 'HTTP 503', /Check that Prometheus is running/],
  ])('of HTTP %d', async (status, cameBack, next) => {
    const server = createHttp((_request, response) => void response.writeHead(status).end('<html>no</html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => server.close(resolve)));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await check(`${url}/x/`)).toMatchObject({
      url: query(`${url}/x`),
      ok: false,
      cameBack: expect.stringContaining(cameBack),
      next: expect.stringMatching(next),
    });
  });

  it('of a web page', async () => {
    const server = createHttp((_request, response) => void response.end('<html>Sign in</html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => server.close(resolve)));
    expect(await check(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).toMatchObject({
      cameBack: expect.stringContaining('a web page'),
      next: expect.stringContaining('sign-in page'),
    });
  });

  it('of an API below a path, once it is written into the address', async () => {
    const { url } = await backend({ prefix: '/select/0/prometheus' });
    expect(await check(url)).toMatchObject({ ok: false, next: expect.stringContaining('/select/0/prometheus') });
    expect(await check(`${url}/select/0/prometheus/api/v1/`)).toMatchObject({ ok: true });
  });

  it('of TLS: an unknown authority, no client certificate, a wrong one, plain text on either side', async () => {
    const { url } = await backend({ tls: authority });
    expect(await check(url)).toMatchObject({
      cameBack: expect.stringMatching(/https:.* cannot be reached over TLS \(\w+\)/),
      next: expect.stringContaining('distdiag.prometheus.certificateAuthority'),
    });
    const ca = { authority: world.file('ca.crt', authority.certificate) };
    expect(await check(url, { tls: ca })).toMatchObject({ ok: true });
    const strict = await backend({ tls: authority, mutual: true });
    expect(await check(strict.url, { tls: ca })).toMatchObject({
      next: expect.stringContaining('distdiag.prometheus.clientCertificate'),
    });
    const stranger = await (await makeAuthority('other')).client('mallory');
    const wrong = {
      ...ca,
      certificate: world.file('m.crt', stranger.certificate),
      key: world.file('m.key', stranger.key),
    };
    expect(await check(strict.url, { tls: wrong })).toMatchObject({
      ok: false,
      next: expect.stringContaining('distdiag.prometheus.clientCertificate'),
    });
    const plain = await backend();
    expect(await check(plain.url.replace('http:', 'https:'))).toMatchObject({
      next: expect.stringContaining('does not use TLS'),
    });
    expect(await check(url.replace('127.0.0.1', 'localhost').replace('https:', 'http:'))).toMatchObject({ ok: false });
  });

  it('of certificate files that are missing, alone, damaged, or no pair', async () => {
    const pair = await authority.client('alice');
    const other = await authority.client('bob');
    const certificate = world.file('a.crt', pair.certificate);
    const problem = async (tls: PrometheusAuth['tls'] & object): Promise<string> =>
      String((await check('https://127.0.0.1:1', { tls })).cameBack);
    expect(await problem({ certificate, key: '/no/such' })).toContain('distdiag.prometheus.clientKey cannot be read');
    expect(await problem({ certificate })).toContain('requires its key');
    expect(
      await problem({ authority: world.file('x', 'no PEM'), certificate, key: world.file('b', other.key) }),
    ).toMatch(/not matching PEM files/);
  });

  it('of a port that refuses, and of a server that never answers', async () => {
    const closed = await Backend.start();
    const address = closed.url;
    await closed.stop();
    expect(await check(address)).toMatchObject({
      cameBack: expect.stringContaining('refused the connection'),
      next: expect.stringContaining('distdiag.prometheus.url'),
    });
    const silent: Server = createServer((socket) => void socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => silent.close(resolve)));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const controller = new AbortController();
    const pending = checkPrometheus({ url, cluster: undefined }, controller.signal);
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: 'cancelled' });
    const late = await checkPrometheus({ url, cluster: undefined, timeoutMs: 50 });
    expect(late.attempts[0]).toMatchObject({
      cameBack: expect.stringContaining('did not respond in time'),
      next: expect.stringContaining('network'),
    });
  });

  it('of an address that is none', async () => {
    const found = await checkPrometheus({ url: 'prometheus:9090', cluster: undefined });
    expect(found).toMatchObject({
      source: 'address',
      attempts: [],
      problem: expect.stringContaining('not an http or https URL'),
    });
    expect(inspect(found)).not.toContain('Basic');
  });
});
