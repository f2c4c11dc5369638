import type { MetricExpectation } from '../../../src/core/scenario/expectation';

/** An expectation of the database's commits during the fault. */
export const expectCommits = (change: Partial<MetricExpectation> = {}): MetricExpectation => ({
  kind: 'metric',
  name: 'commits',
  source: { metric: 'db.commits', of: 'database', aggregate: 'sum' },
  bound: { atLeast: 0.8 },
  during: 'fault',
  forMs: 0,
  abort: false,
  ...change,
});
