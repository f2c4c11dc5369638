import { describe, expect, it } from 'vitest';
import { queryInstant, queryRange } from '../../../../src/demo/prometheus/engine';
import { SeriesStore } from '../../../../src/demo/prometheus/store';

const T = 1_700_000_000_000;

/** Samples every 5 s from T. */
function storeOf(
  name: string,
  labels: Record<string, string>,
  values: readonly number[],
  store = new SeriesStore(),
): SeriesStore {
  values.forEach((value, i) => store.append(name, labels, T + i * 5000, value));
  return store;
}
const vector = (store: SeriesStore, query: string, seconds: number): [string, number][] => {
  const value = queryInstant(store, query, T + seconds * 1000);
  if (value.type !== 'vector') throw new Error(value.type);
  return value.vector.map(({ labels, value: number }) => [JSON.stringify(labels), number]);
};
const scalar = (store: SeriesStore, query: string, seconds: number): number =>
  vector(store, query, seconds)[0]?.[1] as number;

describe('rate, increase and delta', () => {
  // 0 10 20 30 40 at 0 5 10 15 20 s
  const store = storeOf('c', { a: 'x' }, [0, 10, 20, 30, 40]);

  it('extrapolates to the edges of a range that the samples nearly fill', () => {
    // range [0, 22]: first sample at its start, last 2 s before its end (below 1.1 × 5 s), so 40 over 20 s becomes 44 over 22 s
    expect(scalar(store, 'increase(c[22s])', 22)).toBeCloseTo(44, 9);
    expect(scalar(store, 'rate(c[22s])', 22)).toBeCloseTo(2, 9);
  });

  it('extrapolates by half an interval where samples are missing at an edge', () => {
    // range [-20, 30]: 10 s missing at the end, a counter that starts at 0 is not extrapolated below 0
    expect(scalar(store, 'increase(c[50s])', 30)).toBeCloseTo(45, 9);
  });

  it('adds what a reset has hidden, and delta does not', () => {
    const reset = storeOf('c', {}, [10, 20, 5, 15]);
    expect(scalar(reset, 'increase(c[15s])', 15)).toBeCloseTo(25, 9);
    expect(scalar(reset, 'delta(c[15s])', 15)).toBeCloseTo(5, 9);
    expect(scalar(reset, 'irate(c[15s])', 15)).toBeCloseTo(2, 9);
    expect(scalar(reset, 'resets(c[15s])', 15)).toBe(1);
  });

  it('says nothing with one sample', () => {
    expect(vector(store, 'rate(c[4s])', 20)).toEqual([]);
  });
});

describe('selectors', () => {
  const store = storeOf('m', { pod: 'a', zone: 'z1' }, [1]);
  storeOf('m', { pod: 'b', zone: 'z2' }, [2], store);
  storeOf('m', { pod: 'bb' }, [3], store);

  it('matches by all four operators, anchored', () => {
    const pods = (query: string): number[] => vector(store, query, 1).map(([, value]) => value);
    expect(pods('m{pod="a"}')).toEqual([1]);
    expect(pods('m{pod!="a"}')).toEqual([2, 3]);
    expect(pods('m{pod=~"b"}')).toEqual([2]);
    expect(pods('m{pod=~"b.*"}')).toEqual([2, 3]);
    expect(pods('m{pod!~"b.*"}')).toEqual([1]);
    expect(pods('m{zone=""}')).toEqual([3]);
  });

  it('looks back five minutes and no further', () => {
    expect(vector(store, 'm{pod="a"}', 300)).toHaveLength(1); // Prometheus 2 counts the edge in
    expect(vector(store, 'm{pod="a"}', 300.001)).toHaveLength(0);
    expect(vector(store, 'm{pod="a"} offset 1m', 330)).toHaveLength(1);
  });

  it('is stale at once when a scrape lacks a series', () => {
    const scraped = new SeriesStore();
    scraped.scrape(T, [{ name: 'g', labels: { a: '1' }, value: 7 }]);
    scraped.scrape(T + 5000, []);
    expect(vector(scraped, 'g', 4)).toHaveLength(1);
    expect(vector(scraped, 'g', 5)).toHaveLength(0);
  });
});

