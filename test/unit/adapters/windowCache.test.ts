import { beforeEach, describe, expect, it } from 'vitest';
import { WindowCache, type PointRange } from '../../../src/adapters/prometheus/windowCache';
import { timeAxis } from '../../../src/core/metrics/axis';
import { Random } from '../../../src/core/base/random';
import { ManualClock } from '../../support';

const STEP = 15_000;
const WINDOW = 30 * 60_000;
const START = 1_800_000_000_000;

let clock: ManualClock;
let cache: WindowCache;
/** The server's history: what a query gives at a time. */
let value: (at: number, name: string) => number;
let names: string[];
let asked: number[][];

const ask = (timestamps: Float64Array): Promise<PointRange> => {
  asked.push([...timestamps]);
  const nodes = new Map(
    names.map((name) => [
      name,
      {
        points: [...timestamps].map((at) => [at, value(at, name)] as const).filter(([, one]) => !Number.isNaN(one)),
        most: 1,
      },
    ]),
  );
  for (const [name, { points }] of nodes) if (points.length === 0) nodes.delete(name); // as a server does
  return Promise.resolve({ nodes, warnings: new Set() });
};

const look = async (windowMs = WINDOW, stepMs = STEP, key = 'q'): Promise<Record<string, number[]>> => {
  const timestamps = timeAxis(clock.now() - windowMs, clock.now(), stepMs);
  const { nodes } = await cache.range(key, { timestamps, stepMs }, ask);
  for (const { values } of nodes.values()) expect(values).toHaveLength(timestamps.length);
  return Object.fromEntries([...nodes].map(([name, { values }]) => [name, [...values]]));
};

/** What a full query would give now. */
const truth = (windowMs = WINDOW, stepMs = STEP): Record<string, number[]> => {
  const timestamps = [...timeAxis(clock.now() - windowMs, clock.now(), stepMs)];
  return Object.fromEntries(names.map((name) => [name, timestamps.map((at) => value(at, name))]));
};

beforeEach(() => {
  clock = new ManualClock(START);
  cache = new WindowCache({ clock });
  value = (at) => at / STEP;
  names = ['n1', 'n2'];
  asked = [];
});

