import * as vscode from 'vscode';
import type { Command } from '../context';
import { chooseExperiments } from './pickExperiment';

/** Opens the complete list of an experiment's events, in order. */
export const showExperimentEvents: Command = {
  id: 'showExperimentEvents',
  run: async (context, ...args) => {
    for (const experiment of await chooseExperiments(context, args, vscode.l10n.t('Select an experiment')))
      await context.events.show(experiment);
  },
};

/** A button for errors about an experiment. */
export const seeEvents = (key: string | undefined): { title: string; run: () => void } => ({
  title: vscode.l10n.t('See Events'),
  run: () => void vscode.commands.executeCommand('distdiag.showExperimentEvents', key),
});
