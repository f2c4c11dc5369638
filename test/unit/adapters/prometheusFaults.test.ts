import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMetricSource, directEndpoint, type MetricSourceOptions } from '../../../src/adapters/prometheus/index';
import { MAX_POINTS } from '../../../src/adapters/prometheus/range';
import type { MetricFrame } from '../../../src/core/metrics/series';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { createMonitor, type Monitor } from '../../../src/core/monitoring/monitor';
import type { MonitorState } from '../../../src/core/monitoring/monitorState';
import type { AnomalyScorer } from '../../../src/core/diagnosis/scorer';
import type { MetricSource } from '../../../src/core/metrics/source';
import { ManualClock, settle, silentLog } from '../../support';
import { FakeGateway } from '../injection/fakes';
import { target } from '../cluster/targets';
import { json, TestServer } from './server';
import { until } from '../../until';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const STEP = 15_000;
const MIB = 1024 * 1024;
const FROM = NOW - 600_000;

let server: TestServer;
let url: string;
let clock: ManualClock;

beforeEach(async () => {
  server = new TestServer();
  url = await server.start();
  clock = new ManualClock(NOW);
});
afterEach(() => server.stop());

const success = (response: ServerResponse, result: unknown[], extra: object = {}): void =>
  json(response, { status: 'success', data: { resultType: 'matrix', result }, ...extra });
/** A series of the one node that is asked for. */
const series = (values: [number, string][]): unknown => ({ metric: { pod: target().pod }, values });
type Range = (response: ServerResponse, query: string, parameters: URLSearchParams) => void;

/** A sample on every step of a range query. */
const whole: Range = (response, _query, parameters) => {
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(parameters.get(name))) as [
    number,
    number,
    number,
  ];
  const count = Math.round((end - start) / step) + 1;
  success(response, [series(Array.from({ length: count }, (_, i) => [start + i * step, '1']))]);
};

/** A server that has everything once; range queries go to the given function. */
function serve(range: Range, copies = 1): void {
  server.handler = (_request, response, { pathname, searchParams }) => {
    const query = searchParams.get('query') ?? '';
    if (pathname.endsWith('/buildinfo')) return json(response, { status: 'success', data: { version: '3.1.0' } });
    if (pathname.endsWith('/query_range')) return range(response, query, searchParams);
    const many = query.startsWith('count(count by') ? copies : 3;
    const at = [NOW / 1000 - 10, NOW / 1000 - 5, NOW / 1000];
    success(response, [series(at.map((one) => [one, query.startsWith('count') ? String(many) : '1']))]);
  };
}

function source(change: Partial<MetricSourceOptions> = {}): MetricSource {
  const resolve = (): Promise<ReturnType<typeof directEndpoint>> => Promise.resolve(directEndpoint(url));
  return createMetricSource({
    resolve,
    clock,
    profile: 'container',
    container: 'observer',
    log: silentLog,
    timeoutMs: 2000,
    ...change,
  });
}

const targets = [target()];
const request = { targets, fromMs: FROM, toMs: NOW, stepMs: STEP };
const one = { ...request, metrics: ['cpu.used'] };

describe('a monitor over a Prometheus', () => {
  let monitor: Monitor;
  let states: MonitorState[];

  function watch(change: Partial<MetricSourceOptions> = {}): void {
    const scorer = {
      analyse: () => Promise.resolve({ ranks: { nodes: [] }, diagnosis: { unjudged: [] } }),
      dispose: () => undefined,
    } as unknown as AnomalyScorer;
    states = [];
    monitor = createMonitor({
      targets: { list: () => Promise.resolve(targets), permissions: () => Promise.resolve([]) } as never,
      query: { namespace: 'oceanbase', labelSelector: 'x', container: 'observer' },
      metrics: source(change),
      scorer,
      store: new ExperimentStore({ gateway: new FakeGateway(), clock }),
      clock,
      log: silentLog,
      windowMs: 600_000,
      stepMs: STEP,
      refreshMs: STEP,
    });
    monitor.subscribe((state) => states.push(state));
  }

  const reached = (state: string): Promise<MonitorState> =>
    until(`the state ${state}`, () => (states.at(-1)?.health.state === state ? states.at(-1) : undefined));

  const faults: [string, (response: ServerResponse) => void, string][] = [
    ['that is down', (response) => void response.destroy(), 'unreachable'],
    ['that is slow', () => undefined, 'timeout'],
    [
      'that is cut off',
      (response) =>
        void (
          response.writeHead(200, { 'content-length': '99' }).write('{"status":'),
          setTimeout(() => response.destroy(), 5)
        ),
      'unreachable',
    ],
    [
      'that sends half its JSON',
      (response) => void response.writeHead(200).end('{"status":"success","data":{"res'),
      'badAnswer',
    ],
    ['that sends a web page', (response) => void response.writeHead(200).end('<html>sign in</html>'), 'badAnswer'],
    [
      'that says `status: error`',
      (response) => json(response, { status: 'error', errorType: 'unavailable', error: 'TSDB not ready' }, 503),
      'server',
    ],
    ['that wants a new token', (response) => void response.writeHead(401).end(), 'unauthorized'],
  ];

  it.each(faults)(
    '%s keeps its last picture, says since when and why, and goes on by itself',
    async (_, answer, code) => {
      serve(whole);
      watch({ timeoutMs: code === 'timeout' ? 300 : 10_000 });
      const before = await reached('live');
      expect(before.frame?.series.length).toBeGreaterThan(5);
      const good = server.handler;
      server.handler = (_request, response) => answer(response);
      clock.advance(STEP);
      const stale = await reached('stale');
      expect(stale).toMatchObject({ health: { since: NOW, error: { code } } });
      expect(stale.frame).toBe(before.frame);
      server.handler = good;
      await settle();
      clock.advance(10 * 60_000);
      const after = await reached('live');
      expect(after.frame).not.toBe(before.frame);
      monitor.dispose();
    },
  );
});

