import * as vscode from 'vscode';
import { toAppError } from '../core/base/errors';
import type { Command, CommandContext } from './commands/context';
import { showError } from './text/errors';
import { isOutage, showOutage } from './session/outage';

const PREFIX = 'distdiag.';

/** Registers the commands. Errors that they throw are shown once. */
export function registerCommands(commands: readonly Command[], context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    ...commands.map(({ id, run }) =>
      vscode.commands.registerCommand(PREFIX + id, async (...args: unknown[]) => {
        try {
          await run(context, ...args);
        } catch (error) {
          await tell(error, context);
        }
      }),
    ),
  );
}

/** Shows a command's error; an unreachable cluster only as long as it lasts. */
async function tell(thrown: unknown, context: CommandContext): Promise<void> {
  const error = toAppError(thrown);
  const session = error.unreached === undefined ? undefined : await context.sessions.current().catch(() => undefined);
  if (!session || !isOutage(error, session)) return showError(error, context.log, ...errorActions(error, context));
  context.log.error(`${error.code}: ${error.message}`);
  await showOutage(error, session);
}

/** After a refusal, offers the role to ask for, and forgets the known permissions. */
function errorActions(error: unknown, { sessions }: CommandContext): { title: string; run: () => void }[] {
  if (toAppError(error).cause === 'problems') {
    const run = (): void => void vscode.commands.executeCommand('workbench.actions.view.problems');
    return [{ title: vscode.l10n.t('Show Problem'), run }];
  }
  if (toAppError(error).code !== 'forbidden') return [];
  sessions.current().then(
    ({ access }) => access.forget(),
    () => undefined,
  );
  const run = (): void => void vscode.commands.executeCommand('distdiag.showMissingPermissions');
  return [{ title: vscode.l10n.t('Show Missing Permissions'), run }];
}
