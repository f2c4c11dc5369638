import * as vscode from 'vscode';
import { withProgress } from '../../text/errors';
import { showInformationMessage } from '../../text/notify';
import { roleDocument } from '../../documents/roleDocument';
import type { Command } from '../context';

/** Asks the server for the user's permissions, and shows exactly the missing ones as a role to ask for. */
export const showMissingPermissions: Command = {
  id: 'showMissingPermissions',
  run: async ({ sessions, reports }) => {
    const session = await sessions.current();
    session.access.forget();
    const report = await withProgress(vscode.l10n.t('Checking your permissions'), (signal) =>
      session.access.report(signal),
    );
    if (report.missing.length === 0) {
      void showInformationMessage(
        report.incomplete
          ? vscode.l10n.t('The server did not report your permissions on {0}.', session.context)
          : vscode.l10n.t('You have every permission DistDiag needs on {0}.', session.context),
      );
      return;
    }
    const text = await roleDocument(report, session, (object) => sessions.toYaml(object));
    await reports.show('missing-permissions.yaml', text);
    const copy = vscode.l10n.t('Copy');
    const answer = await showInformationMessage(
      vscode.l10n.t('This role is missing. Ask a cluster administrator to grant it.'),
      copy,
    );
    if (answer === copy) await vscode.env.clipboard.writeText(text);
  },
};