describe('the window cache', () => {
  it('asks for a window once, then for its end with what may still come late', async () => {
    await look();
    expect(asked[0]?.length).toBeGreaterThan(119);
    clock.advance(STEP);
    expect(await look()).toEqual(truth());
    expect(asked[1]?.length).toBeLessThanOrEqual(11); // two minutes, the new step, and one that is compared
    expect(asked[1]?.at(-1)).toBe(clock.now());
  });

  it('takes samples that came late', async () => {
    const complete = value;
    value = (at, name) => (at > START - 60_000 ? NaN : complete(at, name));
    await look();
    value = complete;
    clock.advance(STEP);
    expect(await look()).toEqual(truth());
  });

  it('takes the values of a rate at the edge as they become, when its window has filled', async () => {
    let seen = START;
    value = (at) => (at > seen - 45_000 ? 0.5 : 1); // less than there is as long as samples are missing
    for (let i = 0; i < 20; i++) {
      expect(await look()).toEqual(truth());
      clock.advance(STEP);
      seen = clock.now();
    }
    expect(asked.slice(1).every(({ length }) => length < 15)).toBe(true);
  });

  it('asks for all when the step changes, or the query does', async () => {
    await look();
    expect(await look(WINDOW, 30_000)).toEqual(truth(WINDOW, 30_000));
    expect(asked[1]?.length).toBeGreaterThan(59);
    await look(WINDOW, STEP, 'other');
    expect(asked[2]?.length).toBeGreaterThan(119);
  });

  it('asks for what lies before, and once, when the window grows', async () => {
    await look();
    expect(await look(2 * WINDOW)).toEqual(truth(2 * WINDOW));
    expect(asked.slice(1).flat()).toHaveLength(121 + 9); // one step of each is compared
    clock.advance(STEP);
    expect(await look(2 * WINDOW)).toEqual(truth(2 * WINDOW));
    expect(asked.slice(3).flat().length).toBeLessThan(12);
  });

  it('keeps what it has when less is asked for meanwhile', async () => {
    await look();
    clock.advance(STEP);
    await look(WINDOW / 2);
    const axis = timeAxis(clock.now() - WINDOW, clock.now() - WINDOW / 2, STEP); // a moment of the past, looked back from
    asked = [];
    const { nodes } = await cache.range('q', { timestamps: axis, stepMs: STEP }, ask);
    expect([...(nodes.get('n1')?.values ?? [])]).toEqual([...axis].map((at) => at / STEP));
    expect(asked).toEqual([]);
    clock.advance(STEP);
    expect(await look()).toEqual(truth());
    expect(asked.flat().length).toBeLessThan(14);
  });

  it('gives what it has when nothing can be asked, and no more', async () => {
    await look();
    clock.advance(STEP);
    const timestamps = timeAxis(clock.now() - WINDOW, clock.now(), STEP);
    expect(cache.known('other', { timestamps, stepMs: STEP })).toBeUndefined();
    const values = cache.known('q', { timestamps, stepMs: STEP })?.get('n1')?.values ?? [];
    expect([...values]).toEqual([...[...timestamps].slice(0, -1).map((at) => at / STEP), NaN]);
  });

  it('is equal to the full query whatever windows were asked for before', async () => {
    const random = new Random(7);
    for (let i = 0; i < 300; i++) {
      clock.advance(Math.floor(random.next() * 10) * STEP);
      const end = clock.now() - Math.floor(random.next() * (i % 3) * 150) * STEP;
      const timestamps = timeAxis(end - Math.ceil(random.next() * 200) * STEP, end, STEP);
      const { nodes } = await cache.range('q', { timestamps, stepMs: STEP }, ask);
      for (const name of names)
        expect([...(nodes.get(name)?.values ?? [])]).toEqual([...timestamps].map((at) => value(at, name)));
    }
    expect(asked.flat().length).toBeLessThan(20_000);
  });

  it('answers a shorter window from what it has', async () => {
    await look();
    clock.advance(STEP);
    expect(await look(10 * 60_000)).toEqual(truth(10 * 60_000));
    expect(asked[1]?.length).toBeLessThan(12);
  });

  it('asks for all after a pause that is longer than the window', async () => {
    await look();
    clock.advance(2 * WINDOW);
    expect(await look()).toEqual(truth());
    expect(asked[1]?.length).toBeGreaterThan(119);
  });

  it('asks for all where the history is another one than it was', async () => {
    await look();
    value = (at) => at / STEP + 1000; // another server, or one that was filled anew
    clock.advance(STEP);
    expect(await look()).toEqual(truth());
    expect(asked.map(({ length }) => length > 100)).toEqual([true, false, true]);
  });

  it('asks for all where the history is gone', async () => {
    await look();
    names = [];
    clock.advance(STEP);
    expect(await look()).toEqual({});
    expect(asked.at(-1)?.length).toBeGreaterThan(119);
  });

  it('asks for all after a failure', async () => {
    await look();
    clock.advance(STEP);
    const timestamps = timeAxis(clock.now() - WINDOW, clock.now(), STEP);
    const failure = cache.range('q', { timestamps, stepMs: STEP }, () => Promise.reject(new Error('restarting')));
    await expect(failure).rejects.toThrow('restarting');
    await look();
    expect(asked.at(-1)?.length).toBeGreaterThan(119);
  });

  it('shows a node that came and one that went', async () => {
    await look();
    clock.advance(STEP);
    const came = clock.now();
    names = ['n1', 'n2', 'n3'];
    value = (at, name) => (name === 'n3' && at < came ? NaN : name === 'n2' && at >= came ? NaN : at / STEP);
    for (let i = 0; i < 30; i++) {
      expect(await look()).toEqual(truth());
      clock.advance(STEP);
    }
    clock.advance(WINDOW - 20 * STEP);
    expect(Object.keys(await look()).sort()).toEqual(['n1', 'n3']);
  });

  it('asks for all now and then, whatever came later than it waits for', async () => {
    await look();
    const before = asked.length;
    for (let i = 0; i < 80; i++) {
      clock.advance(STEP);
      await look();
    }
    expect(asked.slice(before).filter(({ length }) => length > 100)).toHaveLength(2);
  });

  it('lets the windows go that were not asked for the longest time', async () => {
    cache = new WindowCache({ clock, maxSamples: 500 });
    await look(WINDOW, STEP, 'a');
    await look(WINDOW, STEP, 'b');
    await look(WINDOW, STEP, 'c'); // 242 samples each
    asked = [];
    clock.advance(STEP);
    await look(WINDOW, STEP, 'c');
    await look(WINDOW, STEP, 'a');
    expect(asked.map(({ length }) => length > 100)).toEqual([false, true]);
  });
});
