import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import type { QueryAnswer, QueryGateway } from '../../../src/core/metrics/chartQuery';
import type { OwnChart } from '../../../src/shared/chartMessages';
import { OwnCharts } from '../../../src/ui/panel/ownCharts';
import { chartData, fileName } from '../../../src/ui/panel/saveCharts';
import { silentLog } from '../../support';

const STRETCH = { fromMs: 0, toMs: 1000, stepMs: 1000 };
const line = { name: 'n1', values: Float64Array.from([1, 2]) };
const answered: QueryAnswer = { timestamps: Float64Array.from([0, 1000]), lines: [line], left: 3, warnings: [] };

let kept: Map<string, unknown>;
let posted: (readonly OwnChart[])[];
let charts: OwnCharts;
let answers: Map<string, () => Promise<QueryAnswer>>;
let limits: number[];

const queries: QueryGateway = {
  names: () => Promise.resolve([]),
  queryOf: () => Promise.resolve(undefined),
  range: (query, _stretch, most) => {
    limits.push(most);
    return answers.get(query)?.() ?? Promise.resolve(answered);
  },
};

const make = (): OwnCharts =>
  new OwnCharts(
    {
      get: (key: string) => kept.get(key),
      update: (key: string, value: unknown) => {
        kept.set(key, structuredClone(value));
        return Promise.resolve();
      },
    } as never,
    (list) => posted.push(list),
    silentLog,
  );

/** A chart of this query, as the server has it; true where it is kept. */
const add = async (query: string, title = ''): Promise<boolean> =>
  (await charts.save(undefined, { query, title, unit: undefined }, queries, STRETCH)) === undefined;

beforeEach(() => {
  kept = new Map();
  posted = [];
  answers = new Map();
  limits = [];
  charts = make();
});

describe('charts of one’s own', () => {
  it('are kept with the workspace, drawn, and removed', async () => {
    expect(await add('up')).toBe(true);
    expect(await add('up')).toBe(false);
    await add('rate(x[1m])');
    await make().refresh(queries, STRETCH);
    expect(posted.at(-1)?.map(({ id, query, left }) => [id, query, left])).toEqual([
      ['own:1', 'up', 3],
      ['own:2', 'rate(x[1m])', 3],
    ]);
    expect(limits).toEqual([50, 50, 50, 50]); // two of them before they were kept
    await charts.refresh(queries, STRETCH);
    await charts.remove('own:1');
    expect(posted.at(-1)?.map(({ id }) => id)).toEqual(['own:2']);
    await add('up');
    expect(charts.kept.map(({ id }) => id)).toEqual(['own:2', 'own:3']);
  });

  it('say each by itself what is wrong with its query', async () => {
    await add('bad(');
    await add('up');
    // Taken once, and refused now: another server, or another version.
    answers.set('bad(', () => Promise.reject(new AppError('invalid', 'parse error', { hint: 'Correct it.' })));
    answers.set('up', () => Promise.resolve({ ...answered, lines: [] }));
    await charts.refresh(queries, STRETCH);
    expect(posted.at(-1)?.map(({ problem }) => problem)).toEqual([
      { message: 'parse error', hint: 'Correct it.' },
      { message: 'The query returned no samples in this range.', hint: undefined },
    ]);
  });

  it('are not kept where the server refuses the query, and say what is wrong with it', async () => {
    const error = new AppError('invalid', '1:5: parse error: unclosed left parenthesis', { hint: 'Correct it.' });
    answers.set('bad(', () => Promise.reject(error));
    const save = (query: string, id?: string): Promise<string | undefined> =>
      charts.save(id, { query, title: '', unit: undefined }, queries, STRETCH);
    expect(await save('bad(')).toBe('1:5: parse error: unclosed left parenthesis. Correct it.');
    expect(charts.kept).toEqual([]);
    await save('up');
    expect(await save('bad(', 'own:1')).toContain('parse error');
    expect(charts.kept.map(({ query }) => query)).toEqual(['up']);
  });

  it('are given another query, a name and a unit in their place', async () => {
    await add('up');
    await add('down');
    const asked = limits.length;
    const look = { query: 'up', title: 'Servers', unit: 'ratio' as const };
    expect(await charts.save('own:1', look, queries, STRETCH)).toBeUndefined();
    expect(limits).toHaveLength(asked); // the server knows the query
    expect(charts.kept.map(({ id, title, unit }) => [id, title, unit])).toEqual([
      ['own:1', 'Servers', 'ratio'],
      ['own:2', '', undefined],
    ]);
    expect(await charts.save('own:1', { ...look, query: 'down' }, queries, STRETCH)).toContain('already');
    expect(await charts.save('own:9', look, queries, STRETCH)).toContain('no longer exists');
    await charts.refresh(queries, STRETCH);
    expect(posted.at(-1)?.[0]).toMatchObject({ query: 'up', title: 'Servers', unit: 'ratio' });
  });

  it('are asked for the newest range only', async () => {
    await add('up');
    let finish: () => void = () => undefined;
    answers.set('up', () => new Promise((resolve) => (finish = () => resolve(answered))));
    const first = charts.refresh(queries, STRETCH);
    answers.delete('up');
    await charts.refresh(queries, STRETCH);
    finish();
    await first;
    expect(posted).toHaveLength(1);
  });

  it('are at most twenty, and nothing else that lies in their place', async () => {
    kept.set('distdiag.charts', [{ id: 'own:1', query: 'up' }, { id: '<b>', query: 'x' }, 'own:2', null]);
    expect(charts.kept).toEqual([{ id: 'own:1', query: 'up', title: '', unit: undefined }]);
    for (let i = 0; i < 19; i++) expect(await add(`x${i}`)).toBe(true);
    expect(await add('y')).toBe(false);
    kept.set('distdiag.charts', 'damaged');
    expect(charts.kept).toEqual([]);
  });
});

describe('charts in a file', () => {
  const own: OwnChart = { id: 'own:1', query: 'up', title: '', unit: undefined, ...answered, problem: undefined };
  const state = {
    frame: {
      timestamps: answered.timestamps,
      stepMs: 1000,
      nodes: ['n1'],
      series: [{ metric: 'memory.used', node: 'n1', values: Float64Array.from([1, 2]) }],
      problems: [],
    },
    ranks: { nodes: [{ node: 'n1', ranks: Float64Array.from([0, 1]) }], cluster: Float64Array.from([0, 1]) },
  } as never;

  it('are the ranks, the metrics with their units, and one’s own; or one of them', () => {
    expect(chartData(state, [own], undefined).map(({ chart, unit }) => [chart, unit])).toEqual([
      ['rank', undefined],
      ['memory.used', 'bytes'],
      ['up', undefined],
    ]);
    expect(chartData(state, [own], 'own:1')).toMatchObject([{ chart: 'up', lines: [line] }]);
    expect(chartData({ frame: undefined, ranks: undefined }, [], undefined)).toEqual([]);
  });

  it('have a name that every system takes', () => {
    expect(fileName('own:1', 'csv', 0)).toBe('distdiag-own-1-19700101-000000.csv');
    expect(fileName(undefined, 'png', 0)).toBe('distdiag-charts-19700101-000000.png');
  });
});
