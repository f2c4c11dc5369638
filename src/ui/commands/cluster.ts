import * as vscode from 'vscode';
import { PROMETHEUS_TOKEN_KEY } from '../secrets';
import { withProgress } from '../errors';
import type { Command, CommandContext } from './context';

/** Chooses a kubeconfig context for this window; the file is not touched. */
export const selectCluster: Command = {
  id: 'selectCluster',
  run: async (context) => {
    const current = await context.sessions.current().then(
      (session) => session.context,
      () => undefined,
    );
    const items: (vscode.QuickPickItem & { choose: () => Promise<void> | void })[] = context.sessions
      .contexts()
      .map(({ name, server, namespace }) => ({
        label: name,
        description: name === current && !context.sessions.isDemo ? vscode.l10n.t('current') : '',
        detail: namespace ? `${server} · ${namespace}` : server,
        choose: () => context.sessions.selectContext(name),
      }));
    items.push({
      label: vscode.l10n.t('As the settings say'),
      detail: vscode.l10n.t('The context of distdiag.context, else the kubeconfig’s current one'),
      choose: () => context.sessions.selectContext(undefined),
    });
    const { facts } = context.demo;
    if (facts) {
      items.push({
        label: vscode.l10n.t('Demo cluster'),
        description: context.sessions.isDemo ? vscode.l10n.t('current') : '',
        choose: () => context.sessions.useDemo(facts),
      });
    }
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Select cluster'),
      placeHolder: vscode.l10n.t('For this window only: the kubeconfig stays as it is'),
      matchOnDetail: true,
    });
    await chosen?.choose();
  },
};

export const startDemoCluster: Command = {
  id: 'startDemoCluster',
  run: async (context) => {
    const facts = await withProgress(vscode.l10n.t('Starting the demo cluster'), (signal) => {
      signal.addEventListener('abort', () => context.demo.dispose());
      return context.demo.start(() => leaveDemo(context));
    });
    void vscode.commands.executeCommand('setContext', 'distdiag.demo', true);
    context.sessions.useDemo(facts);
  },
};

export const stopDemoCluster: Command = {
  id: 'stopDemoCluster',
  run: (context) => {
    context.demo.dispose();
    leaveDemo(context);
  },
};

/** The demo cluster has ended: the settings' cluster again, where the demo was in use. */
function leaveDemo({ sessions }: CommandContext): void {
  void vscode.commands.executeCommand('setContext', 'distdiag.demo', false);
  if (sessions.isDemo) sessions.useDemo(undefined);
}

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
