import type { MetricExpectation } from '../scenario/expectation';
import { judgeMetric, type Phases } from './judge';
import type { Outcome } from './outcome';
import { baselineOf, within, type Samples } from './samples';
import { median } from '../diagnosis/statistics';

/** As many of the newest samples as tell how it is now: one alone may be noise. */
const NEWEST = 5;

/**
 * Whether an expectation is broken, or cannot be seen, before anything is injected. What holds before the faults
 * too is judged by each sample, anything else by the median of the newest ones.
 */
export function judgeBefore(expectation: MetricExpectation, samples: Samples, phases: Phases): Outcome {
  const { before } = phases;
  const baseline = baselineOf(samples, before);
  const judged = (seen: Samples): Outcome =>
    judgeMetric({ ...expectation, during: 'before', forMs: 0 }, seen, phases, before.toMs, baseline);
  if (expectation.during === 'before' || expectation.during === 'always')
    return judgeMetric({ ...expectation, during: 'before' }, samples, phases, before.toMs, baseline);
  const newest = [...within(samples, before)].filter(({ value }) => Number.isFinite(value)).slice(-NEWEST);
  if (newest.length === 0) return judged({ ...samples, timestamps: [], values: [] });
  // One sample that stands for the whole time leaves no gap.
  const stepMs = before.toMs - before.fromMs;
  return judged({ timestamps: [before.toMs], values: [median(newest.map(({ value }) => value))], stepMs });
}
