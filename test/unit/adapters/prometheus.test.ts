import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSample } from '../../../src/adapters/prometheus/connection/answer';
import { PrometheusClient } from '../../../src/adapters/prometheus/connection/client';
import { inParallel } from '../../../src/adapters/prometheus/concurrency';
import {
  createMetricSource,
  directEndpoint,
  resolvePrometheus,
  type MetricSourceOptions,
} from '../../../src/adapters/prometheus/index';
import { MAX_POINTS } from '../../../src/adapters/prometheus/range';
import { AppError } from '../../../src/core/base/errors';
import type { MetricSource } from '../../../src/core/metrics/source';
import { ManualClock, silentLog } from '../../support';
import { target } from '../cluster/targets';
import { json, TestServer } from './server';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const STEP = 15_000;

let server: TestServer;
let url: string;

beforeEach(async () => {
  server = new TestServer();
  url = await server.start();
});

afterEach(() => server.stop());

const success = (response: ServerResponse, data: unknown, extra: object = {}): void =>
  json(response, { status: 'success', data, ...extra });
/** The labels of the one node that most tests ask for, whichever tells the nodes apart. */
const NODE = { pod: target().pod, svr_ip: target().ip };
const matrix = (...series: [number, string][][]): unknown => ({
  resultType: 'matrix',
  result: series.map((values) => ({ metric: NODE, values })),
});
const vector = (value: string): unknown => ({
  resultType: 'vector',
  result: [{ metric: {}, value: [NOW / 1000, value] }],
});

function source(change: Partial<MetricSourceOptions> = {}): MetricSource {
  const resolve = (): Promise<ReturnType<typeof directEndpoint>> => Promise.resolve(directEndpoint(url));
  return createMetricSource({
    resolve,
    clock: new ManualClock(NOW),
    profile: 'auto',
    container: 'observer',
    log: silentLog,
    timeoutMs: 2000,
    ...change,
  });
}

/** A server that has everything; range queries go to the given function. */
function serve(range: (response: ServerResponse, query: string, parameters: URLSearchParams) => void): void {
  server.handler = (_request, response, { pathname, searchParams }) => {
    const query = searchParams.get('query') ?? '';
    if (pathname.endsWith('/buildinfo')) return success(response, { version: '3.1.0' });
    if (pathname.endsWith('/query'))
      return success(
        response,
        query.startsWith('count')
          ? vector('3')
          : matrix([
              [NOW / 1000 - 10, '1'],
              [NOW / 1000 - 5, '1'],
              [NOW / 1000, '1'],
            ]),
      );
    return range(response, query, searchParams);
  };
}

const request = { targets: [target()], fromMs: NOW - 60_000, toMs: NOW, stepMs: STEP };
const one = { ...request, metrics: ['cpu.used'] };

describe('values', () => {
  it('are read as Prometheus writes them', () => {
    expect(['1.5', 'NaN', '+Inf', '-Inf', '1e-3', ' ', 'x', null, 2].map(parseSample)).toEqual([
      1.5,
      NaN,
      Infinity,
      -Infinity,
      0.001,
      NaN,
      NaN,
      NaN,
      2,
    ]);
  });

  it('land on the step; gaps, NaN and infinities are gaps, never zeros', async () => {
    const at = (steps: number): number => (NOW - 60_000 + steps * STEP) / 1000;
    serve((response) =>
      success(
        response,
        matrix([
          [at(0), '1'],
          [at(1), 'NaN'],
          [at(2), '+Inf'],
          [at(4), '0'],
          [at(9), '7'],
        ]),
      ),
    );
    const frame = await source().fetch(one);
    expect(frame.timestamps[0]).toBe(NOW - 60_000);
    expect([...(frame.series[0]?.values ?? [])]).toEqual([1, NaN, NaN, NaN, 0]);
    expect(frame.problems).toEqual([]);
  });

  it('that are damaged are left out', async () => {
    serve((response) =>
      success(response, {
        resultType: 'matrix',
        result: [{ metric: null }, { metric: NODE, values: [[NOW / 1000, '2'], ['x', '1'], null, [1]] }],
      }),
    );
    const frame = await source().fetch(one);
    expect(frame.series[0]?.values.at(-1)).toBe(2);
  });
});

