import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesConnection } from '../../../src/adapters/kubernetes/index';
import * as prometheus from '../../../src/adapters/prometheus/index';
import { PrometheusClient } from '../../../src/adapters/prometheus/connection/client';
import {
  hasReadableCredential,
  isLoopback,
  isReadable,
  type ConnectionFacts,
} from '../../../src/core/cluster/connection';
import { prometheusConnection, type PrometheusParts } from '../../../src/prometheusConnection';
import type { Config } from '../../../src/ui/session/config';
import { prometheusReport } from '../../../src/ui/text/prometheusReport';
import { warnOnce } from '../../../src/ui/session/readableCredentials';
import { json, TestServer } from '../adapters/server';
import { keepingLog } from '../connection/keepingLog';
import { desk } from '../editor/desk';

beforeEach(() => desk.clear());

it.each([
  ['http://127.0.0.1:9090', true, false],
  ['http://127.1/x', true, false],
  ['http://localhost', true, false],
  ['http://prometheus.localhost:1', true, false],
  ['http://[::1]:9090', true, false],
  ['https://prometheus:9090', false, false],
  ['http://prometheus:9090', false, true],
  ['HTTP://10.0.0.1', false, true],
  ['http://localhost.evil.example', false, true],
  ['http://127.0.0.1.evil.example', false, true],
  ['http://127.0.0.1@evil.example', false, true],
  ['', false, false],
])('%s is of this machine: %s, can be read on the way: %s', (address, loopback, readable) => {
  expect([isLoopback(address), isReadable(address)]).toEqual([loopback, readable]);
});

describe('what lets us in at Prometheus over plain HTTP', () => {
  const { log, text } = keepingLog();
  const asked = async (prometheusUrl: string, credential?: { token: string }): Promise<void> => {
    const parts = {
      log,
      prometheusCredential: () => Promise.resolve(credential),
      prometheusChoice: () => undefined,
      onReadableCredential: warn,
      onSeveralPrometheus: () => undefined,
    } satisfies PrometheusParts;
    const config = { prometheusUrl, prometheusTls: {}, prometheusTenant: '' } as unknown as Config;
    await prometheusConnection(parts, config, {} as KubernetesConnection, prometheus).resolve();
  };
  let warn: (address: string) => void;
  beforeEach(() => void (warn = warnOnce(log)));

  it('is warned of once, before anything is sent', async () => {
    for (let i = 0; i < 3; i++) await asked('http://prometheus:9090', { token: 'SECRET-TOKEN' });
    await asked('http://me:SECRET-WORD@other:9090/prom?token=SECRET-QUERY');
    expect(desk.texts()).toEqual([
      expect.stringMatching(/for http:\/\/prometheus:9090 are sent over plain HTTP/),
      expect.stringMatching(/for http:\/\/other:9090\/prom are sent over plain HTTP/),
    ]);
    expect(desk.texts().join() + text()).not.toContain('SECRET');
  });

  it('is not where nothing is sent, or nobody can read it', async () => {
    await asked('http://prometheus:9090');
    await asked('https://prometheus:9090', { token: 'x' });
    await asked('http://127.0.0.1:9090', { token: 'x' });
    expect(desk.texts()).toEqual([]);
  });

  it('is told by the check too', () => {
    const check = (url: string, credentials?: string): string =>
      prometheusReport(
        {
          source: 'address',
          credentials,
          attempts: [{ url, server: url, version: undefined, ok: true, cameBack: '', next: undefined, ms: 1 }],
          problem: undefined,
        },
        false,
      );
    expect(check('http://prometheus:9090/api/v1/query', 'a token')).toContain('plain HTTP');
    expect(check('http://prometheus:9090/api/v1/query')).not.toContain('plain HTTP');
    expect(check('https://prometheus:9090/api/v1/query', 'a token')).not.toContain('plain HTTP');
  });
});

it.each<[server: string, credentials: string, expected: boolean, proxy?: string]>([
  ['http://api:8080', 'a token', true],
  ['http://api:8080', 'a token file, acting as x', true],
  ['http://api:8080', 'the program "aws"', true],
  ['http://api:8080', 'a user name and a password', true],
  ['http://api:8080', 'a client certificate', false],
  ['http://api:8080', 'none', false],
  ['http://127.0.0.1:8080', 'a token', false],
  ['https://api', 'a token', false],
  ['http://127.0.0.1:8080', 'a token', true, 'http://proxy:3128'],
  ['HTTP://localhost', 'a token', true, 'socks5://10.0.0.1:1080'],
  ['http://127.0.0.1:8080', 'a token', false, 'http://localhost:3128'],
  ['http://127.0.0.1:8080', 'none', false, 'http://proxy:3128'],
  ['https://127.0.0.1:6443', 'a token', false, 'http://proxy:3128'],
])('the API server %s with %s is warned of: %s, by the proxy %s', (server, credentials, expected, proxy) => {
  expect(hasReadableCredential({ server, credentials, proxy } as ConnectionFacts)).toBe(expected);
});

describe('a proxy of the environment', () => {
  const [server, proxy] = [new TestServer(), new TestServer()];
  const before = { ...process.env };
  afterEach(async () => {
    process.env = before;
    await Promise.all([server.stop(), proxy.stop()]);
  });

  it('is not shown what is of this machine', async () => {
    const url = await server.start();
    process.env = { ...before, http_proxy: await proxy.start(), no_proxy: '', NO_PROXY: '' };
    server.handler = (_, response) => json(response, { status: 'success', data: { resultType: 'vector', result: [] } });
    const client = new PrometheusClient({ endpoint: prometheus.directEndpoint(url, { token: 'SECRET-TOKEN' }) });
    await client.query('up', 0);
    expect([server.requests.length, proxy.requests.length]).toEqual([1, 0]);
  });
});
