import * as vscode from 'vscode';
import { withoutSecrets } from '../../core/cluster/connection';
import type { Log } from '../../core/base/log';
import { showWarningMessage } from '../text/notify';

/** What is wrong with credentials for this address. */
export const readableWords = (address: string): string =>
  vscode.l10n.t(
    'What lets you in at {0} is sent over plain HTTP: whoever is on the way, a proxy too, can read it. Use an address with https.',
    withoutSecrets(address),
  );

/** Warns, once for each address in a window, that what lets us in there can be read by others. */
export function warnOnce(log: Log): (address: string) => void {
  const told = new Set<string>();
  return (address) => {
    const words = readableWords(address);
    if (told.has(words)) return;
    told.add(words);
    log.warn(words);
    void showWarningMessage(words);
  };
}
