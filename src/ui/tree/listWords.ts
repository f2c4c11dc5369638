import * as vscode from 'vscode';
import type { ExperimentSnapshot } from '../../core/experiments/gateway';
import { sentences } from '../text/errors';

/** What the list leaves out because it may not be listed; '' if it is complete. */
export function missingWords({ health, missingKinds }: ExperimentSnapshot): string {
  const hidden = missingKinds.filter(({ error }) => error.code === 'forbidden');
  const [first] = hidden;
  if (health.state !== 'live' || !first) return '';
  const kinds = hidden.map(({ kind }) => kind).join(', ');
  return vscode.l10n.t('Some objects cannot be shown ({0}): {1}', kinds, sentences(first.error.text, first.error.hint));
}

/** The only namespaces that are listed; '' if all are. */
export function narrowedWords({ onlyIn }: ExperimentSnapshot): string {
  if (!onlyIn) return '';
  return vscode.l10n.t(
    'Only experiments in {0} are shown. You are not allowed to list all namespaces.',
    onlyIn.join(', '),
  );
}
