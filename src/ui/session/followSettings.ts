import * as vscode from 'vscode';
import type { SessionManager } from './session';

/** Reopens the session when one of its settings changes, or when the folder becomes trusted. */
export function followSettings(sessions: SessionManager): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('distdiag.context') || event.affectsConfiguration('distdiag.kubeconfig'))
        void sessions.selectContext(undefined);
      else if (event.affectsConfiguration('distdiag')) sessions.reopen();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => sessions.reopen()),
  );
}
