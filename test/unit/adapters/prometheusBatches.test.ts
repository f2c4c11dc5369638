import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMetricSource, directEndpoint } from '../../../src/adapters/prometheus/index';
import { CONTAINER_PROFILE } from '../../../src/core/metrics/profiles';
import type { MetricFrame } from '../../../src/core/metrics/series';
import type { MetricSource } from '../../../src/core/metrics/source';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import { literalsOf } from '../../../src/demo/prometheus/re2';
import { matcherTest } from '../../../src/demo/prometheus/store';
import { parseExpression, parseMatchers, type Matcher, type Node } from '../../../src/demo/prometheus/syntax';
import { ManualClock, silentLog } from '../../support';
import { target } from '../cluster/targets';
import { json, TestServer } from './server';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const STEP = 15_000;

let server: TestServer;
let source: MetricSource;
/** The pods that each range query named. */
let asked: string[][];

/** The pod matcher of a query. */
function podMatcher(query: string): Matcher {
  const found = (node: Node): Matcher | undefined =>
    node.type === 'VectorSelector'
      ? parseMatchers(node).find(({ label }) => label === 'pod')
      : node.children.map(found).find(Boolean);
  return found(parseExpression(query)) as Matcher;
}

const named = ({ op, value }: Matcher): string[] => (op === '=' ? [value] : [...(literalsOf(value) ?? [])]);

type Range = (response: ServerResponse, pods: string[], query: string, parameters: URLSearchParams) => void;

/** Answers with a sample at each end for these series: the pod's number in the list is its value. */
function answer(response: ServerResponse, parameters: URLSearchParams, pods: readonly string[]): void {
  const ends = ['start', 'end'].map((name) => Number(parameters.get(name)));
  const result = pods.map((pod) => ({ metric: { pod }, values: ends.map((at) => [at, String(pod.length)]) }));
  json(response, { status: 'success', data: { resultType: 'matrix', result } });
}

function serve(range: Range): void {
  server.handler = (_request, response, { pathname, searchParams }) => {
    const query = searchParams.get('query') ?? '';
    if (pathname.endsWith('/buildinfo')) return json(response, { status: 'success', data: { version: '3.1.0' } });
    const pods = named(podMatcher(query));
    if (pathname.endsWith('/query_range')) {
      asked.push(pods);
      return range(response, pods, query, searchParams);
    }
    const value = query.startsWith('count') ? '1' : String(NOW / 1000);
    const result = pods.map((pod) => ({ metric: { pod }, value: [NOW / 1000, value] }));
    json(response, { status: 'success', data: { resultType: 'vector', result } });
  };
}

const all: Range = (response, pods, _query, parameters) => answer(response, parameters, pods);
const refuse = (response: ServerResponse, error: string): void =>
  json(response, { status: 'error', errorType: 'execution', error }, 422);

const cluster = (count: number): DatabasePod[] => Array.from({ length: count }, (_, i) => target({ pod: `ob-${i}` }));
const fetchOf = (targets: readonly DatabasePod[], minutes = 5): Promise<MetricFrame> =>
  source.fetch({ targets, fromMs: NOW - minutes * 60_000, toMs: NOW, stepMs: STEP, metrics: ['cpu.used'] });
const missing = (frame: MetricFrame): string[] =>
  frame.series.filter(({ values }) => values.every(Number.isNaN)).map(({ node }) => node);

beforeEach(async () => {
  server = new TestServer();
  const url = await server.start();
  asked = [];
  source = createMetricSource({
    resolve: () => Promise.resolve(directEndpoint(url)),
    clock: new ManualClock(NOW),
    profile: 'container',
    container: 'observer',
    log: silentLog,
  });
});
afterEach(() => server.stop());

