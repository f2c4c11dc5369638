import * as vscode from 'vscode';
import { AppError } from '../../../core/base/errors';
import { showInformationMessage } from '../../text/notify';
import type { RunningRestApi } from '../../scripting/restApi';
import type { Command, CommandContext } from '../context';

/** Starts the REST API for scripts on this machine, and says where it is. */
export const startRestApi: Command = {
  id: 'startRestApi',
  run: async (context) => {
    if (!vscode.workspace.isTrusted)
      throw new AppError('forbidden', vscode.l10n.t('The REST API can be started in a trusted workspace only.'));
    const server = await context.restApi.start();
    context.log.info(`REST API at ${server.url}`); // never the token
    void tell(server); // the command is done: it does not wait for a button
  },
};

/** Stops it; its token is worth nothing from then on. */
export const stopRestApi: Command = {
  id: 'stopRestApi',
  run: async (context) => {
    context.restApi.dispose();
    vscode.window.setStatusBarMessage(`$(pass) ${vscode.l10n.t('The REST API is stopped')}`, 5000);
  },
};

/** Copies the token that requests must carry. */
export const copyRestApiToken: Command = {
  id: 'copyRestApiToken',
  run: async (context) => copyToken(await running(context)),
};

async function running({ restApi }: CommandContext): Promise<RunningRestApi> {
  const server = await restApi.current();
  if (server) return server;
  throw new AppError('notConfigured', vscode.l10n.t('The REST API does not run.'), {
    hint: vscode.l10n.t('Run DistDiag: Start REST API.'),
  });
}

async function tell(server: RunningRestApi): Promise<void> {
  const copy = vscode.l10n.t('Copy Token');
  const docs = vscode.l10n.t('Open Documentation');
  const chosen = await showInformationMessage(
    vscode.l10n.t(
      'The REST API answers at {0} for programs of this machine that have its token, until this window closes.',
      server.url,
    ),
    copy,
    docs,
  );
  if (chosen === copy) await copyToken(server);
  if (chosen === docs) await vscode.env.openExternal(vscode.Uri.parse(`${server.url}/docs`));
}

async function copyToken({ token }: RunningRestApi): Promise<void> {
  await vscode.env.clipboard.writeText(token);
  vscode.window.setStatusBarMessage(`$(pass) ${vscode.l10n.t('Copied the token of the REST API')}`, 5000);
}