describe('a range', () => {
  it.each([
    [
      '11,000 points as Prometheus',
      11_000,
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    ],
    ['3,000 points, less than usual', 3000, 'exceeded maximum resolution of 3,000 points per timeseries'],
    [
      '500 points as VictoriaMetrics',
      500,
      'too many points for the given step; cannot exceed -search.maxPointsPerTimeseries=500',
    ],
  ])('over a server that takes %s is asked in pieces and joined without a gap', async (_, limit, message) => {
    const pieces: number[] = [];
    serve((response, query, parameters) => {
      const count =
        (Number(parameters.get('end')) - Number(parameters.get('start'))) / Number(parameters.get('step')) + 1;
      if (count > limit) return json(response, { status: 'error', errorType: 'bad_data', error: message }, 400);
      pieces.push(count);
      return whole(response, query, parameters);
    });
    const count = MAX_POINTS + 2345;
    const frame = await source().fetch({ ...one, fromMs: NOW - (count - 1) * 1000, stepMs: 1000 });
    expect(frame.series[0]?.values).toHaveLength(count);
    expect(frame.series[0]?.values.every((value) => value === 1)).toBe(true);
    expect(pieces.reduce((sum, size) => sum + size, 0)).toBe(count);
    expect(frame.problems).toEqual([]);
  });

  it('of one point that is refused so is an error, not a loop', async () => {
    serve((response) => json(response, { status: 'error', errorType: 'bad_data', error: 'too many points' }, 400));
    await expect(source().fetch(one)).rejects.toMatchObject({ code: 'invalid' });
    expect(server.requests.length).toBeLessThan(60);
  });
});

describe('a metric', () => {
  const refuse: Range = (response) => json(response, { status: 'error', errorType: 'internal', error: 'down' }, 500);
  const valuesOf = ({ series: all }: MetricFrame, metric: string): number[] => [
    ...(all.find((one) => one.metric === metric)?.values ?? []),
  ];

  it('whose query fails keeps the samples of before, and is said to be old and incomplete', async () => {
    serve(whole);
    const metrics = source();
    await metrics.fetch(request);
    clock.advance(STEP);
    serve((...asked) => (asked[1].includes('cpu_usage') ? refuse : whole)(...asked));
    const later = { ...request, fromMs: FROM + STEP, toMs: NOW + STEP };
    const frame = await metrics.fetch(later);
    expect(valuesOf(frame, 'cpu.used')).toEqual([...new Array<number>(40).fill(1), NaN]);
    expect(valuesOf(frame, 'memory.rss')).toEqual(new Array<number>(41).fill(1));
    expect(frame.problems).toMatchObject([{ metric: 'cpu.used', incomplete: true, keptUntil: NOW }]);
    serve(whole);
    expect(valuesOf(await metrics.fetch(later), 'cpu.used')).toEqual(new Array<number>(41).fill(1));
  });

  it('that the server had is asked for from then on, so that its absence shows however long it lasts', async () => {
    const without = (name: string): void => {
      serve(whole);
      const all = server.handler;
      server.handler = (asked, response, url_) =>
        url_.searchParams.get('query')?.includes(name) ? success(response, []) : all(asked, response, url_);
    };
    serve(whole);
    const metrics = source();
    await metrics.fetch(request);
    without('memory_rss');
    for (const minutes of [20, 20, 1440]) {
      clock.advance(minutes * 60_000);
      const toMs = clock.now();
      const frame = await metrics.fetch({ ...request, fromMs: toMs - 600_000, toMs });
      expect(valuesOf(frame, 'memory.rss').at(-1)).toBeNaN();
    }
  });
});

