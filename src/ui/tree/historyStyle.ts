import * as vscode from 'vscode';
import type { HistoryEnd, HistoryEntry } from '../../core/history/entry';

/** Icon, colour and label for the end of an experiment. */
export const END_STYLES: Readonly<Record<HistoryEnd, { icon: string; color: string; label: string }>> = {
  recovered: { icon: 'pass', color: 'charts.green', label: vscode.l10n.t('Recovered') },
  done: { icon: 'pass', color: 'charts.green', label: vscode.l10n.t('Done') },
  failed: { icon: 'error', color: 'errorForeground', label: vscode.l10n.t('Failed') },
  noTargets: { icon: 'circle-slash', color: 'charts.yellow', label: vscode.l10n.t('No targets') },
  forced: { icon: 'warning', color: 'errorForeground', label: vscode.l10n.t('Removed by force') },
  vanished: { icon: 'question', color: 'charts.yellow', label: vscode.l10n.t('Disappeared while not watched') },
};

/** `Recovered`, with `1 of 3 injected` if not all were. */
export function endWords({ end, injected, total }: HistoryEntry): string {
  const label = END_STYLES[end ?? 'vanished'].label;
  return total > 0 && injected < total ? `${label} (${vscode.l10n.t('{0} of {1} injected', injected, total)})` : label;
}
