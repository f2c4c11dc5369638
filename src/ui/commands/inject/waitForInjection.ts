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
 * Waits with a progress notification until a fault is injected; true when it is. If the user stops waiting, says that the
 * fault continues; an error offers to stop it. In both cases a fault may be active in the database.
 */
export async function waitForInjection(
  context: CommandContext,
  title: string,
  work: (options: WaitOptions) => Promise<Experiment>,
): Promise<boolean> {
  const session = await context.sessions.current(); // its cluster, even if another one is chosen during the wait
  let created: Experiment | undefined;
  try {
    await withProgress(title, (signal, onProgress) =>
      work({ signal, onProgress, onCreated: (experiment) => (created = experiment) }),
    );
    return true;
  } catch (thrown) {
    const stop = {
      title: vscode.l10n.t('Stop Experiment'),
      run: () =>
        void stopOn(session, only(created ? [created] : []), context.log).catch((e: unknown) =>
          showError(e, context.log),
        ),
    };
    if (toAppError(thrown).code !== 'cancelled')
      await showError(thrown, context.log, ...(created ? [stop, seeEvents(created.key)] : []));
    else if (created) {
      const message = vscode.l10n.t('Stopped waiting for {0}. It is still running.', created.ref.name);
      if ((await showWarningMessage(message, stop.title)) === stop.title) stop.run();
    }
    return false;
  }
}
