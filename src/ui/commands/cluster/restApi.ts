import * as vscode from 'vscode';
import { AppError } from '../../../core/base/errors';
import { showInformationMessage } from '../../text/notify';
import type { RestApiHandle } from '../../scripting/restApi';
import type { Command, CommandContext } from '../context';

/** Starts the REST API for scripts on this machine, and shows its address. */
export const startRestApiCommand: Command = {
  id: 'startRestApi',
  run: async (context) => {
    if (!vscode.workspace.isTrusted)
      throw new AppError('forbidden', vscode.l10n.t('The REST API can be started in a trusted workspace only.'));
    const server = await context.restApi.start();
    context.log.info(`REST API at ${server.url}`); // never the token
    void tell(server); // not awaited: the command does not wait for a button
  },
};

/** Stops it, which makes its token invalid. */
export const stopRestApi: Command = {
  id: 'stopRestApi',
  run: async (context) => {
    context.restApi.dispose();
    vscode.window.setStatusBarMessage(`$(pass) ${vscode.l10n.t('The REST API is stopped')}`, 5000);
  },
};

/** Copies the token that requests need. */
export const copyRestApiToken: Command = {
  id: 'copyRestApiToken',
  run: async (context) => copyToken(await running(context)),
};

async function running({ restApi }: CommandContext): Promise<RestApiHandle> {
  const server = await restApi.current();
  if (server) return server;
  throw new AppError('notConfigured', vscode.l10n.t('The REST API is not running.'), {
    hint: vscode.l10n.t('Run DistDiag: Start REST API.'),
  });
}

async function tell(server: RestApiHandle): Promise<void> {
  const copy = vscode.l10n.t('Copy Token');
  const docs = vscode.l10n.t('Open Documentation');
  const chosen = await showInformationMessage(
    vscode.l10n.t('REST API running at {0} (this machine only, token required, until this window closes).', server.url),
    copy,
    docs,
  );
  if (chosen === copy) await copyToken(server);
  if (chosen === docs) await vscode.env.openExternal(vscode.Uri.parse(`${server.url}/docs`));
}

async function copyToken({ token }: RestApiHandle): Promise<void> {
  await vscode.env.clipboard.writeText(token);
  vscode.window.setStatusBarMessage(`$(pass) ${vscode.l10n.t('REST API token copied')}`, 5000);
}
