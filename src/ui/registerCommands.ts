import * as vscode from 'vscode';
import { toAppError } from '../core/base/errors';
import type { Command, CommandContext } from './commands/context';
import { showError } from './text/errors';
import { isOutage, showOutage } from './session/outage';

const PREFIX = 'distdiag.';

/** Registers the commands. What they throw is shown once. */
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

/** Shows an error of a command; that the cluster is away only as long as it is. */
async function tell(thrown: unknown, context: CommandContext): Promise<void> {
  const error = toAppError(thrown);
  const session =
    error.code === 'unreachable' || error.code === 'timeout'
      ? await context.sessions.current().catch(() => undefined)
      : undefined;
  if (!session || !isOutage(error, session)) return showError(error, context.log, ...errorActions(error, context));
  context.log.error(`${error.code}: ${error.message}`);
  await showOutage(error, session);
}

/** What was refused leads to the role to ask for; what was known of permissions no longer holds. */
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
