import * as vscode from 'vscode';
import type { ExperimentOfRow } from '../../core/experiments/rows';
import type { Evaluator } from '../../core/evaluation/evaluator';
import type { ExperimentVerdict } from '../../core/evaluation/verdict';

/** How the diagnosis judged an experiment, in a few words for its row; undefined while there is nothing to say. */
export function verdictNote(verdict: ExperimentVerdict | undefined): string | undefined {
  if (!verdict?.seen) return undefined;
  if (verdict.carriedOver) return vscode.l10n.t('already diagnosed before injection');
  if (verdict.lookedLate) return vscode.l10n.t('diagnosed when the panel was opened');
  const seconds = Math.round(verdict.seen.afterMs / 1000);
  return verdict.first
    ? vscode.l10n.t('detected after {0} s · diagnosed correctly', seconds)
    : vscode.l10n.t('detected after {0} s', seconds);
}

/** Finds the rows whose note has changed since the last call. */
export class VerdictNotes {
  #notes = new Map<string, string | undefined>();

  changed(rows: readonly ExperimentOfRow[], evaluator: Evaluator): ExperimentOfRow[] {
    const before = this.#notes;
    this.#notes = new Map(
      rows.map((row) => [row.experiment.key, verdictNote(evaluator.verdictOf(row.experiment.key))]),
    );
    return rows.filter(({ experiment: { key } }) => this.#notes.get(key) !== before.get(key));
  }
}
