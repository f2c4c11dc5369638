import { SCENARIO_ANNOTATION } from '../experiments/labels';
import { markdownText } from '../base/sanitize';
import { stringsOf } from '../base/unknown';
import type { HistoryEntry } from './entry';

/** How the history can be written for others. */
export type HistoryFormat = 'json' | 'csv' | 'md';

const COLUMNS = [
  'created',
  'injected',
  'recovered',
  'ended',
  'outcome',
  'targets injected',
  'targets',
  'pods',
  'anomaly',
  'kind',
  'namespace',
  'name',
  'what',
  'duration (s)',
  'by',
  'scenario',
  'context',
  'reason',
] as const;

/** The entries as a file for people or programs: JSON with the manifests, CSV (RFC 4180) and Markdown as a table. Times are ISO 8601 in UTC. */
export function exportHistory(entries: readonly HistoryEntry[], format: HistoryFormat): string {
  if (format === 'json') return `${JSON.stringify(entries.map(toJson), undefined, 2)}\n`;
  const rows = entries.map(toRow);
  if (format === 'csv')
    return [COLUMNS, ...rows]
      .map((row) => row.map(csvCell).join(','))
      .join('\r\n')
      .concat('\r\n');
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
  return [line(COLUMNS), line(COLUMNS.map(() => '---')), ...rows.map(line), ''].join('\n');
}

const iso = (ms: number | undefined): string => (ms === undefined || ms <= 0 ? '' : new Date(ms).toISOString());

function toRow(entry: HistoryEntry): string[] {
  const { experiment, end, endedAt, injected, total, context, reason } = entry;
  const { ref, createdAt, injectedAt, recoveredAt, targets, fault, summary, durationMs, ours, object } = experiment;
  return [
    iso(createdAt),
    iso(injectedAt),
    iso(recoveredAt),
    iso(endedAt),
    end ?? '',
    String(injected),
    String(total),
    [...new Set(targets.map(({ pod }) => pod))].join(' '),
    fault ?? '',
    ref.kind,
    ref.namespace,
    ref.name,
    summary,
    durationMs === undefined ? '' : String(durationMs / 1000),
    ours ? 'ours' : 'others',
    stringsOf(object.metadata.annotations)[SCENARIO_ANNOTATION] ?? '',
    context,
    reason ?? '',
  ];
}

function toJson(entry: HistoryEntry): Record<string, unknown> {
  const cells = toRow(entry);
  const { apiVersion, kind, metadata, spec } = entry.experiment.object;
  const { labels, annotations, name, namespace } = metadata;
  return {
    ...Object.fromEntries(COLUMNS.map((column, i) => [column, cells[i]])),
    targets: entry.experiment.targets.map(({ id, phase, injectedCount, recoveredCount, events }) => ({
      id,
      phase,
      injectedCount,
      recoveredCount,
      events: events.map(({ at, ...rest }) => ({ at: iso(at), ...rest })),
    })),
    manifest: { apiVersion, kind, metadata: { name, namespace, labels, annotations }, spec },
  };
}

/** A cell that begins like a formula would be one in a spreadsheet: it is quoted as text there. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
