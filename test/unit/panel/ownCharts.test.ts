import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../src/core/errors';
import type { QueryAnswer, QueryGateway } from '../../../src/core/metrics/chartQuery';
import type { OwnChart } from '../../../src/shared/chartMessages';
import { OwnCharts } from '../../../src/ui/panel/ownCharts';
import { chartData, fileName } from '../../../src/ui/panel/saveCharts';
import { silentLog } from '../../support';

vi.mock('vscode', () => ({ l10n: { t: (text: string) => text } }));

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

beforeEach(() => {
  kept = new Map();
  posted = [];
  answers = new Map();
  limits = [];
  charts = make();
});

describe('charts of one’s own', () => {
  it('are kept with the workspace, drawn, and removed', async () => {
    expect(await charts.add('up')).toBe(true);
    expect(await charts.add('up')).toBe(false);
    await charts.add('rate(x[1m])');
    await make().refresh(queries, STRETCH);
    expect(posted.at(-1)?.map(({ id, query, left }) => [id, query, left])).toEqual([
      ['own:1', 'up', 3],
      ['own:2', 'rate(x[1m])', 3],
    ]);
    expect(limits).toEqual([50, 50]);
    await charts.refresh(queries, STRETCH);
    await charts.remove('own:1');
    expect(posted.at(-1)?.map(({ id }) => id)).toEqual(['own:2']);
    await charts.add('up');
    expect(charts.kept.map(({ id }) => id)).toEqual(['own:2', 'own:3']);
  });

  it('say each by itself what is wrong with its query', async () => {
    await charts.add('bad(');
    await charts.add('up');
    answers.set('bad(', () => Promise.reject(new AppError('invalid', 'parse error', { hint: 'Correct it.' })));
    answers.set('up', () => Promise.resolve({ ...answered, lines: [] }));
    await charts.refresh(queries, STRETCH);
    expect(posted.at(-1)?.map(({ problem }) => problem)).toEqual([
      { message: 'parse error', hint: 'Correct it.' },
      { message: 'The query has no sample in this range.', hint: undefined },
    ]);
  });

  it('are asked for the newest range only', async () => {
    await charts.add('up');
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
    expect(charts.kept).toEqual([{ id: 'own:1', query: 'up' }]);
    for (let i = 0; i < 19; i++) expect(await charts.add(`x${i}`)).toBe(true);
    expect(await charts.add('y')).toBe(false);
    kept.set('distdiag.charts', 'damaged');
    expect(charts.kept).toEqual([]);
  });
});

describe('charts in a file', () => {
  const own: OwnChart = { id: 'own:1', query: 'up', ...answered, problem: undefined };
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
