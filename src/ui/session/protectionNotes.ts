import * as vscode from 'vscode';
import { inARow } from '../../core/base/text';
import { withoutContext, withoutNamespace } from '../../core/cluster/protection';
import type { Log } from '../../core/base/log';
import { showWarningMessage } from '../text/notify';
import type { SessionManager } from './session';

/** Warns once per window about protection entries that match nothing, usually typing errors. */
export function tellUselessProtection(sessions: SessionManager, log: Log): vscode.Disposable {
  let told = '';
  return sessions.onDidOpen(async ({ config }) => {
    const contexts = await uselessContexts(sessions, config.protectedContexts, log);
    const namespaces = withoutNamespace(config.protectedNamespaces);
    const text = inARow(
      contexts.length === 0
        ? ''
        : vscode.l10n.t(
            'These entries of distdiag.protectedContexts match no context, cluster or server of the kubeconfig: {0}.',
            contexts.join(', '),
          ),
      namespaces.length === 0
        ? ''
        : vscode.l10n.t(
            'These entries of distdiag.protectedNamespaces are not valid namespace names: {0}.',
            namespaces.join(', '),
          ),
    );
    if (text === '' || text === told) return;
    told = text;
    void showWarningMessage(text);
  });
}

/** From the user's own kubeconfig, also while the demo cluster is in use. */
async function uselessContexts(sessions: SessionManager, entries: readonly string[], log: Log): Promise<string[]> {
  if (entries.length === 0) return [];
  try {
    return withoutContext(entries, await sessions.contexts());
  } catch (thrown) {
    log.debug(`the contexts cannot be read: ${String(thrown)}`); // said by whoever connects
    return [];
  }
}
