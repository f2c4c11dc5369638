import * as vscode from 'vscode';
import { toAppError } from '../../core/base/errors';
import type { Log } from '../../core/base/log';
import { inARow, type Text } from '../../core/base/text';
import { localized } from './coreText';
import { plainText } from './plainText';
import { showErrorMessage } from './notify';

/** Shows the error of a user's action: one message with its hint and a button for the log. Cancelled actions are silent. */
export async function showError(
  thrown: unknown,
  log: Log,
  ...actions: { title: string; run: () => void }[]
): Promise<void> {
  const error = toAppError(thrown);
  if (error.code === 'cancelled') return;
  log.error(`${error.code}: ${error.message}`);
  const showLog = vscode.l10n.t('Show Log');
  const chosen = await showErrorMessage(
    sentences(error.text, error.hint),
    ...actions.map(({ title }) => title),
    showLog,
  );
  if (chosen === showLog) void vscode.commands.executeCommand('distdiag.showLog');
  else actions.find(({ title }) => title === chosen)?.run();
}

/** What happened and what to do, as sentences in the editor's language; a server's message may lack capital and full stop. */
export function sentences(first: Text, second: Text | undefined): string {
  const said = localized(first);
  const begun = /^[a-z]+\s/.test(said) ? said.charAt(0).toUpperCase() + said.slice(1) : said; // no URL, no name
  if (second === undefined) return begun;
  return inARow(begun, localized(second));
}

/** Runs something with a progress notification; cancelling only stops the wait. */
export async function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: (message: Text) => void) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plainText(title), cancellable: true },
    async (progress, token) => {
      const controller = new AbortController();
      const registration = token.onCancellationRequested(() => controller.abort());
      try {
        return await work(controller.signal, (message) => progress.report({ message: plainText(localized(message)) }));
      } finally {
        registration.dispose();
      }
    },
  );
}
