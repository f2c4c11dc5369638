import { formatMetric } from '../diagnosis/reasonText';
import type { RankSeries } from '../diagnosis/types';
import { METRICS, metricDefinition, type MetricId } from '../metrics/catalogue';
import type { MetricFrame } from '../metrics/series';
import type { ReportClock } from './reportClock';
import { svgChart } from './svgChart';

/** A chart of a report: its file's name without an ending, its title, and the drawing. */
export interface ReportChart {
  name: string;
  title: string;
  svg: string;
}

/** Charts of metrics in a report at the most. */
const MOST = 10;

/** What charts are drawn from. Times are epoch milliseconds. */
export interface DrawingInput {
  frame: MetricFrame;
  ranks: RankSeries | undefined;
  /** The ends of the charts. */
  fromMs: number;
  toMs: number;
  span: { title: string; fromMs: number; toMs: number };
  /** Metrics that speak for the diagnosis, before the usual ones. */
  first: readonly MetricId[];
  rankTitle: string;
  titleOf: (metric: MetricId) => string;
  clock: ReportClock;
}

/** The ranks' chart, then those of the metrics that have samples. */
export function reportCharts(input: DrawingInput): ReportChart[] {
  const { frame, ranks, span, first, rankTitle, titleOf, clock } = input;
  const cut = cutter(frame, input);
  const common = { timestamps: cut(frame.timestamps), nodes: frame.nodes, spans: [span], clock };
  const charts: ReportChart[] = [];
  if (ranks) {
    const lines = ranks.nodes.map(({ node, ranks: values }) => ({ name: node, values: cut(values) }));
    const svg = svgChart({ ...common, title: rankTitle, lines, ends: [0, 1], write: (value) => value.toFixed(1) });
    charts.push({ name: 'rank', title: rankTitle, svg });
  }
  const usual = METRICS.filter(({ primary }) => primary).map(({ id }) => id);
  for (const metric of [...new Set([...first, ...usual])].slice(0, MOST)) {
    const lines = frame.series
      .filter((series) => series.metric === metric)
      .map(({ node, values }) => ({ name: node, values: cut(values) }))
      .filter(({ values }) => values.some(Number.isFinite));
    if (lines.length === 0) continue;
    const unit = metricDefinition(metric)?.unit;
    const title = titleOf(metric);
    const svg = svgChart({ ...common, title, lines, write: (value) => formatMetric(value, unit) });
    charts.push({ name: metric.replace(/[^\w]+/g, '-'), title, svg });
  }
  return charts;
}

function cutter(frame: MetricFrame, { fromMs, toMs }: DrawingInput): (column: Float64Array) => Float64Array {
  const begin = frame.timestamps.findIndex((at) => at >= fromMs);
  const end = frame.timestamps.findLastIndex((at) => at <= toMs) + 1;
  return (column) => column.subarray(Math.max(0, begin), Math.max(0, end));
}
