import * as vscode from 'vscode';
import { toAppError } from '../../../core/base/errors';
import type { Experiment } from '../../../core/experiments/experiment';
import type { WaitOptions } from '../../../core/injection/injection';
import { showError, withProgress } from '../../text/errors';
import type { CommandContext } from '../context';
import { seeEvents } from '../experiments/showEvents';
import { only, stopOn } from '../experiments/stop';
import { showWarningMessage } from '../../text/notify';

/**
 * Waits with a progress notification until a fault is injected; true when it is. A wait that was left says that the
 * fault goes on, and an error offers the way out: in both cases something may act in the database.
 */
export async function waitForInjection(
  context: CommandContext,
  title: string,
  work: (options: WaitOptions) => Promise<Experiment>,
): Promise<boolean> {
  const session = await context.sessions.current(); // where it acts, whatever is chosen while it is waited for
  let created: Experiment | undefined;
  try {
    await withProgress(title, (signal, onProgress) =>
      work({ signal, onProgress, onCreated: (experiment) => (created = experiment) }),
    );
    return true;
  } catch (thrown) {
    const stop = {
      title: vscode.l10n.t('Stop It'),
      run: () =>
        void stopOn(session, only(created ? [created] : []), context.log).catch((e: unknown) =>
          showError(e, context.log),
        ),
    };
    if (toAppError(thrown).code !== 'cancelled')
      await showError(thrown, context.log, ...(created ? [stop, seeEvents(created.key)] : []));
    else if (created) {
      const message = vscode.l10n.t('{0} is no longer waited for, but it goes on.', created.ref.name);
      if ((await showWarningMessage(message, stop.title)) === stop.title) stop.run();
    }
    return false;
  }
}
