import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { RecoveryExpectation } from '../../../src/core/scenario/expectation';
import { judgeMetric, judgeRecovery, type Phases } from '../../../src/core/resilience/judge';
import { judgeCount } from '../../../src/core/resilience/judgeCount';
import { verdictOf } from '../../../src/core/resilience/outcome';
import { aggregate, limitsOf, type Samples } from '../../../src/core/resilience/samples';
import { expectCommits } from './commits';

const STEP = 5000;
const T0 = 1_000_000_000_000;
/** The baseline is of one minute, the fault of one minute after it. */
const FAULT = T0 + 60_000;
const END = FAULT + 60_000;
const phases: Phases = {
  before: { fromMs: T0, toMs: FAULT - STEP },
  faultFromMs: FAULT,
  faultToMs: END,
  endMs: END + 120_000,
};

/** Samples each step from the beginning on: 100 before the fault, then these. */
function samples(...after: number[]): Samples {
  const values = [...Array.from({ length: 12 }, () => 100), ...after];
  return { timestamps: values.map((_, i) => T0 + i * STEP), values, stepMs: STEP };
}
const many = (value: number, count: number): number[] => Array.from({ length: count }, () => value);

describe('a bound', () => {
  it('is told in the unit of its metric, as is what was seen', () => {
    const latency = { metric: 'disk.writeLatency', of: 'targets', aggregate: 'mean' } as const;
    const slow = judgeMetric(
      expectCommits({ source: latency, bound: { max: 0.02 } }),
      { ...samples(...many(0.101, 13)), values: [...many(0.001, 12), ...many(0.101, 13)] },
      phases,
      END,
    );
    expect(String(slow.expected)).toBe('disk.writeLatency (mean of targets) ≤ 20 ms (baseline 1 ms)');
    expect(String(slow.seen)).toBe('Worst: 101 ms, beyond the limit for 1m5s.');
    const query = judgeMetric(expectCommits({ source: { query: 'up' }, bound: { max: 1 } }), samples(2), phases, END);
    expect(String(query.expected)).toBe('up ≤ 1 (baseline 100)');
  });

  it('that one sample broke is not said to be broken for a time', () => {
    const { seen } = judgeMetric(expectCommits(), samples(100, 70, 100), phases, END);
    expect(String(seen)).toBe('Worst: 70/s, beyond the limit in one sample.');
  });

  it('is told as it was written', () => {
    const written = judgeMetric(expectCommits({ bound: { min: 99_999 } }), samples(100), phases, END);
    expect(String(written.expected)).toContain('≥ 99999 ');
  });

  it('of the baseline is in its unit', () => {
    expect(limitsOf({ within: 0.2 }, 100)).toEqual({ low: 80, high: 120 });
    expect(limitsOf({ atLeast: 0.5, max: 130 }, 100)).toEqual({ low: 50, high: 130 });
    expect(limitsOf({ max: 3 }, undefined)).toEqual({ low: -Infinity, high: 3 });
    expect(limitsOf({ atMost: 2 }, undefined)).toBeUndefined();
  });

  it('passes where all samples keep it, and is failed by the first that does not', () => {
    expect(judgeMetric(expectCommits(), samples(...many(85, 13)), phases, END)).toMatchObject({
      state: 'passed',
      baseline: 100,
    });
    const judged = judgeMetric(expectCommits(), samples(90, 90, 40, 90, ...many(90, 9)), phases, END);
    expect(judged).toMatchObject({
      state: 'failed',
      worst: 40,
      brokenAt: FAULT + 2 * STEP,
      lengthMs: STEP,
      depth: 0.6,
    });
    expect(judged.area).toBe(300); // 60 below the baseline for 5 s
  });

  it('tolerates what is shorter than its time', () => {
    const dip = samples(90, 40, 40, 40, ...many(90, 9));
    expect(judgeMetric(expectCommits({ forMs: 15_000 }), dip, phases, END)).toMatchObject({
      state: 'passed',
      lengthMs: 3 * STEP,
    });
    expect(judgeMetric(expectCommits({ forMs: 10_000 }), dip, phases, END)).toMatchObject({
      state: 'failed',
      brokenAt: FAULT + STEP + 10_000,
    });
  });

  it('is broken at once, and passed only when its time is over', () => {
    const open = { ...phases, faultToMs: undefined, endMs: undefined };
    expect(judgeMetric(expectCommits(), samples(90, 90), open, FAULT + STEP)).toMatchObject({ state: 'pending' });
    expect(judgeMetric(expectCommits(), samples(90, 40), open, FAULT + STEP)).toMatchObject({ state: 'failed' });
  });

  it('is not passed by a gap that could hide a breach', () => {
    const gap = samples(90, 90, NaN, NaN, NaN, ...many(90, 8));
    expect(judgeMetric(expectCommits(), gap, phases, END)).toMatchObject({
      state: 'inconclusive',
      seen: 'No samples for 20s.',
    });
    expect(judgeMetric(expectCommits({ forMs: 30_000 }), gap, phases, END)).toMatchObject({ state: 'passed' });
    expect(judgeMetric(expectCommits(), samples(), phases, END)).toMatchObject({ state: 'inconclusive' });
  });

  it('is not passed without a single sample, whatever is tolerated', () => {
    expect(judgeMetric(expectCommits({ forMs: 90_000 }), samples(...many(NaN, 13)), phases, END)).toMatchObject({
      state: 'inconclusive',
      seen: 'No samples.',
    });
  });

  it('says what to change where the fault was shorter than the step', () => {
    const short = { ...phases, faultFromMs: FAULT + 500, faultToMs: FAULT + STEP - 500 };
    expect(judgeMetric(expectCommits(), samples(...many(90, 13)), short, END)).toMatchObject({
      state: 'inconclusive',
      seen: 'No samples in 4s: the step is 5s. Use a longer duration or a shorter step.',
    });
  });

  it('counts a gap next to a breach as a part of it', () => {
    const tolerant = expectCommits({ forMs: 45_000 });
    const blind = samples(90, ...many(10, 5), ...many(NaN, 7));
    expect(judgeMetric(tolerant, blind, phases, END)).toMatchObject({ state: 'inconclusive' });
    const before = samples(...many(NaN, 7), ...many(10, 5), 90);
    expect(judgeMetric(tolerant, before, phases, END)).toMatchObject({ state: 'inconclusive' });
    const short = samples(90, ...many(10, 2), ...many(NaN, 3), ...many(90, 7));
    expect(judgeMetric(tolerant, short, phases, END)).toMatchObject({ state: 'passed' });
  });

  it('of a baseline of 0 says nothing, while an absolute one does', () => {
    const idle: Samples = { ...samples(...many(0, 13)), values: many(0, 25) };
    for (const bound of [{ atLeast: 0.8 }, { within: 0.2 }, { atMost: 2 }])
      expect(judgeMetric(expectCommits({ bound }), idle, phases, END)).toMatchObject({
        state: 'inconclusive',
        seen: expect.stringContaining('The baseline is 0'),
      });
    expect(judgeMetric(expectCommits({ bound: { max: 1 } }), idle, phases, END)).toMatchObject({ state: 'passed' });
  });

  it('without a baseline says nothing', () => {
    const none: Samples = { timestamps: [FAULT], values: [1], stepMs: STEP };
    expect(judgeMetric(expectCommits(), none, phases, END)).toMatchObject({ state: 'inconclusive' });
    expect(
      judgeMetric(
        expectCommits({ bound: { max: 2 } }),
        { ...none, timestamps: [FAULT, FAULT + STEP], values: [1, 5] },
        phases,
        END,
      ),
    ).toMatchObject({
      state: 'failed',
      worst: 5,
    });
  });

  it('never passes where a sample in its time is beyond it and nothing is tolerated', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constant(NaN)), { minLength: 13, maxLength: 13 }),
        (values) => {
          const { state } = judgeMetric(expectCommits(), samples(...values), phases, END);
          const broken = values.some((value) => value < 80);
          expect(state === 'failed').toBe(broken);
          if (!broken && values.every((value) => Number.isFinite(value))) expect(state).toBe('passed');
        },
      ),
    );
  });
});

