import { beforeEach, describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../src/core/diagnosis/types';
import type { FrameRequest, MetricFrame } from '../../../src/core/metrics/series';
import type { TargetGateway } from '../../../src/core/cluster/databasePod';
import type { MetricSource } from '../../../src/core/metrics/source';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import { createPastDiagnosis, type PastDiagnosis } from '../../../src/core/evaluation/pastDiagnosis';

const STEP = 15_000;
const WINDOW = 20 * STEP;
const T = 100 * STEP;
const query = { namespace: 'db', labelSelector: '', container: 'observer' };

/** From when until when a pod lived. */
let lives: Record<string, [from: number, to: number]>;
let now: string[];
let gone: string[];
let diagnosed: MetricFrame[];
let past: PastDiagnosis;
let problems: MetricFrame['problems'];

beforeEach(() => {
  diagnosed = [];
  problems = [];
  gone = [];
  const target = (pod: string): DatabasePod => ({ pod }) as DatabasePod;
  const targets: TargetGateway = { list: () => Promise.resolve(now.map(target)), gone: () => gone.map(target) };
  const metrics = {
    fetch: ({ targets: asked, fromMs, toMs }: FrameRequest) => {
      const timestamps = Float64Array.from({ length: (toMs - fromMs) / STEP + 1 }, (_, i) => fromMs + i * STEP);
      const nodes = asked.map(({ pod }) => pod);
      const series = nodes.map((node) => {
        const [from, to] = lives[node] as [number, number];
        return { metric: 'cpu.used', node, values: timestamps.map((at) => (at >= from && at <= to ? 1 : NaN)) };
      });
      return Promise.resolve({ timestamps, stepMs: STEP, nodes, series, problems });
    },
  } as unknown as MetricSource;
  const scorer = {
    diagnose: (frame: MetricFrame) => {
      diagnosed.push(frame);
      return Promise.resolve({} as Diagnosis);
    },
    review: (_: MetricFrame, { at }: { at: readonly number[] }) =>
      Promise.resolve(
        at.map((one) => ({ at: one, answered: true, nodes: now, types: [], ranking: [], answeredBy: '' })),
      ),
  };
  past = createPastDiagnosis({ targets, query, metrics, scorer, windowMs: WINDOW, stepMs: STEP });
});

describe('a moment before pods were replaced', () => {
  beforeEach(() => {
    lives = { a: [0, Infinity], old: [0, T + STEP], fresh: [T + 2 * STEP, Infinity] };
    now = ['a', 'fresh'];
  });

  it('has the nodes of then, where they were seen', async () => {
    gone = ['old'];
    expect(await past.at(T)).toMatchObject({ unknown: [] });
    expect(diagnosed[0]?.nodes).toEqual(['a', 'old']);
    expect(diagnosed[0]?.series.map(({ node }) => node)).toEqual(['a', 'old']);
  });

  it('is told to lack those that nobody saw, instead of naming a pod that was not there', async () => {
    expect(await past.at(T)).toMatchObject({ unknown: ['fresh'] });
    expect(diagnosed[0]?.nodes).toEqual(['a']);
  });

  it('has no node that was gone before its window, though earlier steps have samples of it', async () => {
    gone = ['old'];
    await past.at(T + 10 * STEP);
    expect(diagnosed[0]?.nodes).toEqual(['a', 'fresh']);
  });

  it('that nothing is known of is diagnosed as it is: not enough data', async () => {
    lives = { a: [T * 2, Infinity], fresh: [T * 2, Infinity] };
    await past.at(T);
    expect(diagnosed[0]?.nodes).toEqual(['a', 'fresh']);
  });
});

describe('an answer of Prometheus in part', () => {
  beforeEach(() => {
    lives = { a: [0, Infinity] };
    now = ['a'];
    problems = [{ metric: 'cpu.used', node: 'a', message: 'too many samples', incomplete: true }];
  });

  it('is told with the diagnosis', async () => {
    expect(await past.at(T)).toMatchObject({ problems: [{ message: 'too many samples' }] });
  });

  it('is no answer of the moments at which nothing was named', async () => {
    expect(await past.looks([T])).toMatchObject([{ answered: false }]);
    problems = [];
    expect(await past.looks([T])).toMatchObject([{ answered: true }]);
  });
});
