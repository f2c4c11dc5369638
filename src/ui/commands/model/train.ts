import * as vscode from 'vscode';
import { scoresText } from '../../../core/learning/trainingReport';
import { withProgress } from '../../text/errors';
import type { Command, CommandContext } from '../context';
import { showInformationMessage } from '../../text/notify';

/** Fewer experiments cannot be split into a training and a test set. */
const FEWEST = 4;

/** Trains the model on the recorded experiments, and uses it only if it is better on the experiments of the test set. */
export const trainModel: Command = {
  id: 'trainModel',
  run: async (context) => {
    const session = await context.sessions.current();
    const recordings = await session.recordings.all();
    if (recordings.length < FEWEST) return tellTooFew(recordings.length);
    const { name, directory } = context.models.next(context.clock.now());
    const report = await withProgress(vscode.l10n.t('Training the model'), (signal, onProgress) =>
      session.trainer.train(recordings, directory, onProgress, signal),
    );
    const figures = `${scoresText(report)} (${vscode.l10n.t('Trained on {0} experiments, tested on {1}', report.trainedOn, report.heldOut)})`;
    context.log.info(`training: ${figures}, ${report.accepted ? 'the new model is used' : 'the old model stays'}`);
    if (!report.accepted) {
      void showInformationMessage(
        vscode.l10n.t('The current model was kept: the new one is no better on unseen experiments. {0}', figures),
      );
      return;
    }
    await context.models.use(name);
    context.sessions.reopen();
    const undo = vscode.l10n.t('Undo');
    void showInformationMessage(vscode.l10n.t('The new model is in use. {0}', figures), undo).then((chosen) =>
      chosen === undo ? goBack(context) : undefined,
    );
  },
};

/** Reverts the last training. */
export const restoreModel: Command = { id: 'restoreModel', run: goBack };

async function goBack(context: CommandContext): Promise<void> {
  const undone = await context.models.undo();
  if (undone) context.sessions.reopen();
  void showInformationMessage(
    undone
      ? context.models.current === undefined
        ? vscode.l10n.t('The built-in model is in use again.')
        : vscode.l10n.t('The previous model is in use again.')
      : vscode.l10n.t('The built-in model is in use. There is no training to undo.'),
  );
}

async function tellTooFew(count: number): Promise<void> {
  const settings = vscode.workspace.getConfiguration('distdiag');
  const recording = settings.get<boolean>('learning.record') === true;
  const record = vscode.l10n.t('Record My Experiments');
  const message = recording
    ? vscode.l10n.t(
        '{0} of at least {1} experiments are recorded. Inject a few anomalies of a minute or longer, with a few quiet minutes in between.',
        count,
        FEWEST,
      )
    : vscode.l10n.t(
        'DistDiag can learn from your own experiments. The metrics around each one are then stored on this machine. {0} of at least {1} are recorded.',
        count,
        FEWEST,
      );
  const setting = vscode.l10n.t('Open Setting');
  const chosen = await showInformationMessage(message, ...(recording ? [] : [record]), setting);
  if (chosen === setting)
    await vscode.commands.executeCommand('workbench.action.openSettings', 'distdiag.learning.record');
  if (chosen === record) await settings.update('learning.record', true, vscode.ConfigurationTarget.Global);
}
