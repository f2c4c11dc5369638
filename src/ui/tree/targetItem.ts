import * as vscode from 'vscode';
import type { Experiment, ExperimentTarget } from '../../core/experiments/experiment';
import { times } from '../text/times';
import { nodeName, targetPhaseLabel } from './experimentStyle';
import { plainTooltip } from './tooltip';

/** The row of a target. */
export function targetItem(experiment: Experiment, target: ExperimentTarget): vscode.TreeItem {
  const item = new vscode.TreeItem(nodeName(target.pod));
  item.id = `${experiment.key}#${target.id}`;
  const phase = targetPhaseLabel(target);
  const lost = {
    pod: vscode.l10n.t('its pod has been replaced since'),
    daemon: vscode.l10n.t('the daemon on its node has ended since'),
  };
  const failure = target.lost ? lost[target.lost] : target.lastFailure;
  item.description = failure ? `${phase}: ${failure}` : phase;
  const failed = failure !== undefined;
  item.iconPath = failed
    ? new vscode.ThemeIcon('error', new vscode.ThemeColor('errorForeground'))
    : new vscode.ThemeIcon(target.phase.startsWith('Injected') ? 'circle-filled' : 'circle-outline');
  item.contextValue = 'target';
  if (failed)
    item.command = {
      command: 'distdiag.showExperimentEvents',
      title: vscode.l10n.t('See Events'),
      arguments: [experiment.key],
    };
  item.accessibilityInformation = { label: `${target.pod}, ${item.description}` };
  item.tooltip = plainTooltip(
    `${target.id}: ${phase}`,
    ...target.events.slice(-5).map(({ operation, type, message, at }) => {
      const time = at === undefined ? '' : `${times().timeOfDay(at)} `;
      return `${time}${operation} ${type}${message ? `: ${message}` : ''}`;
    }),
  );
  return item;
}
