import * as vscode from 'vscode';
import type { DistDiagApi } from '../../../../types/index';
import { metricDefinition } from '../../../core/metrics/catalogue';
import type { MetricFrame } from '../../../core/metrics/series';
import type { SessionManager } from '../../session/session';
import { result, type Tool } from './tool';

/** Lists what runs, whoever started it. */
export function listExperimentsTool(api: DistDiagApi): Tool<object> {
  return {
    name: 'distdiag_list_experiments',
    prepareInvocation: () => ({ invocationMessage: vscode.l10n.t('Listing the Chaos Mesh experiments') }),
    invoke: async () => result(await api.listExperiments()),
  };
}

/** Reads the newest metrics as one line a metric and node. */
export function metricsTool(sessions: SessionManager): Tool<{ metric?: string; node?: string }> {
  return {
    name: 'distdiag_metrics',
    prepareInvocation: () => ({ invocationMessage: vscode.l10n.t('Reading the metrics of the database') }),
    invoke: async ({ input }) => {
      const { monitor } = await sessions.current();
      const { health, frame } = await monitor.refresh();
      if (health.state === 'failed' || health.state === 'stale') throw health.error;
      if (!frame) return result({ note: health.state === 'empty' ? health.message : 'There are no metrics yet.' });
      return result({
        fromMs: frame.timestamps[0],
        toMs: frame.timestamps.at(-1),
        metrics: digest(frame, input.metric, input.node),
        problems: frame.problems.map(({ message }) => message),
      });
    },
  };
}

/** Says which node has which anomaly. */
export function diagnoseTool(api: DistDiagApi): Tool<object> {
  return {
    name: 'distdiag_diagnose',
    prepareInvocation: () => ({ invocationMessage: vscode.l10n.t('Diagnosing the database') }),
    invoke: async () => {
      const { graph: _graph, ranking, ...rest } = await api.diagnose();
      return result({ ...rest, ranking: ranking.slice(0, 10) });
    },
  };
}

/** Newest, lowest, middle and highest value of every series: what a model can read; a full series it cannot. */
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
