import * as vscode from 'vscode';
import { withProgress } from '../../text/errors';
import { showInformationMessage } from '../../text/notify';
import { roleDocument } from '../../documents/roleDocument';
import type { Command } from '../context';

/** Shows exactly what the user lacks as a role to ask for; asks the server anew. */
export const showMissingPermissions: Command = {
  id: 'showMissingPermissions',
  run: async ({ sessions, reports }) => {
    const session = await sessions.current();
    session.access.forget();
    const report = await withProgress(vscode.l10n.t('Asking what you may do'), (signal) =>
      session.access.report(signal),
    );
    if (report.missing.length === 0) {
      void showInformationMessage(
        report.incomplete
          ? vscode.l10n.t('The server does not tell what you may do on {0}.', session.context)
          : vscode.l10n.t('You may do on {0} everything that DistDiag needs.', session.context),
      );
      return;
    }
    const text = await roleDocument(report, session, (object) => sessions.toYaml(object));
    await reports.show('missing-permissions.yaml', text);
    const copy = vscode.l10n.t('Copy');
    const answer = await showInformationMessage(
      vscode.l10n.t('This role is missing: give it to the cluster’s administrator.'),
      copy,
    );
    if (answer === copy) await vscode.env.clipboard.writeText(text);
  },
};
