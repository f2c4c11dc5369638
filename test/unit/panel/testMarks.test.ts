import { describe, expect, it } from 'vitest';
import type { ShownTest } from '../../../src/core/resilience/testBoard';
import type { MetricExpectation } from '../../../src/core/scenario/expectation';
import { thresholdsOf, verdictOn } from '../../../src/ui/panel/testMarks';
import { expectCommits } from '../resilience/commits';

const commits = (change: Partial<MetricExpectation> = {}): MetricExpectation =>
  expectCommits({ bound: { min: 300 }, ...change });
const ref = { kind: 'StressChaos', namespace: 'db', name: 'x' };
const shown = (expectation: MetricExpectation, change: Partial<ShownTest> = {}): ShownTest => ({
  name: 'busy',
  expectations: [expectation],
  targets: new Set(['a']),
  refs: [ref],
  outcomes: [{ name: expectation.name, state: 'pending', expected: '', seen: '', low: 300 }],
  phases: { before: { fromMs: 0, toMs: 100 }, faultFromMs: 100, faultToMs: undefined, endMs: undefined },
  judged: new Map(),
  verdict: undefined,
  ...change,
});
const NODES = ['a', 'b', 'c'];

describe('the threshold of an expectation', () => {
  it('stands where the expectation holds: up to now while the fault acts', () => {
    expect(thresholdsOf([shown(commits())], NODES, 150)).toEqual([
      { chart: 'db.commits', name: 'commits', fromMs: 100, toMs: 150, low: 100, perNode: true, broken: false },
    ]);
    const ended = { before: { fromMs: 0, toMs: 100 }, faultFromMs: 100, faultToMs: 130, endMs: 180 };
    expect(thresholdsOf([shown(commits(), { phases: ended })], NODES, 500)[0]).toMatchObject({ toMs: 130 });
    expect(thresholdsOf([shown(commits({ during: 'recovery' }))], NODES, 150)).toEqual([]);
  });

  it('of a sum is each node’s part; of a mean, a single node or a query it is as it is', () => {
    const low = (change: Partial<MetricExpectation>): (number | undefined)[] =>
      thresholdsOf([shown(commits(change))], NODES, 150).map((one) => one.low);
    expect(low({ source: { metric: 'db.commits', of: 'others', aggregate: 'sum' } })).toEqual([150]);
    expect(low({ source: { metric: 'db.commits', of: 'targets', aggregate: 'sum' } })).toEqual([300]);
    expect(low({ source: { metric: 'db.commits', of: 'database', aggregate: 'mean' } })).toEqual([300]);
    const query = thresholdsOf([shown(commits({ source: { query: 'sum(up)' } }))], NODES, 150);
    expect(query).toMatchObject([{ chart: 'sum(up)', low: 300, perNode: false }]);
  });

  it('says that it is broken', () => {
    const outcomes = [{ name: 'commits', state: 'failed' as const, expected: '', seen: '', low: 300 }];
    expect(thresholdsOf([shown(commits(), { outcomes })], NODES, 150)[0]?.broken).toBe(true);
  });
});

it('an experiment carries the verdict of its test, once there is one', () => {
  const of = shown(commits());
  expect(verdictOn([of], ref)).toBeUndefined();
  expect(verdictOn([{ ...of, verdict: 'aborted' }], ref)).toEqual({ state: 'aborted', text: 'busy: Aborted' });
  expect(verdictOn([{ ...of, verdict: 'aborted' }], { ...ref, name: 'y' })).toBeUndefined();
});