describe('a metric of many nodes', () => {
  it('is asked for a hundred at a time, and every node gets its own values in the order asked for', async () => {
    serve((response, pods, _query, parameters) => answer(response, parameters, [...pods].reverse()));
    const targets = cluster(1000);
    await source.describe(targets);
    const probes = server.requests.length;
    expect(probes).toBeLessThan(25);
    const frame = await fetchOf(targets);
    expect(asked.map((pods) => pods.length)).toEqual(Array.from({ length: 10 }, () => 100));
    expect(server.requests).toHaveLength(probes + 10);
    expect(Math.max(...server.requests.map((line) => line.length))).toBeLessThan(8000);
    expect(frame.series.map(({ node }) => node)).toEqual(targets.map(({ pod }) => pod));
    for (const { node, values } of frame.series) expect(values.at(-1)).toBe(node.length);
    expect(frame.problems).toEqual([]);
  });

  it('is a gap and a named problem for the node that has no samples, and not for the others', async () => {
    serve((response, pods, _query, parameters) =>
      answer(
        response,
        parameters,
        pods.filter((pod) => pod !== 'ob-2'),
      ),
    );
    const frame = await fetchOf(cluster(4));
    expect(frame.problems).toEqual([{ metric: 'cpu.used', node: 'ob-2', message: 'No samples in this range.' }]);
    expect(missing(frame)).toEqual(['ob-2']);
  });

  it('does not take what was not asked for, nor two series for one', async () => {
    serve((response, pods, _query, parameters) => answer(response, parameters, [...pods, 'ob-1', 'stranger']));
    const frame = await fetchOf(cluster(3));
    expect(frame.problems).toEqual([
      { metric: 'cpu.used', node: 'ob-1', message: 'The query returned 2 series instead of one.' },
    ]);
    expect(frame.series).toHaveLength(3);
  });

  it('finds names that mean something in an expression or in quotes', async () => {
    const names = ['a.b', 'axb', 'c|d', 'e"f', 'g\\h', '(i)', 'j$w', 'k*', "l'`m", '[n]', 'ö'];
    serve((response, _pods, query, parameters) => {
      const test = matcherTest(podMatcher(query));
      const found = ['a.b', 'a,b', ...names].filter((pod) => test({ pod }));
      answer(response, parameters, [...new Set(found)]);
    });
    const frame = await fetchOf(names.map((pod) => target({ pod })));
    expect(asked).toEqual([names]);
    expect(frame.problems).toEqual([]);
    expect(missing(frame)).toEqual([]);
  });

  it('over a long time is asked for in pieces that no answer outgrows', async () => {
    const points: number[] = [];
    serve((response, pods, _query, parameters) => {
      const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(parameters.get(name))) as [
        number,
        number,
        number,
      ];
      points.push(((end - start) / step + 1) * pods.length);
      answer(response, parameters, pods);
    });
    const frame = await fetchOf(cluster(100), 24 * 60);
    expect(Math.max(...points)).toBeLessThanOrEqual(200_000);
    expect(points.reduce((sum, count) => sum + count, 0)).toBe(100 * frame.timestamps.length);
    expect(frame.series[0]?.values.filter((value) => value > 0)).toHaveLength(2 * points.length);
  });
});

describe('a query for many nodes that fails', () => {
  it('because of one of them leaves that one out', async () => {
    serve((response, pods, _query, parameters) =>
      pods.includes('ob-42') ? refuse(response, 'bad') : answer(response, parameters, pods),
    );
    const frame = await fetchOf(cluster(100));
    expect(missing(frame)).toEqual(['ob-42']);
    expect(frame.problems).toEqual([
      { metric: 'cpu.used', node: 'ob-42', message: 'Prometheus: bad', incomplete: true },
    ]);
    expect(asked.length).toBeLessThan(20);
  });

  it.each([
    ['the server', (response: ServerResponse) => refuse(response, 'query processing would load too many samples')],
    ['what stands before it', (response: ServerResponse) => void response.writeHead(414).end()],
  ])('because they are too many for %s is asked for fewer', async (_, tooMany) => {
    serve((response, pods, _query, parameters) =>
      pods.length > 30 ? tooMany(response) : answer(response, parameters, pods),
    );
    const frame = await fetchOf(cluster(200));
    expect(missing(frame)).toEqual([]);
    expect(frame.problems).toEqual([]);
  });

  it('whatever it asks for is not asked on and on, and told of every node', async () => {
    serve((response, pods, query, parameters) =>
      query.includes('memory_rss') ? refuse(response, 'never') : answer(response, parameters, pods),
    );
    const targets = cluster(300);
    const frame = await source.fetch({ targets, fromMs: NOW - 60_000, toMs: NOW, stepMs: STEP });
    const failed = frame.problems.filter(({ metric }) => metric === 'memory.rss');
    expect(new Set(failed.map(({ node }) => node)).size).toBe(300);
    expect(frame.problems).toHaveLength(300);
    expect(asked.length).toBeLessThan(CONTAINER_PROFILE.queries.length * 5 + 32);
  });

  it('is not split where the server is away', async () => {
    serve(all);
    await source.describe(cluster(50));
    serve((response) => void response.destroy());
    await expect(fetchOf(cluster(50))).rejects.toMatchObject({ code: 'unreachable' });
    expect(asked).toHaveLength(1);
  });
});
