import { AppError } from '../../../core/base/errors';
import { msg } from '../../../core/base/text';
import { METRICS, metricDefinition } from '../../../core/metrics/catalogue';
import type { MetricFrame } from '../../../core/metrics/series';
import { nearestWord } from '../../../core/chaosYaml/findings';
import { cutName, unknownMetric } from '../../../core/scenario/unknownField';
import type { ScriptedSessions } from '../../session/session';
import { refuseUnknownFields } from './inputs';

/** Which metrics are requested. */
export interface MetricsInput {
  metric?: string;
  node?: string;
}

/** The newest metrics, one line per metric and node. */
export async function newestMetrics(sessions: ScriptedSessions, input: MetricsInput): Promise<object> {
  refuseUnknownFields(input, ['metric', 'node']);
  const { metric, node } = input;
  if (metric !== undefined && !METRICS.some(({ id }) => id === metric)) throw metricError(metric);
  const { monitor } = await sessions.current();
  const { health, frame } = await monitor.refresh();
  if (health.state === 'failed' || health.state === 'stale') throw health.error;
  if (!frame) return { note: health.state === 'empty' ? health.message : 'There are no metrics yet.' };
  if (node !== undefined && !frame.nodes.includes(node)) throw nodeError(node, frame.nodes);
  return {
    fromMs: frame.timestamps[0],
    toMs: frame.timestamps.at(-1),
    metrics: digest(frame, metric, node),
    problems: frame.problems.map(({ message }) => message),
  };
}

/** An empty list would read as "this metric has no samples". */
function metricError(metric: string): AppError {
  const { message, meant } = unknownMetric(metric);
  return new AppError('invalid', message, meant === undefined ? {} : { hint: msg`Did you mean ${meant}?` });
}

function nodeError(node: string, nodes: readonly string[]): AppError {
  const meant = nearestWord(node, nodes);
  const names = nodes.length === 0 ? 'none' : nodes.join(', ');
  const hint = meant === undefined ? msg`The nodes are ${names}.` : msg`Did you mean ${meant}? The nodes are ${names}.`;
  return new AppError('invalid', msg`There is no node "${cutName(node)}".`, { hint });
}

/** Newest, lowest, middle and highest value of every series; full series would be too long for a model. */
function digest(frame: MetricFrame, metric: string | undefined, node: string | undefined): object[] {
  return frame.series
    .filter(
      (series) => (metric === undefined || series.metric === metric) && (node === undefined || series.node === node),
    )
    .map((series) => {
      const values = [...series.values].filter(Number.isFinite);
      const sorted = values.toSorted((a, b) => a - b);
      return {
        metric: series.metric,
        unit: metricDefinition(series.metric)?.unit,
        node: series.node,
        newest: values.at(-1) ?? null,
        lowest: sorted[0] ?? null,
        median: sorted[Math.floor(sorted.length / 2)] ?? null,
        highest: sorted.at(-1) ?? null,
      };
    });
}
