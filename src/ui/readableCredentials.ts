import * as vscode from 'vscode';
import { withoutSecrets } from '../core/connection';
import type { Log } from '../core/ports';
import { showWarningMessage } from './notify';

/** Warns, once for each address in a window, that what lets us in there can be read by others. */
export function warnOnce(log: Log): (address: string) => void {
  const told = new Set<string>();
  return (address) => {
    const shown = withoutSecrets(address);
    if (told.has(shown)) return;
    told.add(shown);
    log.warn(`what lets us in at ${shown} is sent over plain HTTP`);
    void showWarningMessage(
      vscode.l10n.t(
        'What lets you in at {0} is sent over plain HTTP: whoever is on the way, a proxy too, can read it. Use an address with https.',
        shown,
      ),
    );
  };
}