describe('a query', () => {
  it('asks over a window of a step and a scrape', async () => {
    const asked: string[] = [];
    serve((response, query) => {
      asked.push(query);
      success(response, matrix([[NOW / 1000, '1']]));
    });
    await source().fetch(one);
    expect(asked).toEqual([
      'sum by (pod) (rate(container_cpu_usage_seconds_total{namespace="oceanbase",pod="obcluster-1-zone1-a17",container="observer"}[20000ms]))',
    ]);
  });

  it('is cut where Prometheus would refuse that many points', async () => {
    const ranges: number[] = [];
    serve((response, _query, parameters) => {
      ranges.push(
        (Number(parameters.get('end')) - Number(parameters.get('start'))) / Number(parameters.get('step')) + 1,
      );
      success(response, matrix([[Number(parameters.get('start')), '1']]));
    });
    const frame = await source().fetch({ ...one, fromMs: NOW - (MAX_POINTS + 50) * 1000, stepMs: 1000 });
    expect(ranges).toEqual([MAX_POINTS, 51]);
    expect(frame.series[0]?.values.filter((value) => value === 1)).toHaveLength(2);
  });

  it('that fails alone is a gap and a named problem', async () => {
    serve((response, query) => {
      if (query.includes('memory_rss'))
        return json(response, { status: 'error', errorType: 'execution', error: 'too many samples' }, 422);
      if (query.includes('fs_reads_total')) return success(response, matrix());
      if (query.includes('fs_writes_total')) return success(response, matrix([[NOW / 1000, '1']], [[NOW / 1000, '2']]));
      if (query.includes('working_set'))
        return success(response, matrix([[NOW / 1000, '1']]), { warnings: ['partial answer'] });
      return success(response, matrix([[NOW / 1000, '1']]));
    });
    const frame = await source({ profile: 'container' }).fetch(request);
    const problems = Object.fromEntries(frame.problems.map(({ metric, message }) => [metric, message]));
    expect(problems).toEqual({
      'memory.rss': 'Prometheus: too many samples',
      'disk.readOps': 'No samples in this range.',
      'disk.writeOps': 'The query returned 2 series instead of one.',
      'memory.used': 'Prometheus warns: partial answer',
    });
    expect(frame.series.find(({ metric }) => metric === 'memory.rss')?.values.every(Number.isNaN)).toBe(true);
  });

  it('shows no remark on the wording of a query as a warning (grafana/grafana#84636)', async () => {
    const remark = 'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket';
    serve((response) => success(response, matrix([[NOW / 1000, '1']]), { warnings: [remark], infos: [remark] }));
    expect((await source({ profile: 'container' }).fetch(request)).problems).toEqual([]);
  });

  it('says where the answer is partial (VictoriaMetrics/VictoriaMetrics#4721)', async () => {
    serve((response) => success(response, matrix([[NOW / 1000, '1']]), { isPartial: true }));
    const { problems } = await source({ profile: 'container' }).fetch(request);
    expect(new Set(problems.map(({ message }) => String(message)))).toEqual(
      new Set(['Prometheus warns: Partial response: a storage node did not respond.']),
    );
  });

  it('of a pod without an address is a problem of its server metrics only', async () => {
    serve((response) => success(response, matrix([[NOW / 1000, '1']])));
    const frame = await source().fetch({
      ...request,
      targets: [target(), target({ pod: 'new', ip: undefined })],
      metrics: ['db.commits'],
    });
    expect(frame.problems).toMatchObject([
      { metric: 'db.commits', node: 'new', message: expect.stringContaining('no address') },
    ]);
    expect(frame.series.map(({ values }) => values.at(-1))).toEqual([1, NaN]);
  });
});

