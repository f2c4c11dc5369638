import { looksAmong, MOST_LINES, nodeLooks } from '../../base/nodeLook';
import { formatPercent } from '../../base/percent';
import { formatMetric } from '../../diagnosis/reasonText';
import type { RankSeries } from '../../diagnosis/types';
import { METRICS, metricDefinition, type MetricId } from '../../metrics/catalogue';
import type { MetricFrame } from '../../metrics/series';
import { inARow, type Text } from '../../base/text';
import { sourceName } from '../../resilience/judge';
import type { MetricBound } from '../../testResults/metricBounds';
import type { ReportClock } from '../reportClock';
import type { Say } from '../reportTexts';
import { labelRoom, type ChartBound } from './boundLines';
import {
  boundsOfMetric,
  boundsOfQueries,
  chartBound,
  judgedValues,
  spokenBounds,
  type BoundGroup,
} from './chartBounds';
import type { ChartDrawing } from './svgChart';

/** A chart of a report: its file's name without an ending, its title, and what is drawn. */
export interface ReportChart {
  name: string;
  title: string;
  drawing: ChartDrawing;
}

/** Charts of metrics in a report at the most. */
const MOST = 10;
/** Lines that a description tells of, those with the highest values. */
const MOST_TOLD = 3;

/** What charts are drawn from. Times are epoch milliseconds. */
export interface DrawingInput {
  frame: MetricFrame;
  /** The current nodes, which determine the colours in the panel. */
  nodes: readonly string[];
  ranks: RankSeries | undefined;
  /** The ends of the charts. */
  fromMs: number;
  toMs: number;
  spans: readonly { title: string; nodes: readonly string[]; fromMs: number; toMs: number }[];
  /** Nodes that have lines of their own among many, besides those of the spans. */
  focus?: readonly string[];
  /** Metrics of which something is expected or that speak for the diagnosis, before the usual ones. */
  first: readonly MetricId[];
  /** What a test expects of metrics, and how its texts are said in the reader's language. */
  bounds?: readonly MetricBound[];
  textOf?: ((text: Text) => string) | undefined;
  metricName: (metric: MetricId) => string;
  clock: ReportClock;
  say: Say;
}

type Drawn = Pick<ChartDrawing, 'title' | 'lines' | 'write'> & Partial<Pick<ChartDrawing, 'ends' | 'bounds' | 'looks'>>;

/** The scores' chart, then those of the metrics that have samples, before them what a test has judged of each. */
export function reportCharts(input: DrawingInput): ReportChart[] {
  const { frame, nodes, ranks, spans, focus = [], first, metricName, clock, say, textOf = String } = input;
  const cut = cutter(frame, input);
  const axis = cut(frame.timestamps);
  const looks = nodeLooks(nodes, frame.nodes);
  const own = new Set([...spans.flatMap((span) => span.nodes), ...focus]);
  const bounds = (input.bounds ?? []).filter(({ fromMs, toMs }) => toMs > input.fromMs && fromMs < input.toMs);
  const draw = (bound: MetricBound): ChartBound =>
    chartBound(bound, { write: writerOf(bound.source), clock, say, startMs: axis[0] ?? input.fromMs });
  const common = {
    timestamps: axis,
    looks: looks.size > MOST_LINES ? looksAmong(looks, own) : looks,
    focus: own,
    peersTitle: say('Other nodes: minimum to maximum, median dashed'),
    spans,
    clock,
    labelRoom: labelRoom(bounds.map(draw)),
  };
  const chart = (name: string, drawing: Drawn): ReportChart => ({
    name: name.replace(/[^\w]+/g, '-'),
    title: drawing.title,
    drawing: { ...common, ...drawing, description: described(drawing, say) },
  });
  /** The values that bounds were judged by; no chart where there are none. */
  const judgedChart = (name: string, group: BoundGroup): ReportChart[] => {
    const [bound] = group;
    const { source } = bound;
    const values = judgedValues(bound, axis);
    if (!values.some(Number.isFinite)) return [];
    const own = 'query' in source ? source.query : metricName(source.metric);
    const title = textOf(sourceName(source, own));
    const lines = [{ name: own, values }];
    return [chart(name, { title, lines, write: writerOf(source), bounds: group.map(draw), looks: new Map() })];
  };
  const charts: ReportChart[] = [];
  if (ranks) {
    const lines = ranks.nodes.map(({ node, ranks: values }) => ({ name: node, values: cut(values) }));
    charts.push(
      chart('score', { title: say('Anomaly score'), lines, ends: [0, 1], write: (value) => formatPercent(value) }),
    );
  }
  charts.push(...boundsOfQueries(bounds).flatMap((group, i) => judgedChart(`query-${i + 1}`, group)));
  const usual = METRICS.filter(({ primary }) => primary).map(({ id }) => id);
  for (const metric of [...new Set([...first, ...usual])].slice(0, MOST)) {
    const lines = frame.series
      .filter((series) => series.metric === metric)
      .map(({ node, values }) => ({ name: node, values: cut(values) }))
      .filter(({ values }) => values.some(Number.isFinite));
    if (lines.length === 0) continue;
    const write = writerOf({ metric });
    const names = lines.map(({ name }) => name);
    const { ofEach, ofOne } = boundsOfMetric(bounds, metric, names);
    for (const group of ofOne) {
      const [{ source }] = group;
      const of = 'metric' in source ? `-${source.aggregate}-${source.of}` : '';
      charts.push(...judgedChart(`${metric}${of}`, group));
    }
    charts.push(chart(metric, { title: metricName(metric), lines, write, bounds: ofEach.map(draw) }));
  }
  return charts;
}

/** The unit of a query is not known. */
function writerOf(source: { metric: MetricId } | { query: string }): ChartDrawing['write'] {
  const unit = 'metric' in source ? metricDefinition(source.metric)?.unit : undefined;
  return (value) => formatMetric(value, unit);
}

/** A description of a chart: its title, its highest lines, and what is expected of them. */
function described({ title, lines, write, bounds = [] }: Drawn, say: Say): string {
  const ranges = lines
    .map(({ name, values }) => {
      const known = Array.from(values).filter(Number.isFinite);
      return { name, low: Math.min(...known), high: Math.max(...known) };
    })
    .filter(({ high }) => Number.isFinite(high))
    .sort((a, b) => b.high - a.high)
    .slice(0, MOST_TOLD)
    .map(({ name, low, high }) => say('{0} from {1} to {2}', name, write(low), write(high)));
  const told = say('Line chart of {0}: {1}', title, ranges.length > 0 ? ranges.join('; ') : say('no data'));
  return inARow(told, spokenBounds(bounds, say));
}

function cutter(frame: MetricFrame, { fromMs, toMs }: DrawingInput): (column: Float64Array) => Float64Array {
  const begin = frame.timestamps.findIndex((at) => at >= fromMs);
  const end = frame.timestamps.findLastIndex((at) => at <= toMs) + 1;
  return (column) => column.subarray(Math.max(0, begin), Math.max(0, end));
}
