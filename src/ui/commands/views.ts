import * as vscode from 'vscode';
import { withProgress } from '../errors';
import type { Command } from './context';
import { chooseExperiments } from './pickExperiment';

export const showExperimentYaml: Command = {
  id: 'showExperimentYaml',
  run: async (context, ...args) => {
    for (const experiment of await chooseExperiments(context, args, vscode.l10n.t('Which experiment?')))
      await context.yaml.show(experiment);
  },
};

export const openMetricsPanel: Command = {
  id: 'openMetricsPanel',
  run: ({ panel }, metric) => panel.show(typeof metric === 'string' ? metric : undefined),
};

export const diagnoseNow: Command = {
  id: 'diagnoseNow',
  run: async (context) => {
    const { monitor } = await context.sessions.current();
    context.panel.show();
    await withProgress(vscode.l10n.t('Diagnosing'), (signal) => monitor.refresh(signal));
  },
};

export const refreshExperiments: Command = {
  id: 'refreshExperiments',
  run: async (context) => {
    context.yaml.refresh();
    await vscode.window.withProgress({ location: { viewId: 'distdiag.experiments' } }, () =>
      context.sessions.refresh(),
    );
  },
};

export const showLog: Command = { id: 'showLog', run: (context) => context.log.show() };