describe('operators and aggregation', () => {
  const store = storeOf('a', { pod: 'x', kind: 'k1' }, [6]);
  storeOf('a', { pod: 'y', kind: 'k1' }, [8], store);
  storeOf('b', { pod: 'x', other: 'o' }, [2], store);
  storeOf('b', { pod: 'y', other: 'o' }, [4], store);

  it('matches vectors on labels', () => {
    expect(vector(store, 'a / on(pod) b', 1)).toEqual([
      ['{"pod":"x"}', 3],
      ['{"pod":"y"}', 2],
    ]);
    expect(vector(store, 'a * on(pod) group_left(other) b', 1)).toEqual([
      ['{"pod":"x","kind":"k1","other":"o"}', 12],
      ['{"pod":"y","kind":"k1","other":"o"}', 32],
    ]);
    expect(vector(store, 'a / ignoring(kind) b', 1)).toEqual([]);
  });

  it('compares as a filter and as a number', () => {
    expect(vector(store, 'a > 7', 1)).toEqual([['{"__name__":"a","pod":"y","kind":"k1"}', 8]]);
    expect(vector(store, 'a > bool 7', 1).map(([, value]) => value)).toEqual([0, 1]);
  });

  it('respects precedence and parentheses', () => {
    const constant = (query: string): number => {
      const value = queryInstant(store, query, T);
      return value.type === 'scalar' ? value.scalar : NaN;
    };
    expect(constant('2 + 3 * 4 ^ 2')).toBe(50);
    expect(constant('(2 + 3) * 4')).toBe(20);
    expect(constant('-2 ^ 2')).toBe(-4);
    expect(constant('2 ^ 3 ^ 2')).toBe(512);
  });

  it('aggregates by and without', () => {
    expect(vector(store, 'sum(a)', 1)).toEqual([['{}', 14]]);
    expect(vector(store, 'avg by (kind) (a)', 1)).toEqual([['{"kind":"k1"}', 7]]);
    expect(vector(store, 'max without (pod) (a)', 1)).toEqual([['{"kind":"k1"}', 8]]);
    expect(vector(store, 'topk(1, a)', 1).map(([, value]) => value)).toEqual([8]);
    expect(vector(store, 'sum(nothing)', 1)).toEqual([]);
  });

  it('takes the least and greatest of what is a number, where there is any', () => {
    const numbers = storeOf('n', { a: 'x' }, [4]);
    expect(['min(vector(NaN) or n)', 'max(n or vector(NaN))'].map((query) => scalar(numbers, query, 0))).toEqual([
      4, 4,
    ]);
    expect(scalar(numbers, 'min(vector(NaN))', 0)).toBeNaN();
  });

  it('reads numbers as Go does', () => {
    expect(['vector(017)', 'vector(09)', 'vector(0x1F)'].map((query) => scalar(new SeriesStore(), query, 0))).toEqual([
      15, 9, 31,
    ]);
  });

  it('knows the set operators', () => {
    expect(vector(store, 'a and on(pod) b > 3', 1).map(([, value]) => value)).toEqual([8]); // comparison binds closer
    expect(vector(store, 'a unless on(pod) (b > 3)', 1).map(([, value]) => value)).toEqual([6]);
    expect(vector(store, 'a or nothing', 1)).toHaveLength(2);
  });
});

describe('what it refuses', () => {
  const store = storeOf('c', {}, [1, 2]);
  it.each([
    ['', /no expression/],
    ['c +', /parse error/],
    ['rate(c)', /range vector/],
    ['{a=""}', /non-empty matcher/],
    ['c{a=~"("}', /regexp/],
    ['histogram_quantile(0.9, c)', /not supported/],
    ['c[5m:1m]', /unsupported/],
    ['1 > 2', /BOOL/],
    ['rate(c[0s])', /greater than 0/],
    ['c offset 0s', /greater than 0/],
  ])('%s', (query, message) => {
    expect(() => queryInstant(store, query, T)).toThrow(message);
  });

  it('refuses more than 11,000 points and a step of nothing', () => {
    expect(() => queryRange(store, 'c', { startMs: T, endMs: T + 12_000_000, stepMs: 1000 })).toThrow(/11,000/);
    expect(() => queryRange(store, 'c', { startMs: T, endMs: T, stepMs: 0 })).toThrow(/step/);
  });
});
