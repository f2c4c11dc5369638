import * as vscode from 'vscode';
import { toAppError } from '../../../core/base/errors';
import { onAbort } from '../../../core/time/onAbort';
import { sentences, withProgress } from '../../text/errors';
import { withoutIcons } from '../../text/plainText';
import type { ContextChoice } from '../../session/session';
import type { Command, CommandContext } from '../context';
import { setContext } from '../../contextKeys';

/** Chooses a kubeconfig context for this window; the file stays unchanged. */
export const selectCluster: Command = {
  id: 'selectCluster',
  run: async (context) => {
    const current = await context.sessions.current().then(
      (session) => session.context,
      () => undefined,
    );
    const { contexts, problem } = await readContexts(context);
    const items: (vscode.QuickPickItem & { choose: () => Promise<void> | void })[] = contexts.map(
      ({ name, server, namespace }) => ({
        label: withoutIcons(name),
        description: name === current && !context.sessions.isDemo ? vscode.l10n.t('current') : '',
        detail: withoutIcons(namespace ? `${server} · ${namespace}` : server),
        choose: () => context.sessions.selectContext(name),
      }),
    );
    if (problem !== undefined) items.push({ label: `$(error) ${problem}`, choose: openKubeconfigSetting });
    items.push({
      label: vscode.l10n.t('Use the settings'),
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
    } else {
      items.push({
        label: vscode.l10n.t('Start a demo cluster'),
        detail: vscode.l10n.t('A database on this machine, with no Kubernetes needed'),
        choose: async () => vscode.commands.executeCommand('distdiag.startDemoCluster'),
      });
    }
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Select cluster'),
      placeHolder: vscode.l10n.t('For this window only. The kubeconfig is not changed.'),
      matchOnDetail: true,
    });
    await chosen?.choose();
  },
};

/** If the kubeconfig is missing or damaged, the other choices are still offered. */
async function readContexts({
  sessions,
}: CommandContext): Promise<{ contexts: ContextChoice[]; problem: string | undefined }> {
  try {
    return { contexts: await sessions.contexts(), problem: undefined };
  } catch (thrown) {
    const { text, hint } = toAppError(thrown);
    return { contexts: [], problem: sentences(text, hint) };
  }
}

async function openKubeconfigSetting(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', 'distdiag.kubeconfig');
}

/** Starts the embedded cluster and switches to it. */
export const startDemoClusterCommand: Command = {
  id: 'startDemoCluster',
  run: async (context) => {
    const facts = await withProgress(vscode.l10n.t('Starting the demo cluster'), (signal) => {
      onAbort(signal, () => context.demo.dispose());
      // Scripts that act on it must not go on in another cluster: only a person chooses that.
      return context.demo.start(() => context.sessions.reopen());
    });
    void setContext('demo', true);
    context.sessions.useDemo(facts);
  },
};

/** Stops it and returns to the settings' cluster. */
export const stopDemoCluster: Command = {
  id: 'stopDemoCluster',
  run: (context) => {
    context.demo.dispose();
    leaveDemo(context);
  },
};

/** Returns to the settings' cluster if the demo was in use. */
function leaveDemo({ sessions }: CommandContext): void {
  void setContext('demo', false);
  if (sessions.isDemo) sessions.useDemo(undefined);
}
