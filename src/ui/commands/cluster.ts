import * as vscode from 'vscode';
import { PROMETHEUS_TOKEN_KEY } from '../secrets';
import { withProgress } from '../errors';
import type { Command } from './context';

/** Chooses a kubeconfig context for this window; the file is not touched. */
export const selectCluster: Command = {
  id: 'selectCluster',
  run: async (context) => {
    const current = await context.sessions.current().then(
      (session) => session.context,
      () => undefined,
    );
    const items = context.sessions.contexts().map(({ name, server, namespace }) => ({
      label: name,
      description: name === current ? vscode.l10n.t('current') : '',
      detail: namespace ? `${server} · ${namespace}` : server,
    }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Select cluster'),
      placeHolder: vscode.l10n.t('For this window only: the kubeconfig stays as it is'),
      matchOnDetail: true,
    });
    if (chosen) await context.sessions.selectContext(chosen.label);
  },
};

export const startDemoCluster: Command = {
  id: 'startDemoCluster',
  run: async (context) => {
    const facts = await withProgress(vscode.l10n.t('Starting the demo cluster'), () =>
      context.demo.start(() => {
        void vscode.commands.executeCommand('setContext', 'distdiag.demo', false);
        context.sessions.useDemo(undefined);
      }),
    );
    void vscode.commands.executeCommand('setContext', 'distdiag.demo', true);
    context.sessions.useDemo({ kubeconfig: facts.kubeconfig, prometheusUrl: facts.prometheusUrl, demo: true });
  },
};

export const stopDemoCluster: Command = {
  id: 'stopDemoCluster',
  run: (context) => {
    context.demo.dispose();
    void vscode.commands.executeCommand('setContext', 'distdiag.demo', false);
    context.sessions.useDemo(undefined);
  },
};

/** Keeps a bearer token for Prometheus in secret storage; an empty one removes it. */
export const setPrometheusToken: Command = {
  id: 'setPrometheusToken',
  run: async (context) => {
    const token = await vscode.window.showInputBox({
      title: vscode.l10n.t('Prometheus token'),
      prompt: vscode.l10n.t('Kept in the editor’s secret storage. Empty removes it.'),
      password: true,
      ignoreFocusOut: true,
    });
    if (token === undefined) return;
    if (token.trim() === '') await context.secrets.delete(PROMETHEUS_TOKEN_KEY);
    else await context.secrets.store(PROMETHEUS_TOKEN_KEY, token.trim());
    context.sessions.reopen();
  },
};
