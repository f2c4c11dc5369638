import { beforeEach, describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../src/core/diagnosis/types';
import type { MonitorState } from '../../../src/core/monitoring/monitorState';
import type { ExperimentSpan } from '../../../src/core/experiments/spans';
import { frameUntil } from '../../../src/core/metrics/frameSlice';
import { Evaluator } from '../../../src/core/evaluation/evaluator';
import { toSample } from '../../../src/core/evaluation/sample';
import { missingMoments } from '../../../src/core/evaluation/missing';
import { judgingTimes } from '../../../src/core/evaluation/times';
import { ManualClock, settle, silentLog } from '../../support';
import { look, looks, s, span } from './build';

const STEP = 15_000;

describe('moments at which nobody looked', () => {
  const of = (one: ExperimentSpan, known: ReturnType<typeof looks>, now: number): number[] =>
    missingMoments(one, known, { times: judgingTimes(STEP), everyMs: STEP, nowMs: s(now) }).map(
      (at) => (at - s(0)) / 1000,
    );
  const one = span('a', 'cpu_stress', ['n1'], 100, 130);

  it('reach from a minute before it to five minutes after it, on whole steps, and not beyond now', () => {
    const all = of(one, [], 10_000);
    expect(all.slice(0, 3)).toEqual([50, 65, 80]); // s(0) lies 10 s after a whole step
    expect(all.at(-1)).toBe(425);
    expect(of(one, [], 90)).toEqual([50, 65, 80]);
  });

  it('are only those that no look is near to', () => {
    const known = [...looks(0, 200, () => []), ...looks(380, 600, () => [])];
    const missing = of(one, known, 10_000);
    expect(missing[0]).toBe(230);
    expect(missing.at(-1)).toBe(350);
  });

  it('are further apart in a long experiment', () => {
    const long = of(span('a', 'cpu_stress', ['n1'], 0, 36_000), [], 100_000);
    expect(long.length).toBeLessThanOrEqual(241);
    expect((long[1] as number) - (long[0] as number)).toBeGreaterThan(120);
  });
});

it('a frame is cut to what a look at that moment had', () => {
  const timestamps = Float64Array.from({ length: 10 }, (_, i) => s(15 * i));
  const frame = {
    timestamps,
    stepMs: STEP,
    nodes: ['n1'],
    series: [{ metric: 'cpu.used', node: 'n1', values: Float64Array.from({ length: 10 }, (_, i) => i) }],
    problems: [],
  };
  const cut = frameUntil(frame, s(90), 60_000);
  expect([...(cut?.timestamps ?? [])]).toEqual([30, 45, 60, 75, 90].map(s));
  expect([...(cut?.series[0]?.values ?? [])]).toEqual([2, 3, 4, 5, 6]);
  expect(frameUntil(frame, s(15), 60_000)?.timestamps.length).toBe(2);
  expect(frameUntil(frame, s(150), 60_000)).toBeUndefined();
  expect(frameUntil(frame, s(-15), 60_000)).toBeUndefined();
});

it('a look shares its lists with the one before it', () => {
  const diagnosis = {
    at: s(0),
    insufficient: undefined,
    nodes: [{ node: 'n1' }],
    ranking: [{ node: 'n1', type: 'cpu_stress', probability: 0.4, named: false, importance: 1, reasons: [] }],
    lost: [],
    info: { answeredBy: 'wasm', model: 'm 1', reason: undefined },
  } as unknown as Diagnosis;
  const first = toSample(diagnosis);
  const second = toSample(diagnosis, first);
  expect(first).toEqual({
    at: s(0),
    answered: true,
    nodes: ['n1'],
    types: ['cpu_stress'],
    ranking: [{ node: 'n1', type: 'cpu_stress', probability: 0.4, named: false }],
    answeredBy: 'm 1 (wasm)',
  });
  expect(second.nodes).toBe(first.nodes);
  expect(second.types).toBe(first.types);
});

describe('the keeper', () => {
  const clock = new ManualClock(s(0));
  let spans: ExperimentSpan[];
  let asked: number[][];
  let tellMonitor: (state: MonitorState) => void;
  let keeper: Evaluator;
  let fail: boolean;
  let told: number;
  const live = (at: number, ...ranking: string[]): void => {
    const { ranking: pairs, nodes, types } = look(at, ...ranking);
    const all = types.map((type) => ({ node: 'n1', type, probability: 0, named: false }));
    tellMonitor({
      health: { state: 'live', updatedAt: s(at) },
      diagnosis: {
        at: s(at),
        insufficient: undefined,
        nodes: nodes.map((node) => ({ node })),
        ranking: [...pairs, ...all],
        lost: [],
        info: { answeredBy: 'cpu', model: 'model 1' },
      },
      problems: [],
    } as unknown as MonitorState);
  };

  beforeEach(() => {
    clock.advance(s(1000) - clock.now());
    spans = [];
    asked = [];
    fail = false;
    told = 0;
    keeper = new Evaluator({
      store: {
        get spans() {
          return spans;
        },
        observe: () => ({ dispose: () => undefined }),
      },
      monitor: {
        observe: (listener) => {
          tellMonitor = listener;
          return { dispose: () => undefined };
        },
      },
      past: {
        looks: (moments) => {
          asked.push(moments.map((at) => (at - s(0)) / 1000));
          if (fail) return Promise.reject(new Error('no Prometheus'));
          return Promise.resolve(
            moments.map((at) => {
              const second = (at - s(0)) / 1000;
              return look(second, ...(second >= 225 && second <= 420 ? ['n1 cpu_stress!'] : []));
            }),
          );
        },
      },
      clock,
      log: silentLog,
      stepMs: STEP,
      refreshMs: STEP,
    });
    keeper.subscribe(() => (told += 1));
  });

  it('judges by what the monitor said', async () => {
    spans = [span('a', 'cpu_stress', ['n1'], 990)];
    for (const at of [940, 955, 970, 985, 1000, 1015]) {
      clock.advance(s(at) - clock.now());
      live(at, ...(at > 1000 ? ['n1 cpu_stress!'] : []));
    }
    await settle();
    expect(keeper.verdictOf('a')).toMatchObject({ state: 'seen', seen: { afterMs: 25_000 } });
    expect(asked.flat()).toEqual([]);
    expect(told).toBe(6);
  });

  it('asks for the past of an experiment that nobody watched, once, when somebody looks', async () => {
    spans = [span('a', 'cpu_stress', ['n1'], 200, 400)];
    expect(keeper.verdictOf('a')?.state).toBe('unobserved');
    live(1000);
    await settle();
    expect(asked).toHaveLength(1);
    expect(keeper.verdictOf('a')).toMatchObject({
      state: 'seen',
      seen: { at: s(230), afterMs: 30_000 },
      healed: { at: s(425), afterMs: 25_000 },
    });
    live(1015);
    await settle();
    expect(asked).toHaveLength(1);
  });

  it('leaves the past alone for a minute after a failure, and says so when asked to complete', async () => {
    spans = [span('a', 'cpu_stress', ['n1'], 200, 400)];
    fail = true;
    live(1000);
    await settle();
    live(1015);
    await settle();
    expect(asked).toHaveLength(1);
    await expect(keeper.complete()).rejects.toThrow('no Prometheus');
    fail = false;
    await keeper.complete();
    expect(keeper.verdictOf('a')?.state).toBe('seen');
  });

  it('passes over a picture that is not live', () => {
    tellMonitor({ health: { state: 'stale' }, diagnosis: { at: s(1) } } as unknown as MonitorState);
    expect(told).toBe(0);
  });
});