describe('a recovery', () => {
  const recovers: RecoveryExpectation = {
    kind: 'recovery',
    name: 'back',
    source: { metric: 'db.commits', of: 'database', aggregate: 'sum' },
    to: 0.1,
    withinMs: 60_000,
  };

  it('is counted from the end of the last fault to the first of three samples in a row', () => {
    const back = samples(...many(20, 12), 20, 95, 20, 95, 96, 97, 98);
    expect(judgeRecovery(recovers, back, phases, END + 30_000)).toMatchObject({
      state: 'passed',
      recoveryMs: 3 * STEP,
    });
  });

  it('says that the test ended before it', () => {
    expect(judgeRecovery(recovers, samples(...many(20, 12)), { ...phases, endMs: END }, END)).toMatchObject({
      state: 'inconclusive',
      seen: 'The test ended before the recovery.',
    });
  });

  it('to a baseline of 0 says nothing', () => {
    const idle: Samples = { ...samples(...many(0, 40)), values: many(0, 52) };
    expect(judgeRecovery(recovers, idle, phases, END + 60_000)).toMatchObject({
      state: 'inconclusive',
      seen: expect.stringContaining('The baseline is 0'),
    });
  });

  it('is failed where it is too late, or never', () => {
    const late = samples(...many(20, 12), ...many(20, 14), ...many(100, 10));
    expect(judgeRecovery(recovers, late, phases, END + 120_000)).toMatchObject({ state: 'failed', recoveryMs: 70_000 });
    expect(judgeRecovery(recovers, samples(...many(20, 40)), phases, END + 120_000)).toMatchObject({ state: 'failed' });
  });

  it('is open while there is time, and inconclusive without samples', () => {
    const open = { ...phases, endMs: undefined };
    const pending = judgeRecovery(recovers, samples(...many(20, 14)), open, END + 10_000);
    expect(pending.state).toBe('pending');
    expect(String(pending.expected)).toMatch(/ back to within \d+% of its baseline \(100\/s\) after at most /);
    expect(judgeRecovery(recovers, samples(...many(20, 12)), phases, END + 120_000)).toMatchObject({
      state: 'inconclusive',
    });
  });
});

