import * as vscode from 'vscode';
import { scoresText } from '../../../core/learning/trainingReport';
import { withProgress } from '../../text/errors';
import type { Command, CommandContext } from '../context';
import { showInformationMessage } from '../../text/notify';

/** Fewer experiments cannot be split into some to learn from and some to be measured on. */
const FEWEST = 4;

/** Fits the model further on the recorded experiments, and puts it to use only where it is better on some that it did not see. */
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
    const figures = `${scoresText(report)} (${vscode.l10n.t('{0} experiments learned from, {1} kept for the test', report.trainedOn, report.heldOut)})`;
    context.log.info(`training: ${figures}, ${report.accepted ? 'the new model is used' : 'the old model stays'}`);
    if (!report.accepted) {
      void showInformationMessage(
        vscode.l10n.t(
          'The old model stays: the new one is not better on experiments that it did not see. {0}',
          figures,
        ),
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

/** Takes the last training back. */
export const restoreModel: Command = { id: 'restoreModel', run: goBack };

async function goBack(context: CommandContext): Promise<void> {
  const undone = await context.models.undo();
  if (undone) context.sessions.reopen();
  void showInformationMessage(
    undone
      ? context.models.current === undefined
        ? vscode.l10n.t('The shipped model is in use again.')
        : vscode.l10n.t('The model before is in use again.')
      : vscode.l10n.t('The shipped model is in use: there is no training to take back.'),
  );
}

async function tellTooFew(count: number): Promise<void> {
  const settings = vscode.workspace.getConfiguration('distdiag');
  const recording = settings.get<boolean>('learning.record') === true;
  const record = vscode.l10n.t('Record My Experiments');
  const message = recording
    ? vscode.l10n.t(
        '{0} of at least {1} experiments are recorded. Inject a few anomalies, each for a minute or more and with quiet minutes between them.',
        count,
        FEWEST,
      )
    : vscode.l10n.t(
        'DistDiag can learn from your own experiments: the metrics around each one are then kept on this machine. {0} of at least {1} are recorded.',
        count,
        FEWEST,
      );
  const setting = vscode.l10n.t('Open Setting');
  const chosen = await showInformationMessage(message, ...(recording ? [] : [record]), setting);
  if (chosen === setting)
    await vscode.commands.executeCommand('workbench.action.openSettings', 'distdiag.learning.record');
  if (chosen === record) await settings.update('learning.record', true, vscode.ConfigurationTarget.Global);
}
