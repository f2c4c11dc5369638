import * as vscode from 'vscode';
import { AppError } from '../../../core/base/errors';
import { msg } from '../../../core/base/text';
import type { Experiment } from '../../../core/experiments/experiment';
import { derivePhase } from '../../../core/experiments/phase';
import { dropFinalizers, forceCleanUp } from '../../../core/injection/forceClean';
import { localized } from '../../text/coreText';
import { withProgress } from '../../text/errors';
import { showWarningMessage } from '../../text/notify';
import type { ClusterSession } from '../../session/session';
import type { Command, CommandContext } from '../context';
import { lineOf } from './experimentLines';
import { partsOf } from './lifecycle';
import { chooseExperiments, experimentKinds } from './pickExperiment';

/** Removes a stuck experiment without recovering its targets: first through Chaos Mesh, then, if that fails, by removing its finalizers. */
export const forceCleanExperiment: Command = {
  id: 'forceCleanExperiment',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const stuck = await chooseExperiments(
      context,
      args,
      vscode.l10n.t('Select the stuck experiment'),
      ({ deletingSince }) => deletingSince !== undefined,
    );
    if (stuck.length === 0) return;
    await session.access.require('pause', experimentKinds(stuck));
    for (const experiment of stuck) await force(context, session, experiment);
  },
};

async function force(context: CommandContext, session: ClusterSession, experiment: Experiment): Promise<void> {
  const { ref } = experiment;
  const { reason } = derivePhase(experiment, session.clock.now());
  const go = vscode.l10n.t('Force Clean-Up');
  const risk = vscode.l10n.t(
    'Chaos Mesh drops the experiment without recovering its targets. The fault may stay in a pod until the pod is restarted.',
  );
  const detail = `${lineOf(experiment, session)}\n${localized(reason ?? '')}\n\n${risk}`;
  const question = vscode.l10n.t('Force the clean-up?');
  if ((await showWarningMessage(question, { modal: true, detail }, go)) !== go) return;
  const parts = partsOf(session, context);
  const title = vscode.l10n.t('Forcing the clean-up of {0}', ref.name);
  if (await withProgress(title, (signal) => forceCleanUp(parts, ref, signal))) return tellForced(experiment);
  await lastResort(context, session, experiment);
}

/** If Chaos Mesh keeps the finalizer, removes it after the user has typed the name. */
async function lastResort(context: CommandContext, session: ClusterSession, experiment: Experiment): Promise<void> {
  const { ref } = experiment;
  const go = vscode.l10n.t('Remove Finalizers…');
  const detail = [
    vscode.l10n.t(
      'Chaos Mesh did not release the experiment: its controller is down, or it still fails to inject or recover a target and does nothing else until it succeeds. Fix the cause if you can, and wait: Chaos Mesh then recovers the targets and releases the experiment by itself.',
    ),
    vscode.l10n.t(
      'If Chaos Mesh was uninstalled or the cause cannot be fixed, the last resort is to remove the object’s finalizers. The API server then deletes it at once, nothing is recovered, and nothing indicates any longer that the fault may still be in these pods:',
    ),
    [...new Set(experiment.targets.map(({ pod }) => pod))].join(', '),
  ].join('\n\n');
  const question = vscode.l10n.t('{0} still exists.', ref.name);
  if ((await showWarningMessage(question, { modal: true, detail }, go)) !== go) return;
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Remove the finalizers of {0} on {1}', ref.name, session.context),
    prompt: vscode.l10n.t('Type the name of the experiment: {0}', ref.name),
    placeHolder: ref.name,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === '' || text === ref.name ? undefined : vscode.l10n.t('The name does not match. Type {0}.', ref.name),
  });
  if (typed !== ref.name) return;
  const parts = partsOf(session, context);
  const title = vscode.l10n.t('Removing the finalizers of {0}', ref.name);
  if (await withProgress(title, (signal) => dropFinalizers(parts, ref, signal))) return tellForced(experiment);
  throw new AppError('stuck', msg`${ref.name} still exists although its finalizers were removed.`, {
    hint: 'A controller adds them again: look in its YAML for its finalizers and their managers.',
  });
}

function tellForced({ ref, targets }: Experiment): void {
  const pods = [...new Set(targets.map(({ pod }) => pod))].join(', ');
  if (pods === '')
    return void showWarningMessage(vscode.l10n.t('{0} is deleted. What it started may still be running.', ref.name));
  void showWarningMessage(
    vscode.l10n.t('{0} is deleted. To be sure the fault is gone too, restart these pods: {1}', ref.name, pods),
  );
}
