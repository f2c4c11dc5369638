import * as vscode from 'vscode';
import { withoutSecrets } from '../../core/cluster/connection';
import type { Log } from '../../core/base/log';
import { showWarningMessage } from '../text/notify';

/** Why sending credentials to this address is unsafe. */
export const readableWords = (address: string): string =>
  vscode.l10n.t(
    'The credentials for {0} are sent over plain HTTP, where anyone on the way, including a proxy, can read them. Use an https address.',
    withoutSecrets(address),
  );

/** Warns once per address and window that others can read the credentials sent there. */
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
