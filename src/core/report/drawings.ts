import { looksAmong, MOST_LINES, nodeLooks } from '../base/nodeLook';
import { formatPercent } from '../base/percent';
import { formatMetric } from '../diagnosis/reasonText';
import type { RankSeries } from '../diagnosis/types';
import { METRICS, metricDefinition, type MetricId } from '../metrics/catalogue';
import type { MetricFrame } from '../metrics/series';
import type { ReportClock } from './reportClock';
import type { Say } from './reportTexts';
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
  /** Metrics that speak for the diagnosis, before the usual ones. */
  first: readonly MetricId[];
  metricName: (metric: MetricId) => string;
  clock: ReportClock;
  say: Say;
}

/** The scores' chart, then those of the metrics that have samples. */
export function reportCharts(input: DrawingInput): ReportChart[] {
  const { frame, nodes, ranks, spans, focus = [], first, metricName, clock, say } = input;
  const cut = cutter(frame, input);
  const looks = nodeLooks(nodes, frame.nodes);
  const own = new Set([...spans.flatMap((span) => span.nodes), ...focus]);
  const common = {
    timestamps: cut(frame.timestamps),
    looks: looks.size > MOST_LINES ? looksAmong(looks, own) : looks,
    focus: own,
    peersTitle: say('Other nodes: minimum to maximum, median dashed'),
    spans,
    clock,
  };
  const chart = (name: string, drawing: Pick<ChartDrawing, 'title' | 'lines' | 'write' | 'ends'>): ReportChart => ({
    name,
    title: drawing.title,
    drawing: { ...common, ...drawing, description: described(drawing, say) },
  });
  const charts: ReportChart[] = [];
  if (ranks) {
    const lines = ranks.nodes.map(({ node, ranks: values }) => ({ name: node, values: cut(values) }));
    charts.push(
      chart('score', { title: say('Anomaly score'), lines, ends: [0, 1], write: (value) => formatPercent(value) }),
    );
  }
  const usual = METRICS.filter(({ primary }) => primary).map(({ id }) => id);
  for (const metric of [...new Set([...first, ...usual])].slice(0, MOST)) {
    const lines = frame.series
      .filter((series) => series.metric === metric)
      .map(({ node, values }) => ({ name: node, values: cut(values) }))
      .filter(({ values }) => values.some(Number.isFinite));
    if (lines.length === 0) continue;
    const unit = metricDefinition(metric)?.unit;
    const write = (value: number): string => formatMetric(value, unit);
    charts.push(chart(metric.replace(/[^\w]+/g, '-'), { title: metricName(metric), lines, write }));
  }
  return charts;
}

/** A description of a chart: its title and its highest lines. */
function described({ title, lines, write }: Pick<ChartDrawing, 'title' | 'lines' | 'write'>, say: Say): string {
  const ranges = lines
    .map(({ name, values }) => {
      const known = Array.from(values).filter(Number.isFinite);
      return { name, low: Math.min(...known), high: Math.max(...known) };
    })
    .filter(({ high }) => Number.isFinite(high))
    .sort((a, b) => b.high - a.high)
    .slice(0, MOST_TOLD)
    .map(({ name, low, high }) => say('{0} from {1} to {2}', name, write(low), write(high)));
  return say('Line chart of {0}: {1}', title, ranges.length > 0 ? ranges.join('; ') : say('no data'));
}

function cutter(frame: MetricFrame, { fromMs, toMs }: DrawingInput): (column: Float64Array) => Float64Array {
  const begin = frame.timestamps.findIndex((at) => at >= fromMs);
  const end = frame.timestamps.findLastIndex((at) => at <= toMs) + 1;
  return (column) => column.subarray(Math.max(0, begin), Math.max(0, end));
}
