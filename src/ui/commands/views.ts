import * as vscode from 'vscode';
import { withProgress } from '../text/errors';
import type { Command } from './context';
import { chooseExperiments } from './experiments/pickExperiment';

/** Opens the live YAML of the chosen experiments. */
export const showExperimentYaml: Command = {
  id: 'showExperimentYaml',
  run: async (context, ...args) => {
    for (const experiment of await chooseExperiments(context, args, vscode.l10n.t('Select an experiment')))
      await context.yaml.show(experiment);
  },
};

/** Opens the metrics panel, at a metric if one is given. */
export const openMetricsPanel: Command = {
  id: 'openMetricsPanel',
  run: ({ panel }, metric) => panel.show(typeof metric === 'string' ? metric : undefined),
};

/** Opens the panel and diagnoses the newest data at once, even if the panel shows a past range. */
export const diagnoseNow: Command = {
  id: 'diagnoseNow',
  run: async (context) => {
    const { monitor } = await context.sessions.current();
    context.panel.show();
    context.panel.showNow(monitor);
    await withProgress(vscode.l10n.t('Diagnosing'), (signal) => monitor.refresh(signal));
  },
};

/** Lists the experiments again. */
export const refreshExperiments: Command = {
  id: 'refreshExperiments',
  run: async (context) => {
    context.yaml.refresh();
    await vscode.window.withProgress({ location: { viewId: 'distdiag.experiments' } }, () =>
      context.sessions.refresh(),
    );
  },
};

/** Opens the extension's log. */
export const showLog: Command = { id: 'showLog', run: (context) => context.log.show() };
