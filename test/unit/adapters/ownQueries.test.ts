import { afterEach, beforeEach, expect, it } from 'vitest';
import { createQueries, directEndpoint } from '../../../src/adapters/prometheus/index';
import { ManualClock } from '../../support';
import { json, TestServer } from './server';

const STEP = 15_000;
let server: TestServer;
let url: string;
let clock: ManualClock;

beforeEach(async () => {
  server = new TestServer();
  url = await server.start();
  clock = new ManualClock();
});

afterEach(() => server.stop());

/** Answers each range with a series of each of these labels, with its place as its value. */
const serve = (...all: Record<string, string>[]): void => {
  server.handler = (_request, response, { searchParams }) => {
    const [start, end] = ['start', 'end'].map((name) => Number(searchParams.get(name))) as [number, number];
    const times = Array.from({ length: Math.floor((end - start) / 15) + 1 }, (_, i) => start + i * 15);
    const result = all.map((metric, i) => ({ metric, values: times.map((at) => [at, String(i)]) }));
    json(response, { status: 'success', data: { resultType: 'matrix', result } });
  };
};

const lines = async (): Promise<unknown[]> => {
  const queries = createQueries({
    resolve: () => Promise.resolve(directEndpoint(url)),
    clock,
    queryOf: () => Promise.resolve(undefined),
  });
  const toMs = clock.now();
  const answer = await queries.range('q', { fromMs: toMs - 4 * STEP, toMs, stepMs: STEP }, 50);
  return answer.lines.map(({ name, values }) => [name, values[0]]);
};

it('series whose only labels differ in name alone are lines of their own', async () => {
  serve({ pod: 'x' }, { node: 'x' }, { node: 'y' });
  expect(await lines()).toEqual([
    ['y', 2],
    ['{node="x"}', 1],
    ['{pod="x"}', 0],
  ]);
});

it('series are named by what tells them apart, and without labels by the query', async () => {
  serve({ __name__: 'up', pod: 'x' }, {}, { pod: 'x' });
  expect(await lines()).toEqual([
    ['q', 1],
    ['up{pod="x"}', 0],
    ['x', 2],
  ]);
});
