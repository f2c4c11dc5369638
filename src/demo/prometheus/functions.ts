import type { Labels } from './store';
import { QueryError } from './syntax';

/** One element of an instant vector. */
export interface Element {
  labels: Labels;
  value: number;
}

/** One element of a range vector; the range is closed at both ends, times in milliseconds. */
export interface RangeElement {
  labels: Labels;
  times: number[];
  values: number[];
  startMs: number;
  endMs: number;
}

/** Nameless labels by the labels with a name: the same object at every step of a query, and so the same key. */
const nameless = new WeakMap<Labels, Labels>();

/** Labels without the name, as a function's or an operator's result has them. */
export function withoutName(labels: Labels): Labels {
  if (labels['__name__'] === undefined) return labels;
  let without = nameless.get(labels);
  if (without === undefined) {
    const { __name__: _name, ...rest } = labels;
    nameless.set(labels, (without = rest));
  }
  return without;
}

/** rate, increase and delta with Prometheus 2's extrapolation (promql/functions.go, extrapolatedRate). */
function extrapolated(element: RangeElement, isCounter: boolean, isRate: boolean): number | undefined {
  const { times, values, startMs, endMs } = element;
  const n = values.length;
  if (n < 2) return undefined;
  const first = values[0] as number;
  let result = (values[n - 1] as number) - first;
  if (isCounter) {
    for (let i = 1; i < n; i++)
      if ((values[i] as number) < (values[i - 1] as number)) result += values[i - 1] as number;
  }
  let toStart = ((times[0] as number) - startMs) / 1000;
  const toEnd = (endMs - (times[n - 1] as number)) / 1000;
  const sampled = ((times[n - 1] as number) - (times[0] as number)) / 1000;
  const average = sampled / (n - 1);
  if (isCounter && result > 0 && first >= 0) toStart = Math.min(toStart, sampled * (first / result));
  const threshold = average * 1.1;
  const interval = sampled + (toStart < threshold ? toStart : average / 2) + (toEnd < threshold ? toEnd : average / 2);
  const factor = interval / sampled / (isRate ? (endMs - startMs) / 1000 : 1);
  return result * factor;
}

/** irate and idelta: the last two samples. */
function instantaneous(element: RangeElement, isRate: boolean): number | undefined {
  const n = element.values.length;
  if (n < 2) return undefined;
  const last = element.values[n - 1] as number;
  const previous = element.values[n - 2] as number;
  const seconds = ((element.times[n - 1] as number) - (element.times[n - 2] as number)) / 1000;
  if (!isRate) return last - previous;
  return (last < previous ? last : last - previous) / seconds;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Quantile by linear interpolation, as `quantile_over_time` has it. */
export function quantile(q: number, values: readonly number[]): number {
  if (values.length === 0 || Number.isNaN(q)) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const sorted = [...values].sort((a, b) => a - b);
  const rank = q * (sorted.length - 1);
  const low = Math.floor(rank);
  const high = Math.min(sorted.length - 1, low + 1);
  return (sorted[low] as number) * (1 - (rank - low)) + (sorted[high] as number) * (rank - low);
}

/** Functions from a range vector to a value; undefined drops the element. */
export const RANGE_FUNCTIONS: Readonly<Record<string, (element: RangeElement) => number | undefined>> = {
  rate: (element) => extrapolated(element, true, true),
  increase: (element) => extrapolated(element, true, false),
  delta: (element) => extrapolated(element, false, false),
  irate: (element) => instantaneous(element, true),
  idelta: (element) => instantaneous(element, false),
  avg_over_time: ({ values }) => sum(values) / values.length,
  sum_over_time: ({ values }) => sum(values),
  min_over_time: ({ values }) => Math.min(...values),
  max_over_time: ({ values }) => Math.max(...values),
  count_over_time: ({ values }) => values.length,
  last_over_time: ({ values }) => values.at(-1),
  stddev_over_time: ({ values }) => Math.sqrt(variance(values)),
  stdvar_over_time: ({ values }) => variance(values),
  present_over_time: () => 1,
  resets: ({ values }) => values.filter((value, i) => i > 0 && value < (values[i - 1] as number)).length,
  changes: ({ values }) => values.filter((value, i) => i > 0 && value !== values[i - 1]).length,
};

/** Population variance. */
function variance(values: readonly number[]): number {
  const mean = sum(values) / values.length;
  return sum(values.map((value) => (value - mean) ** 2)) / values.length;
}

/** Functions of one value with scalar arguments. */
export const VALUE_FUNCTIONS: Readonly<
  Record<string, { arity: [number, number]; apply: (value: number, args: readonly number[]) => number }>
> = {
  abs: { arity: [0, 0], apply: Math.abs },
  ceil: { arity: [0, 0], apply: Math.ceil },
  floor: { arity: [0, 0], apply: Math.floor },
  exp: { arity: [0, 0], apply: Math.exp },
  ln: { arity: [0, 0], apply: Math.log },
  log2: { arity: [0, 0], apply: Math.log2 },
  log10: { arity: [0, 0], apply: Math.log10 },
  sqrt: { arity: [0, 0], apply: Math.sqrt },
  sgn: { arity: [0, 0], apply: Math.sign },
  round: {
    arity: [0, 1],
    apply: (value, [to = 1]) => {
      const inverse = 1 / to;
      return Math.floor(value * inverse + 0.5) / inverse;
    },
  },
  clamp: { arity: [2, 2], apply: (value, [low, high]) => Math.max(low as number, Math.min(high as number, value)) },
  clamp_min: { arity: [1, 1], apply: (value, [low]) => Math.max(low as number, value) },
  clamp_max: { arity: [1, 1], apply: (value, [high]) => Math.min(high as number, value) },
};

/** The least or greatest of a group, as `order` has it; what is no number counts only where there is nothing else. */
const extreme = (values: readonly number[], order: (a: number, b: number) => number): number =>
  values.reduce((best, value) => (Number.isNaN(best) ? value : Number.isNaN(value) ? best : order(best, value)), NaN);

/** Aggregations over a group's values. */
export const AGGREGATIONS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  sum,
  avg: (values) => sum(values) / values.length,
  min: (values) => extreme(values, Math.min),
  max: (values) => extreme(values, Math.max),
  count: (values) => values.length,
  group: () => 1,
  stddev: (values) => Math.sqrt(variance(values)),
  stdvar: variance,
};

/** Arithmetic and comparison; comparison answers 1 or 0. */
export function operate(op: string, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '^':
      return a ** b;
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '>':
      return Number(a > b);
    case '<':
      return Number(a < b);
    case '>=':
      return Number(a >= b);
    case '<=':
      return Number(a <= b);
    default:
      throw new QueryError(`unsupported operator ${op}`);
  }
}

/** True for a comparison operator. */
export function isComparison(op: string): boolean {
  return ['==', '!=', '>', '<', '>=', '<='].includes(op);
}
