import * as vscode from 'vscode';
import type { Experiment } from '../../core/experiment';
import { AppError } from '../../core/errors';
import { isStartedBy } from '../../core/orchestration/startedBy';
import { localized } from '../coreText';
import { showError, withProgress } from '../errors';
import { showInformationMessage, showWarningMessage } from '../notify';
import { withoutIcons } from '../plainText';
import type { ClusterSession } from '../session';
import { endStarters } from '../starters';
import { isStoppable } from '../tree/experimentLook';
import type { Command, CommandContext } from './context';
import { linesOf } from './experimentLines';
import { chooseExperiments, kindsOf, toItem } from './pickExperiment';
import { seeEvents } from './showEvents';

/** Stops the chosen experiments; another's only after a question. */
export const stopExperiment: Command = {
  id: 'stopExperiment',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const question = vscode.l10n.t('Which experiment is to stop?');
    const chosen = await chooseExperiments(context, args, question, (_, phase) => isStoppable(phase));
    if (chosen.length === 0) return;
    await session.access.require('stop', kindsOf(chosen));
    const others = chosen.filter((experiment) => !experiment.ours);
    if (others.length > 0 && !(await confirm(session, vscode.l10n.t('Stop experiments that others started?'), others)))
      return;
    await stopOn(session, chosen, context.log);
  },
};

/** Stops everything of ours at once; others' are listed, and stopped only where they are ticked. */
export const stopAllAnomalies: Command = {
  id: 'stopAllAnomalies',
  run: async (context) => {
    const session = await context.sessions.current();
    const { experiments, health } = await withProgress(vscode.l10n.t('Looking for experiments'), (signal) =>
      session.experiments.list(signal),
    );
    // A kind that could not be listed does not keep the others from being stopped, but it is said.
    if (health.state === 'stale' || health.state === 'failed') void showError(health.error, context.log);
    const starters = await session.orchestration.ours().catch(() => []); // what ends them says what is wrong
    const isOurs = (one: Experiment): boolean => one.ours || isStartedBy(one, starters);
    const ours = experiments.filter(isOurs);
    const others = experiments.filter((one) => !isOurs(one));
    // Nothing may begin behind what is stopped here; what has injected nothing yet is no harm to end.
    if (ours.length === 0) {
      const errors = await endStarters(session, context.log);
      for (const error of errors) void showError(error, context.log);
      if (errors.length === 0 && starters.length > 0) {
        const names = starters.map(({ kind, name }) => `${kind} ${name}`).join(', ');
        void showInformationMessage(vscode.l10n.t('Stopped before it starts anything more: {0}', names));
      }
    }
    if (ours.length + others.length === 0) {
      if (health.state !== 'live' || starters.length > 0) return;
      void showInformationMessage(vscode.l10n.t('No experiment is there.'));
      return;
    }
    if (ours.length > 0) {
      await session.access.require('stop', kindsOf(ours));
      const detail = [...starters.map(({ kind, name }) => `${kind} ${name}`), ...linesOf(ours, session)].join('\n');
      const go = vscode.l10n.t('Stop All');
      const answer = await showWarningMessage(
        ours.length === 1
          ? vscode.l10n.t('Stop and remove your experiment on {0}?', session.context)
          : vscode.l10n.t('Stop and remove your {0} experiments on {1}?', ours.length, session.context),
        { modal: true, detail },
        go,
      );
      if (answer !== go) return;
      for (const error of await endStarters(session, context.log)) void showError(error, context.log);
      await stopOn(session, ours, context.log);
    }
    if (others.length === 0) return;
    const items = others.map((experiment) => toItem(experiment, session.clock.now()));
    const ticked = await vscode.window.showQuickPick(items, {
      canPickMany: true,
      title: vscode.l10n.t('Experiments of others are still there'),
      placeHolder: vscode.l10n.t('Tick those to stop too, or press Escape to leave them'),
    });
    const chosen = ticked?.map(({ experiment }) => experiment) ?? [];
    if (chosen.length > 0 && (await confirm(session, vscode.l10n.t('Stop experiments that others started?'), chosen)))
      await stopOn(session, chosen, context.log);
  },
};

async function confirm(
  session: ClusterSession,
  question: string,
  experiments: readonly Experiment[],
): Promise<boolean> {
  const go = vscode.l10n.t('Stop');
  return (
    (await showWarningMessage(question, { modal: true, detail: linesOf(experiments, session).join('\n') }, go)) === go
  );
}

/** Stops them on the session that they were shown of: another cluster that was chosen meanwhile does not have them, which is no stop. */
export async function stopOn(
  session: ClusterSession,
  experiments: readonly Experiment[],
  log: CommandContext['log'],
): Promise<void> {
  if (experiments.length === 0) return;
  const title =
    experiments.length === 1
      ? vscode.l10n.t('Stopping {0}', (experiments[0] as Experiment).ref.name)
      : vscode.l10n.t('Stopping {0} experiments', experiments.length);
  const report = await withProgress(title, (signal, onProgress) =>
    session.injection.stopAll(
      experiments.map(({ ref }) => ref),
      { signal, onProgress },
    ),
  );
  const failed = report.failed.filter(({ error }) => error.code !== 'cancelled');
  const [first] = failed;
  if (first) {
    const message =
      experiments.length === 1
        ? first.error.message
        : vscode.l10n.t(
            '{0} of {1} experiments are not stopped: {2}',
            failed.length,
            experiments.length,
            localized(first.error.message),
          );
    const error = new AppError(first.error.code, message, first.error.hint ? { hint: first.error.hint } : {});
    const key = experiments.find(({ ref }) => ref === first.ref)?.key;
    const force = {
      title: vscode.l10n.t('Force Clean-Up…'),
      run: () => void vscode.commands.executeCommand('distdiag.forceCleanExperiment', key),
    };
    // Not awaited: what else is to stop does not wait for an answer.
    void showError(error, log, ...(error.code === 'stuck' ? [force, seeEvents(key)] : []));
  }
  if (report.failed.length > 0) return; // the wait was left; the deletion goes on
  const done =
    experiments.length === 1
      ? vscode.l10n.t('Stopped {0}', (experiments[0] as Experiment).ref.name)
      : vscode.l10n.t('Stopped {0} experiments', experiments.length);
  vscode.window.setStatusBarMessage(`$(pass) ${withoutIcons(done)}`, 5000);
}
