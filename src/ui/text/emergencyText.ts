import * as vscode from 'vscode';
import { isOver, type EmergencyOutcome, type EmergencyReport } from '../../core/stop/emergencyStop';
import { localized } from './coreText';
import { experimentName } from './labels';

/** The report of an emergency stop in Markdown: first what has not recovered, by target, and why. */
export function emergencyText(report: EmergencyReport, context: string): string {
  const { outcomes, unlisted, listError, lost, startedAt, endedAt } = report;
  const left = outcomes.filter((outcome) => !isOver(outcome));
  const done = outcomes.filter(isOver);
  const lines = [
    `# ${vscode.l10n.t('Emergency stop on {0}', context)}`,
    '',
    vscode.l10n.t(
      'From {0} to {1} by the cluster’s clock.',
      new Date(startedAt).toISOString(),
      new Date(endedAt).toISOString(),
    ),
    vscode.l10n.t('{0} of {1} experiments recovered.', done.length, outcomes.length),
  ];
  if (listError)
    lines.push(
      '',
      vscode.l10n.t(
        'The experiments could not be listed: {0} Only experiments known before were stopped.',
        localized(listError.text),
      ),
    );
  for (const { kind, error } of unlisted)
    lines.push(
      '',
      vscode.l10n.t('{0} could not be listed and may still be running: {1}', localized(kind), localized(error.text)),
    );
  for (const { text } of lost) lines.push('', localized(text));
  if (left.length > 0) lines.push('', `## ${vscode.l10n.t('Not recovered')}`, ...left.flatMap(section));
  if (done.length > 0) lines.push('', `## ${vscode.l10n.t('Recovered')}`, ...done.flatMap(section));
  return `${lines.join('\n')}\n`;
}

function section(outcome: EmergencyOutcome): string[] {
  const { experiment, end, targets, pauseError, deleteError } = outcome;
  const { ref, summary } = experiment;
  const ends: Record<EmergencyOutcome['end'], string> = {
    gone: vscode.l10n.t('recovered and removed'),
    recovered: vscode.l10n.t('recovered, but the object still exists'),
    held: vscode.l10n.t('the fault may still be active'),
    unknown: vscode.l10n.t('unknown: the cluster did not respond'),
  };
  const lines = [
    '',
    `### ${experimentName(experiment)}: ${ref.kind} ${ref.namespace}/${ref.name}`,
    '',
    `${summary} · ${ends[end]}`,
    '',
  ];
  for (const { id, recovered, reason } of targets)
    lines.push(
      `- ${id}: ${recovered ? vscode.l10n.t('recovered') : vscode.l10n.t('not recovered')}${reason ? `. ${localized(reason)}` : ''}`,
    );
  if (targets.length === 0) lines.push(`- ${vscode.l10n.t('no target')}`);
  if (pauseError) lines.push(`- ${vscode.l10n.t('The pause failed: {0}', localized(pauseError.text))}`);
  if (deleteError) lines.push(`- ${vscode.l10n.t('The deletion failed: {0}', localized(deleteError.text))}`);
  return lines;
}