describe('pods', () => {
  const restarts = { kind: 'pods', name: 'restarts', count: 'restarts', max: 0, abort: false } as const;

  it('are counted at each look', () => {
    expect(
      judgeCount(
        restarts,
        [
          { at: 1, counted: 0 },
          { at: 2, counted: 1 },
        ],
        false,
      ),
    ).toMatchObject({ state: 'failed', brokenAt: 2 });
    expect(judgeCount(restarts, [{ at: 1, counted: 0 }], true)).toMatchObject({ state: 'passed' });
  });

  it('that could not be listed at the end are not known', () => {
    expect(
      judgeCount(
        restarts,
        [
          { at: 1, counted: 0 },
          { at: 2, counted: undefined },
        ],
        true,
      ),
    ).toMatchObject({ state: 'inconclusive' });
    expect(judgeCount(restarts, [], true)).toMatchObject({ state: 'inconclusive' });
  });
});

describe('the verdict', () => {
  const outcome = (
    state: 'passed' | 'failed' | 'inconclusive' | 'pending',
  ): Parameters<typeof verdictOf>[0][number] => ({
    name: state,
    state,
    expected: '',
    seen: '',
  });

  it('is passed by all, failed by one, and inconclusive where something is not known', () => {
    expect(verdictOf([outcome('passed'), outcome('passed')], false)).toBe('passed');
    expect(verdictOf([outcome('inconclusive'), outcome('failed')], false)).toBe('failed');
    expect(verdictOf([outcome('passed'), outcome('inconclusive')], false)).toBe('inconclusive');
    expect(verdictOf([outcome('passed'), outcome('pending')], false)).toBe('inconclusive');
    expect(verdictOf([outcome('failed')], true)).toBe('aborted');
  });

  it('of several nodes is a gap where one has none', () => {
    expect(aggregate([1, 2], 'sum')).toBe(3);
    expect(aggregate([1, 2], 'mean')).toBe(1.5);
    expect(aggregate([1, 2], 'max')).toBe(2);
    expect(aggregate([1, NaN], 'min')).toBeNaN();
    expect(aggregate([], 'sum')).toBeNaN();
  });
});
