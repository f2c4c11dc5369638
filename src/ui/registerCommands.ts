import * as vscode from 'vscode';
import { toAppError } from '../core/errors';
import type { Command, CommandContext } from './commands/context';
import { showError } from './errors';

const PREFIX = 'distdiag.';

/** Registers the commands. What they throw is shown once. */
export function registerCommands(commands: readonly Command[], context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    ...commands.map(({ id, run }) =>
      vscode.commands.registerCommand(PREFIX + id, async (...args: unknown[]) => {
        try {
          await run(context, ...args);
        } catch (error) {
          await showError(error, context.log, ...waysOut(error, context));
        }
      }),
    ),
  );
}

/** What was refused leads to the role to ask for; what was known of permissions no longer holds. */
function waysOut(error: unknown, { sessions }: CommandContext): { title: string; run: () => void }[] {
  if (toAppError(error).code !== 'forbidden') return [];
  sessions.current().then(
    ({ access }) => access.forget(),
    () => undefined,
  );
  const run = (): void => void vscode.commands.executeCommand('distdiag.showMissingPermissions');
  return [{ title: vscode.l10n.t('Show Missing Permissions'), run }];
}
