import * as vscode from 'vscode';
import { withoutSecrets } from '../../../core/cluster/connection';
import { showInformationMessage } from '../../text/notify';
import type { PrometheusCredential } from '../../session/prometheusSecrets';
import { withoutUser } from '../../session/prometheusSecrets';
import type { Command, CommandContext } from '../context';

/** Stores a bearer token for the settings' Prometheus in secret storage; an empty one removes the stored token. */
export const setPrometheusToken: Command = {
  id: 'setPrometheusToken',
  run: async (context) => {
    const url = await addressOf(context);
    if (url === undefined) return;
    const token = await askSecret(vscode.l10n.t('Token for {0}', withoutSecrets(url)));
    if (token === undefined) return;
    await keep(context, url, token.trim() === '' ? undefined : { token: token.trim() });
  },
};

/** The same for a user name and a password; removes credentials from the address in the settings. */
export const setPrometheusPassword: Command = {
  id: 'setPrometheusPassword',
  run: async (context) => {
    const url = await addressOf(context);
    if (url === undefined) return;
    const title = vscode.l10n.t('User name for {0}', withoutSecrets(url));
    const username = await vscode.window.showInputBox({
      title,
      prompt: vscode.l10n.t('Leave empty to remove the stored value.'),
      value: URL.canParse(url) ? new URL(url).username : '',
      ignoreFocusOut: true,
    });
    if (username === undefined) return;
    if (username.trim() === '') return keep(context, url, undefined);
    const password = await askSecret(vscode.l10n.t('Password for {0}', withoutSecrets(url)));
    if (password === undefined) return;
    await takeOutOfSettings();
    await keep(context, url, { username: username.trim(), password });
  },
};

/** The address that the credentials are for; if there is none, offers the settings and returns undefined. */
async function addressOf({ sessions }: CommandContext): Promise<string | undefined> {
  const { prometheusUrl } = sessions.config();
  if (prometheusUrl !== '') return prometheusUrl;
  const open = vscode.l10n.t('Open Settings');
  const message = vscode.l10n.t(
    'Credentials apply to the address in distdiag.prometheus.url, which is not set. Through the API server, only the kubeconfig’s own credentials are used.',
  );
  if ((await showInformationMessage(message, open)) === open)
    await vscode.commands.executeCommand('workbench.action.openSettings', 'distdiag.prometheus.url');
  return undefined;
}

const askSecret = (title: string): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Stored in the editor’s secret storage. Leave empty to remove it.'),
    password: true,
    ignoreFocusOut: true,
  });

async function keep(
  { secrets, sessions }: CommandContext,
  url: string,
  credential: PrometheusCredential | undefined,
): Promise<void> {
  await secrets.write(url, credential);
  sessions.reopen();
}

async function takeOutOfSettings(): Promise<void> {
  const settings = vscode.workspace.getConfiguration('distdiag');
  const found = settings.inspect<string>('prometheus.url');
  const scopes = [
    [found?.globalValue, vscode.ConfigurationTarget.Global],
    [found?.workspaceValue, vscode.ConfigurationTarget.Workspace],
  ] as const;
  for (const [value, target] of scopes) {
    const clean = withoutUser(value ?? '');
    if (clean !== undefined) await settings.update('prometheus.url', clean, target);
  }
}
