import * as vscode from 'vscode';
import type { SessionManager } from './session';

/** Opens the session anew when a setting that it was made from changes, or the folder becomes trusted. */
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
