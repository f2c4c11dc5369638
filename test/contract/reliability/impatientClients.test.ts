import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { CHAOS, MERGE, stress, useServer } from '../rawServer';

const server = useServer();

/** A request whose answer the caller reads or does not; what goes wrong on the way is its own matter. */
function ask(at: string, options: RequestOptions = {}, heard?: (answer: IncomingMessage) => void): ClientRequest {
  const { ca, authorization } = server.access;
  const headers = { ...options.headers, authorization };
  const url = `${server.cluster.kubernetesUrl}${at}`;
  const asked = httpsRequest(url, { ...options, ca, headers, agent: false }, (answer) => {
    answer.on('error', () => undefined);
    heard?.(answer);
  });
  asked.on('error', () => undefined);
  return asked;
}

const WATCH = '/api/v1/namespaces?watch=true&allowWatchBookmarks=true';
const ready = async (): Promise<number> => (await server.call('GET', '/readyz')).status;

// Whatever nobody catches in these tests fails their run.

it('a watch whose time is over while the server is busy ends, and nothing is written after it', async () => {
  for (let turn = 0; turn < 3; turn++) {
    const ended = new Promise<string>((resolve, reject) => {
      ask(`${WATCH}&timeoutSeconds=1`, {}, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => resolve(text)).on('aborted', () => reject(new Error('broken off')));
      }).end();
    });
    await delay(300);
    // Both the end and the next bookmark, which come every 200 ms, are due when the event loop goes on.
    for (const until = Date.now() + 1200; Date.now() < until;);
    expect((await ended).endsWith('\n')).toBe(true);
    expect(await ready()).toBe(200);
  }
});

it('a watch whose time is over before its client has read all gets no more, and the others do', async () => {
  let slow: IncomingMessage | undefined;
  const watch = ask(`${WATCH}&timeoutSeconds=1`, {}, (answer) => (slow = answer.pause()));
  watch.end();
  while (!slow) await delay(10);
  const annotations = { filling: 'x'.repeat(200_000) };
  const name = 'read-slowly';
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, annotations } };
  expect((await server.call('POST', '/api/v1/namespaces', namespace)).status).toBe(201);
  // More than the buffers of both ends of a connection take.
  for (let i = 0; i < 40; i++) {
    const patch = { metadata: { labels: { turn: String(i) } } };
    expect((await server.call('PATCH', `/api/v1/namespaces/${name}`, patch, MERGE)).status).toBe(200);
  }
  await delay(1500); // its time is over
  const other = server.watch(`${WATCH}&timeoutSeconds=5`);
  const patch = { metadata: { labels: { turn: 'last' } } };
  expect((await server.call('PATCH', `/api/v1/namespaces/${name}`, patch, MERGE)).status).toBe(200);
  await other.next(({ object }) => object.metadata.labels?.turn === 'last');
  let text = '';
  const ended = new Promise((resolve) => slow?.on('end', resolve));
  slow.on('data', (chunk: Buffer) => (text += chunk.toString())).resume();
  await ended;
  const turns = [...text.matchAll(/"turn":"(\w+)"/g)].map(([, turn]) => turn);
  expect(turns).toEqual(Array.from({ length: turns.length }, (_, i) => String(i))); // and not the last
  watch.destroy();
  await server.call('DELETE', `/api/v1/namespaces/${name}`);
});

it('a client that reads nothing of a watch is dropped before what it leaves unread fills the memory', async () => {
  let slow: IncomingMessage | undefined;
  ask(WATCH, {}, (answer) => (slow = answer.pause())).end();
  while (!slow) await delay(10);
  const name = 'unread';
  const annotations = { filling: 'x'.repeat(250_000) };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, annotations } };
  await server.call('POST', '/api/v1/namespaces', namespace);
  // Twice what may be left unread.
  for (let i = 0; i < 130; i++)
    await server.call('PATCH', `/api/v1/namespaces/${name}`, { metadata: { labels: { turn: String(i) } } }, MERGE);
  const broken = new Promise((resolve) => slow?.on('aborted', resolve));
  let text = '';
  slow.on('data', (chunk: Buffer) => (text += chunk.toString())).resume();
  await broken;
  const turns = [...text.matchAll(/"turn":"(\d+)"/g)].map(([, turn]) => Number(turn));
  expect(turns).toEqual(Array.from({ length: turns.length }, (_, i) => i));
  expect(turns.length).toBeLessThan(129);
  await server.call('DELETE', `/api/v1/namespaces/${name}`);
});

it('clients that leave in the middle of anything leave nothing behind', async () => {
  const held = (): number => process.getActiveResourcesInfo().filter((name) => /^T(CP|LS)/.test(name)).length;
  expect(await ready()).toBe(200);
  const before = held();
  const now = Date.now() / 1000;
  const range = `query=${encodeURIComponent('{__name__=~".+"}')}&start=${now - 300}&end=${now}&step=1`;
  const proxied = `/api/v1/namespaces/monitoring/services/prometheus-operated:web/proxy/api/v1/query_range?${range}`;
  const half = { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': '1000' } };
  const direct = (): ClientRequest =>
    httpRequest(`${server.cluster.prometheusUrl}/api/v1/query_range?${range}`, { agent: false });
  const kinds: (() => ClientRequest)[] = [
    () => ask(`${CHAOS}?watch=true&timeoutSeconds=1`),
    () => ask(`/api/v1/events?watch=true`, {}, (answer) => answer.pause()),
    () => ask(proxied),
    () => ask(proxied, {}, (answer) => answer.pause()),
    () => ask(`${CHAOS}?dryRun=All`, half),
    direct,
  ];
  const open: ClientRequest[] = [];
  for (let i = 0; i < 120; i++) {
    const client = (kinds[i % kinds.length] as () => ClientRequest)();
    client.on('error', () => undefined);
    if (i % kinds.length === 4) client.write('{"kind":');
    else client.end();
    open.push(client);
    if (i % 10 === 5) {
      const name = `left-${i}`;
      expect((await server.call('POST', CHAOS, stress(name, { duration: '1h' }))).status).toBe(201);
      await server.call('DELETE', `${CHAOS}/${name}`);
    }
    // The one that came ten before goes now, whatever it has got.
    open[i - 10]?.destroy();
  }
  for (const client of open) client.destroy();
  while (held() > before) await delay(20);
  expect(await ready()).toBe(200);
});
