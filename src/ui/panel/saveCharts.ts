import * as vscode from 'vscode';
import { metricDefinition } from '../../core/metrics/catalogue';
import { toCsv, toJson, type ChartData } from '../../core/metrics/chartData';
import type { MonitorState } from '../../core/monitoring/monitorState';
import type { OwnChart } from '../../shared/chartMessages';

/** The content of one chart or of all charts. */
export function chartData(
  { frame, ranks }: Pick<MonitorState, 'frame' | 'ranks'>,
  own: readonly OwnChart[],
  chart: string | undefined,
): ChartData[] {
  const wanted = (id: string): boolean => chart === undefined || chart === id;
  const result: ChartData[] = [];
  if (frame && ranks && wanted('rank')) {
    const lines = ranks.nodes.map(({ node, ranks: values }) => ({ name: node, values: Float64Array.from(values) }));
    result.push({ chart: 'rank', unit: undefined, timestamps: frame.timestamps, lines });
  }
  const metrics = [...new Set(frame?.series.map(({ metric }) => metric) ?? [])].filter(wanted);
  for (const metric of metrics) {
    const series = frame?.series.filter((one) => one.metric === metric) ?? [];
    result.push({
      chart: metric,
      unit: metricDefinition(metric)?.unit,
      timestamps: frame?.timestamps ?? new Float64Array(),
      lines: series.map(({ node, values }) => ({ name: node, values })),
    });
  }
  for (const { id, query, title, unit, timestamps, lines } of own)
    if (wanted(id)) result.push({ chart: title || query, unit, timestamps, lines });
  return result;
}

const FILTERS = {
  csv: { CSV: ['csv'] },
  json: { JSON: ['json'] },
  png: { PNG: ['png'] },
} as const satisfies Record<string, Record<string, readonly string[]>>;

/** A file name that is valid on every system: content and time. */
export function fileName(chart: string | undefined, format: keyof typeof FILTERS, at: number): string {
  const what = (chart ?? 'charts').replace(/[^\w.-]+/g, '-');
  const when = new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return `distdiag-${what}-${when}.${format}`;
}

/** Asks for a location and writes the file; nothing is written if the user cancels. */
export async function saveFile(
  chart: string | undefined,
  format: keyof typeof FILTERS,
  bytes: Uint8Array,
  at: number,
): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = fileName(chart, format, at);
  const filters = Object.fromEntries(
    Object.entries<readonly string[]>(FILTERS[format]).map(([title, endings]) => [title, [...endings]]),
  );
  const target = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    filters,
    title: vscode.l10n.t('Save the charts'),
  });
  if (!target) return undefined;
  await vscode.workspace.fs.writeFile(target, bytes);
  void vscode.window.setStatusBarMessage(vscode.l10n.t('Saved {0}', vscode.workspace.asRelativePath(target)), 5000);
  return target;
}

/** Charts as CSV or JSON text. */
export const chartText = (format: 'csv' | 'json', data: readonly ChartData[]): Uint8Array =>
  new TextEncoder().encode(format === 'csv' ? toCsv(data) : toJson(data));
