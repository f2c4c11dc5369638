import type { MetricId } from '../../metrics/catalogue';
import type { MetricBound } from '../../testResults/metricBounds';
import type { ReportClock } from '../reportClock';
import type { Say } from '../reportTexts';
import { stateText } from '../stateText';
import type { ChartBound } from './boundLines';

/** Bounds that the same values were judged by. */
export type BoundGroup = readonly [MetricBound, ...MetricBound[]];

/** Bounds by what was judged by them. */
function grouped(bounds: readonly MetricBound[]): BoundGroup[] {
  const groups = new Map<string, [MetricBound, ...MetricBound[]]>();
  for (const bound of bounds) {
    const { source } = bound;
    const key = 'query' in source ? source.query : `${source.aggregate} ${source.of}`;
    const group = groups.get(key);
    if (group) group.push(bound);
    else groups.set(key, [bound]);
  }
  return [...groups.values()];
}

/** The bounds of queries, by their query. */
export const boundsOfQueries = (bounds: readonly MetricBound[]): BoundGroup[] =>
  grouped(bounds.filter(({ source }) => 'query' in source));

/**
 * The bounds of a metric by the chart that they belong to: `ofEach` are those that each of these nodes has to keep for
 * itself; the others are kept by one value of several nodes.
 */
export function boundsOfMetric(
  bounds: readonly MetricBound[],
  metric: MetricId,
  nodes: readonly string[],
): { ofEach: readonly MetricBound[]; ofOne: readonly BoundGroup[] } {
  const own = bounds.filter(({ source }) => 'metric' in source && source.metric === metric);
  const ofEach = own.filter((bound) => isOfEach(bound, nodes));
  return { ofEach, ofOne: grouped(own.filter((bound) => !ofEach.includes(bound))) };
}

/** No node is below the lowest or above the highest; and the sum of one node is its own. */
function isOfEach({ source, nodes: meant, low, high }: MetricBound, nodes: readonly string[]): boolean {
  if ('query' in source || !nodes.every((node) => meant.includes(node))) return false;
  const { aggregate } = source;
  return (
    nodes.length === 1 || (aggregate === 'min' && high === undefined) || (aggregate === 'max' && low === undefined)
  );
}

/** What a bound was judged by, at the times of a chart; NaN where there is no sample. */
export function judgedValues({ samples }: Pick<MetricBound, 'samples'>, axis: ArrayLike<number>): Float64Array {
  const { timestamps = [], values = [], stepMs = 1 } = samples ?? {};
  const step = (at: number): number => Math.round(at / Math.max(1, stepMs));
  const byStep = new Map(Array.from(timestamps, (at, i) => [step(at), values[i] as number]));
  return Float64Array.from(axis, (at) => byStep.get(step(at)) ?? NaN);
}

/** A bound as a chart draws it. `startMs`: the day on which times need no date. */
export function chartBound(
  { name, state, low, high, fromMs, toMs }: MetricBound,
  { write, clock, say, startMs }: { write: (value: number) => string; clock: ReportClock; say: Say; startMs: number },
): ChartBound {
  const ends = [
    { value: low, sign: '≥' },
    { value: high, sign: '≤' },
  ].flatMap(({ value, sign }) => (value === undefined ? [] : [{ value, label: `${sign} ${write(value)}` }]));
  const limits = ends.map(({ label }) => label).join(', ');
  const limit = say('{0} from {1} to {2}', limits, clock.timeOn(fromMs, startMs), clock.timeOn(toMs, startMs));
  return { name, limit, ends, state, fromMs, toMs };
}

/** The bounds of a chart for a screen reader. */
export const spokenBounds = (bounds: readonly ChartBound[], say: Say): string | undefined =>
  bounds.length === 0
    ? undefined
    : `${say('Expected')}: ${bounds.map(({ name, limit, state }) => `${name}: ${limit} (${stateText(state, say)})`).join('; ')}`;
