import type { MetricId } from '../../metrics/catalogue';
import type { MetricBound } from '../../testResults/metricBounds';
import { aggregate } from '../../resilience/samples';
import type { SampleSource } from '../../scenario/expectation';
import type { ReportClock } from '../reportClock';
import type { Say } from '../reportTexts';
import { stateText } from '../stateText';
import type { ChartBound } from './boundLines';

/** A bound of a metric's samples. */
export type NodesBound = MetricBound & { source: Extract<SampleSource, { metric: string }> };

/** The bounds of metrics: those of a query have no samples in a report. */
export const boundsOfNodes = (bounds: readonly MetricBound[]): NodesBound[] =>
  bounds.flatMap(({ source, ...rest }) => ('metric' in source ? [{ ...rest, source }] : []));

/**
 * The bounds of a metric by the chart that they belong to: `ofEach` are those that each of these nodes has to keep for
 * itself; the others are kept by one value of several nodes, a list for each such value.
 */
export function boundsOfMetric(
  bounds: readonly NodesBound[],
  metric: MetricId,
  nodes: readonly string[],
): { ofEach: NodesBound[]; ofOne: [NodesBound, ...NodesBound[]][] } {
  const ofEach: NodesBound[] = [];
  const ofOne = new Map<string, [NodesBound, ...NodesBound[]]>();
  for (const bound of bounds) {
    const { source } = bound;
    if (source.metric !== metric) continue;
    const key = `${source.aggregate} ${source.of}`;
    const group = ofOne.get(key);
    if (isOfEach(bound, nodes)) ofEach.push(bound);
    else if (group) group.push(bound);
    else ofOne.set(key, [bound]);
  }
  return { ofEach, ofOne: [...ofOne.values()] };
}

/** No node is below the lowest or above the highest; and the sum of one node is its own. */
function isOfEach({ source: { aggregate }, nodes: meant, low, high }: NodesBound, nodes: readonly string[]): boolean {
  if (!nodes.every((node) => meant.includes(node))) return false;
  return (
    nodes.length === 1 || (aggregate === 'min' && high === undefined) || (aggregate === 'max' && low === undefined)
  );
}

/** The one value of several nodes that a bound is judged by, sample by sample. */
export function judgedValues(
  { source, nodes }: NodesBound,
  lines: readonly { name: string; values: Float64Array }[],
): Float64Array {
  const columns = lines.filter(({ name }) => nodes.includes(name)).map(({ values }) => values);
  const at = (i: number): number[] => columns.map((values) => values[i] as number);
  return Float64Array.from({ length: columns[0]?.length ?? 0 }, (_, i) => aggregate(at(i), source.aggregate));
}

/** A bound as a chart draws it. `startMs`: the day on which times need no date. */
export function chartBound(
  { name, state, low, high, fromMs, toMs }: NodesBound,
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