describe('a server', () => {
  it.each<[string, (response: ServerResponse) => void, string]>([
    ['that shows a sign-in page', (response) => void response.writeHead(200).end('<html>sign in</html>'), 'badAnswer'],
    [
      'that redirects to one',
      (response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'badAnswer',
    ],
    ['that speaks another JSON', (response) => json(response, { hello: 1 }), 'badAnswer'],
    ['that wants a password', (response) => void response.writeHead(401).end(), 'unauthorized'],
    ['that forbids', (response) => void response.writeHead(403).end(), 'forbidden'],
    ['that is no Prometheus', (response) => void response.writeHead(404).end('not here'), 'notFound'],
    [
      'that is overloaded',
      (response) => json(response, { status: 'error', errorType: 'timeout', error: 'query timed out' }, 503),
      'timeout',
    ],
    [
      'that is no endpoint of the service proxy',
      (response) => json(response, { kind: 'Status', message: 'no endpoints available' }, 503),
      'server',
    ],
    ['that breaks the connection', (response) => void response.destroy(), 'unreachable'],
    [
      'that answers too much',
      (response) => void response.writeHead(200).end(`{"status":"success","data":"${'x'.repeat(20_000)}"}`),
      'badAnswer',
    ],
  ])('%s', async (_, answer, code) => {
    server.handler = (_request, response) => answer(response);
    await expect(source({ maxBytes: 10_000 }).describe([target()])).rejects.toMatchObject({ code });
  });

  it('that never answers is a timeout; an abort is a cancellation', async () => {
    server.handler = () => undefined;
    await expect(source({ timeoutMs: 30 }).describe([target()])).rejects.toMatchObject({ code: 'timeout' });
    const controller = new AbortController();
    const aborted = source().describe([target()], controller.signal);
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('that went away fails once for all, is looked for again, and is not asked for every metric', async () => {
    let resolved = 0;
    const resolve = (): Promise<ReturnType<typeof directEndpoint>> => {
      resolved += 1;
      return Promise.resolve(directEndpoint(url));
    };
    serve((response) => void response.destroy());
    const metrics = source({ resolve, concurrency: 2 });
    await metrics.describe([target()]);
    const before = server.requests.length;
    await expect(metrics.fetch(request)).rejects.toMatchObject({ code: 'unreachable' });
    expect(server.requests.length - before).toBeLessThan(6);
    serve((response) => success(response, matrix([[NOW / 1000, '1']])));
    await metrics.fetch(one);
    expect(resolved).toBe(2);
  });

  it('has none of the metrics: told, not thrown', async () => {
    server.handler = (_request, response, { pathname }) =>
      pathname.endsWith('/buildinfo')
        ? json(response, { status: 'error' }, 404)
        : success(response, { resultType: 'vector', result: [] });
    const info = await source().describe([target()]);
    expect(info).toMatchObject({
      metrics: [],
      profile: 'container',
      version: undefined,
      notes: [expect.stringContaining('has no metrics of these pods')],
    });
    expect((await source().fetch(request)).series).toEqual([]);
  });

  it('is asked what it has once, not on every refresh', async () => {
    serve((response) => success(response, matrix([[NOW / 1000, '1']])));
    const clock = new ManualClock(NOW);
    const metrics = source({ clock });
    const probes = (): number => server.requests.filter((line) => line.includes('buildinfo')).length;
    await metrics.describe([target()]);
    await metrics.fetch(one);
    expect(probes()).toBe(1);
    clock.advance(6 * 60_000);
    await metrics.describe([target()]);
    expect(probes()).toBe(2);
    await metrics.describe([target({ ip: '10.9.9.9' })]);
    expect(probes()).toBe(3);
  });
});

describe('the way to Prometheus', () => {
  it('moves credentials out of the address', async () => {
    const endpoint = directEndpoint(`${url.replace('//', '//me:s%40cret@')}/prom/?x=1#y`);
    expect(endpoint.baseUrl).toBe(`${url}/prom`);
    expect((await endpoint.access()).headers['Authorization']).toBe(
      `Basic ${Buffer.from('me:s@cret').toString('base64')}`,
    );
    expect((await directEndpoint(url, { token: 't' }).access()).headers['Authorization']).toBe('Bearer t');
    await server.stop();
    const error: unknown = await new PrometheusClient({ endpoint }).query('up', NOW).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(inspect(error, { depth: 20 })).not.toMatch(/s@cret|s%40cret|Basic/);
    server = new TestServer();
    await server.start();
  });

  it.each(['', 'prometheus:9090', 'ftp://x', 'nonsense'])('%j is no address', (text) => {
    expect(() => directEndpoint(text)).toThrow(/not an http or https URL/);
  });

  const finder = (...services: string[]): Parameters<typeof resolvePrometheus>[0]['cluster'] => ({
    listPrometheusServices: () =>
      Promise.resolve(services.map((service) => ({ namespace: 'm', service, port: '9090', flavour: 'prometheus' }))),
    serviceProxy: ({ service }) => directEndpoint(`${url}/${service}`),
    chosenService: ({ service }) => Promise.resolve(directEndpoint(`${url}/${service}`)),
  });

  it('is the first service that answers as one', async () => {
    server.handler = (_request, response, { pathname }) =>
      pathname.startsWith('/good/') ? success(response, vector('1')) : void response.writeHead(503).end();
    const endpoint = await resolvePrometheus({ url: '', cluster: finder('bad', 'good'), log: silentLog });
    expect(endpoint.baseUrl).toBe(`${url}/good`);
    await expect(resolvePrometheus({ url: '', cluster: finder('bad'), log: silentLog })).rejects.toMatchObject({
      code: 'server',
      hint: expect.stringContaining('Check Prometheus'),
    });
  });

  it('is asked for where there is none', async () => {
    await expect(resolvePrometheus({ url: ' ', cluster: finder(), log: silentLog })).rejects.toMatchObject({
      code: 'notConfigured',
    });
    await expect(resolvePrometheus({ url: '', cluster: undefined, log: silentLog })).rejects.toMatchObject({
      code: 'notConfigured',
    });
  });
});

it('tasks run with a limit, in order, and stop at the first failure', async () => {
  let running = 0;
  let most = 0;
  const task = (value: number) => async (): Promise<number> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return value;
  };
  expect(await inParallel(3, [1, 2, 3, 4, 5, 6, 7].map(task))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
  let started = 0;
  const failing = Array.from({ length: 10 }, () => async (): Promise<void> => {
    started += 1;
    throw new Error('no');
  });
  await expect(inParallel(2, failing)).rejects.toThrow('no');
  expect(started).toBe(2);
});