describe('an answer of 50 MB', () => {
  /** Streams as fast as it is read until it is hung up on; counts what was taken. */
  function flood(response: ServerResponse, taken: { bytes: number }): void {
    const block = `${' '.repeat(MIB - 1)}\n`;
    response.writeHead(200, { 'content-type': 'application/json' });
    const send = (): void => {
      while (taken.bytes < 50 * MIB && !response.destroyed) {
        taken.bytes += MIB;
        if (!response.write(block)) return void response.once('drain', send);
      }
      response.end();
    };
    send();
  }

  it('is cut off at the limit and said to be so; the other metrics are drawn', async () => {
    const taken = { bytes: 0 };
    serve((response, query, parameters) =>
      query.includes('memory_rss') ? flood(response, taken) : whole(response, query, parameters),
    );
    const frame = await source().fetch(request);
    expect(frame.problems).toMatchObject([
      { metric: 'memory.rss', message: expect.stringContaining('exceeded the size limit') },
    ]);
    expect(taken.bytes).toBeLessThan(26 * MIB); // 16 are taken; the rest waits in the sockets
    expect(frame.series.find(({ metric }) => metric === 'memory.rss')?.values.every(Number.isNaN)).toBe(true);
    expect(frame.series.find(({ metric }) => metric === 'memory.used')?.values.every((value) => value === 1)).toBe(
      true,
    );
  });

  it('is cut off as well where it was packed into a few kilobytes', async () => {
    const packed = gzipSync(Buffer.alloc(50 * MIB, ' '));
    serve((response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed));
    await expect(source().fetch(one)).rejects.toMatchObject({
      code: 'badAnswer',
      message: expect.stringContaining('exceeded the size limit'),
    });
  });
});

describe('samples', () => {
  it('that are partly missing are gaps, with the warning that came with them, once', async () => {
    serve((response, _query, parameters) => {
      const start = Number(parameters.get('start'));
      success(
        response,
        [
          series([
            [start, '1'],
            [NOW / 1000, '3'],
          ]),
        ],
        { warnings: ['PromQL: 2 of 3 stores did not answer'] },
      );
    });
    const frame = await source().fetch({ ...one, fromMs: NOW - (MAX_POINTS + 10) * STEP });
    expect(frame.series[0]?.values.filter((value) => !Number.isNaN(value)).length).toBe(3); // two pieces
    expect(frame.problems.map(({ message }) => message)).toEqual([
      'Prometheus warns: PromQL: 2 of 3 stores did not answer',
    ]);
  });

  it('that ended some minutes ago are not drawn on, and it is said since when the node is silent', async () => {
    serve((response) =>
      success(response, [
        series([
          [FROM / 1000, '1'],
          [(NOW - 240_000) / 1000, '2'],
        ]),
      ]),
    );
    const frame = await source().fetch(one);
    expect(frame.series[0]?.values.at(-1)).toBeNaN();
    expect(frame.problems).toEqual([
      {
        metric: undefined,
        node: target().pod,
        message: expect.stringContaining('for 240 s. Check that it is still scraped.'),
      },
    ]);
    const past = await source().fetch({ ...one, fromMs: FROM - 3_600_000, toMs: NOW - 3_600_000 });
    expect(past.problems).toEqual([]); // a stretch of the past may end where it likes
  });

  it('that are there twice are told of: sums would be too high', async () => {
    serve(whole, 2);
    const info = await source().describe(targets);
    expect(info.notes).toContainEqual(expect.stringContaining('exist 2 times'));
    serve(whole, 1);
    expect((await source().describe(targets)).notes.join()).not.toContain('times');
  });

  it('whose labels clash on the server are one metric’s problem', async () => {
    const clash = 'found duplicate series for the match group {pod="a"} on the right hand-side of the operation';
    serve((response, query, parameters) =>
      query.includes('/')
        ? json(response, { status: 'error', errorType: 'execution', error: clash }, 422)
        : whole(response, query, parameters),
    );
    const frame = await source().fetch(request);
    expect(frame.problems).toMatchObject([
      { metric: 'cpu.throttled', message: expect.stringContaining('duplicate series') },
    ]);
  });
});
