import { median } from '../diagnosis/statistics';
import type { Aggregation, Bound } from '../scenario/expectation';

/** One series on its axis: epoch milliseconds ascending, NaN where there is no sample. */
export interface Samples {
  timestamps: ArrayLike<number>;
  values: ArrayLike<number>;
  stepMs: number;
}

/** Epoch milliseconds, both ends inclusive. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** The lowest and the highest value that is allowed. */
export interface Limits {
  low: number;
  high: number;
}

/** A baseline of fewer samples says nothing. */
const FEWEST_BASELINE = 5;

/** The median of the samples in a span; undefined where there are too few. */
export function baselineOf(samples: Samples, span: Span): number | undefined {
  const values = [...within(samples, span)].map(({ value }) => value).filter(Number.isFinite);
  return values.length < FEWEST_BASELINE ? undefined : median(values);
}

/** The samples of a span, gaps included. */
export function* within(
  { timestamps, values }: Samples,
  { fromMs, toMs }: Span,
): Generator<{ at: number; value: number }> {
  for (let i = 0; i < timestamps.length; i += 1) {
    const at = timestamps[i] as number;
    if (at >= fromMs && at <= toMs) yield { at, value: values[i] as number };
  }
}

/** The lowest and the highest value that a bound allows; undefined where it needs a baseline and there is none, or 0. */
export function limitsOf(bound: Bound, baseline: number | undefined): Limits | undefined {
  const { min = -Infinity, max = Infinity, within: near, atLeast, atMost } = bound;
  if (near === undefined && atLeast === undefined && atMost === undefined) return { low: min, high: max };
  // Nothing is less than a share of 0, and anything is more: an idle database would pass or fail by chance.
  if (baseline === undefined || baseline === 0) return undefined;
  const low = Math.max(
    min,
    near === undefined ? -Infinity : baseline - near * Math.abs(baseline),
    share(baseline, atLeast, -Infinity),
  );
  const high = Math.min(
    max,
    near === undefined ? Infinity : baseline + near * Math.abs(baseline),
    share(baseline, atMost, Infinity),
  );
  return { low, high };
}

const share = (baseline: number, of: number | undefined, without: number): number =>
  of === undefined ? without : baseline * of;

/** Several nodes' samples of one moment as one; NaN where one of them has none, or there is no node. */
export function aggregate(values: readonly number[], how: Aggregation): number {
  if (values.length === 0 || !values.every(Number.isFinite)) return NaN;
  switch (how) {
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
    case 'sum':
      return sumOf(values);
    case 'mean':
      return sumOf(values) / values.length;
  }
}

const sumOf = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
