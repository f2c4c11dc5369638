import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeClient, type KubeClientOptions } from '../../../src/adapters/kubernetes/connection/client';
import { loadKubeconfig } from '../../../src/adapters/kubernetes/connection/kubeconfig';
import { retryAfterMs } from '../../../src/adapters/kubernetes/connection/retry';
import { kubeconfigOf } from './kubernetesScene';
import { json, TestServer } from './server';

let server: TestServer;
let url: string;
let directory: string;
let file: string;

beforeEach(async () => {
  server = new TestServer();
  url = await server.start();
  directory = mkdtempSync(path.join(tmpdir(), 'distdiag-patience-'));
  file = path.join(directory, 'config');
});

afterEach(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

const write = (user: unknown, address = url): void => writeFileSync(file, kubeconfigOf(address, user));

/** A client of the kubeconfig, and how long it waited. */
function client(options: KubeClientOptions = {}): { client: KubeClient; waits: number[] } {
  const waits: number[] = [];
  const load = (): ReturnType<typeof loadKubeconfig> => loadKubeconfig({ kubeconfigPath: file, trusted: true });
  const wait = (ms: number): Promise<void> => {
    waits.push(ms);
    return Promise.resolve();
  };
  return { client: new KubeClient(load(), { reload: load, wait, ...options }), waits };
}

const get = { path: '/x', what: 'test' };
const post = { ...get, method: 'POST', body: {} } as const;

describe('an overloaded server', () => {
  it('is asked again after the time that it names, writes too', async () => {
    write({ token: 't' });
    let left = 2;
    server.handler = (_request, response) =>
      left-- > 0 ? void response.writeHead(429, { 'retry-after': '7' }).end('{}') : json(response, { ok: true });
    const { client: kube, waits } = client();
    await expect(kube.json(post)).resolves.toEqual({ ok: true });
    expect(waits).toEqual([7000, 7000]);
    expect(server.requests).toHaveLength(3);
  });

  it('is left alone after some tries, with the time that it asked for', async () => {
    write({ token: 't' });
    server.handler = (_request, response) => void response.writeHead(429, { 'retry-after': '2' }).end('{}');
    const { client: kube, waits } = client();
    await expect(kube.json(get)).rejects.toMatchObject({ code: 'rateLimited', retryAfterMs: 2000 });
    expect(waits).toEqual([2000, 2000, 2000]);
    server.handler = (_request, response) => void response.writeHead(429, { 'retry-after': '3600' }).end('{}');
    await expect(kube.json(get)).rejects.toMatchObject({ retryAfterMs: 3_600_000 });
    expect(waits).toHaveLength(3);
  });

  it('that fails is asked again for reads only, where it says when', async () => {
    write({ token: 't' });
    server.handler = (_request, response) => void response.writeHead(503, { 'retry-after': '1' }).end('{}');
    const { client: kube, waits } = client();
    await expect(kube.json(post)).rejects.toMatchObject({ code: 'server' });
    expect(waits).toEqual([]);
    await expect(kube.json(get)).rejects.toMatchObject({ code: 'server' });
    expect(waits).toEqual([1000, 1000, 1000]);
  });

  it('is not waited for after an abort', async () => {
    write({ token: 't' });
    server.handler = (_request, response) => void response.writeHead(429, { 'retry-after': '1' }).end('{}');
    const controller = new AbortController();
    const { client: kube } = client({ wait: () => Promise.resolve(controller.abort()) });
    await expect(kube.json({ ...get, signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['3', 3000],
    ['0', 0],
    ['Thu, 01 Jan 1970 00:00:09 GMT', 8000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['3000000', 3_600_000], // longer than a timer can wait: it would ring at once
    ['Fri, 31 Dec 9999 00:00:00 GMT', 3_600_000],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('asks by %j for %j ms', (header, ms) => expect(retryAfterMs(header, 1000)).toBe(ms));
});

describe('a token that has expired', () => {
  const accept = (token: string): void => {
    server.handler = ({ headers }, response) =>
      headers.authorization === `Bearer ${token}`
        ? json(response, {})
        : json(response, { message: 'Unauthorized' }, 401);
  };

  it('is read anew from the kubeconfig, once, and what was asked is done', async () => {
    write({ token: 'old' });
    accept('new');
    const { client: kube } = client();
    await expect(kube.json(post)).rejects.toMatchObject({ code: 'unauthorized' });
    expect(server.requests).toHaveLength(2);
    write({ token: 'new' });
    await expect(kube.json(post)).resolves.toEqual({});
    await expect(kube.json(post)).resolves.toEqual({});
    expect(server.requests).toHaveLength(5);
  });

  it('is asked for anew from the credential program, though it was said to last', async () => {
    const count = path.join(directory, 'count');
    const expires = '2999-01-01T00:00:00Z';
    const script = [
      'const fs=require("fs"),f=process.argv[1];',
      'const n=fs.existsSync(f)?Number(fs.readFileSync(f,"utf8"))+1:1;fs.writeFileSync(f,String(n));',
      'console.log(JSON.stringify({apiVersion:"client.authentication.k8s.io/v1",kind:"ExecCredential",',
      `status:{token:"t"+n,expirationTimestamp:"${expires}"}}))`,
    ].join('');
    write({
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: process.execPath,
        args: ['-e', script, count],
        interactiveMode: 'Never',
      },
    });
    accept('t1');
    const { client: kube } = client();
    await kube.json(get);
    await kube.json(get);
    accept('t2');
    await expect(kube.json(get)).resolves.toEqual({});
    await kube.json(get);
    expect(server.requests).toHaveLength(5); // one of them was refused
  });

  it('does not lead to another cluster that has the name by then, nor to a damaged file', async () => {
    write({ token: 'old' });
    accept('new');
    const { client: kube } = client();
    write({ token: 'new' }, 'http://127.0.0.1:1');
    await expect(kube.json(get)).rejects.toMatchObject({ code: 'unauthorized' });
    writeFileSync(file, '{');
    await expect(kube.json(get)).rejects.toMatchObject({ code: 'unauthorized' });
    expect(server.requests).toHaveLength(2);
  });
});

it('the date of every answer is heard', async () => {
  write({ token: 't' });
  const heard: number[][] = [];
  server.handler = (_request, response) => {
    response.setHeader('date', 'Thu, 01 Jan 2026 00:00:00 GMT');
    json(response, {}, 404);
  };
  const { client: kube } = client({ heardDate: (...times) => void heard.push(times) });
  await expect(kube.json(get)).rejects.toMatchObject({ code: 'notFound' });
  expect(heard).toEqual([[Date.parse('2026-01-01T00:00:00Z'), expect.any(Number), expect.any(Number)]]);
  expect(heard[0]?.[2]).toBeGreaterThanOrEqual(heard[0]?.[1] as number);
});
