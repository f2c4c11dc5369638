import * as vscode from 'vscode';
import type { Text } from '../../../core/base/text';
import { AppError, toAppError } from '../../../core/base/errors';
import type { Experiment } from '../../../core/experiments/experiment';
import { isOneShot } from '../../../core/experiments/kinds';
import type { ExtensionParts } from '../../../core/injection/extending';
import { pinnedManifest } from '../../../core/injection/prolongation';
import { pauseExperiment as pause, unlessGone } from '../../../core/injection/pausing';
import { localized } from '../../text/coreText';
import { showError, withProgress } from '../../text/errors';
import type { ClusterSession } from '../../session/session';
import { isPausable } from '../../tree/experimentStyle';
import type { Command, CommandContext } from '../context';
import { confirmHarmOfAll } from '../inject/confirmHarm';
import { chooseExperiments, experimentKinds, tellGone } from './pickExperiment';
import { seeEvents } from './showEvents';

/** The parts of a session that pausing, resuming and extending need. */
export const partsOf = (session: ClusterSession, { log }: CommandContext): ExtensionParts => ({
  gateway: session.experiments,
  store: session.store,
  injection: session.injection,
  clock: session.clock,
  log,
});

/** Pauses faults; done when their targets have recovered. */
export const pauseExperimentCommand: Command = {
  id: 'pauseExperiment',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const question = vscode.l10n.t('Select an experiment to pause');
    const chosen = await chooseExperiments(
      context,
      args,
      question,
      ({ ref, object }, phase) => isPausable(phase) && !isOneShot(ref.kind, object.spec),
    );
    if (chosen.length === 0) return;
    await session.access.require('pause', experimentKinds(chosen));
    const parts = partsOf(session, context);
    await changeAll(context, chosen, titleOf(chosen, 'pause'), async ({ ref }, signal, onProgress) => {
      return (await pause(parts, ref, { signal, onProgress })) === 'paused';
    });
  },
};

/** Resumes paused faults, with the same guards as for new ones. */
export const resumeExperiment: Command = {
  id: 'resumeExperiment',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const question = vscode.l10n.t('Select an experiment to resume');
    const chosen = await chooseExperiments(context, args, question, ({ paused }) => paused);
    if (chosen.length === 0) return;
    await session.access.require('pause', experimentKinds(chosen));
    const harmed = chosen.map(pinnedManifest);
    const ask =
      chosen.length === 1
        ? vscode.l10n.t('Resume {0}?', (chosen[0] as Experiment).ref.name)
        : vscode.l10n.t('Resume {0} experiments?', chosen.length);
    const agreed = await confirmHarmOfAll(harmed, session, { action: vscode.l10n.t('Resume'), question: ask });
    if (!agreed) return;
    await changeAll(context, chosen, titleOf(chosen, 'resume'), (experiment) =>
      unlessGone(session.experiments, experiment.ref, () => session.injection.resume(experiment, agreed.policy)),
    );
  },
};

/** Shows one progress notification for all, one message for failures, and one for experiments that were gone. */
async function changeAll(
  context: CommandContext,
  chosen: readonly Experiment[],
  title: string,
  change: (experiment: Experiment, signal: AbortSignal, onProgress: (message: Text) => void) => Promise<boolean>,
): Promise<void> {
  const failed: { experiment: Experiment; error: AppError }[] = [];
  const gone: Experiment[] = [];
  await withProgress(title, (signal, onProgress) =>
    Promise.all(
      chosen.map(async (experiment) => {
        try {
          if (!(await change(experiment, signal, onProgress))) gone.push(experiment);
        } catch (thrown) {
          const error = toAppError(thrown);
          if (error.code !== 'cancelled') failed.push({ experiment, error });
        }
      }),
    ),
  );
  tellGone(gone);
  const [first] = failed;
  if (!first) return;
  const { code, hint, text } = first.error;
  const said =
    failed.length === 1
      ? text
      : vscode.l10n.t('{0} of {1} experiments failed: {2}', failed.length, chosen.length, localized(text));
  await showError(new AppError(code, said, hint ? { hint } : {}), context.log, seeEvents(first.experiment.key));
}

function titleOf(chosen: readonly Experiment[], what: 'pause' | 'resume'): string {
  const [first] = chosen as [Experiment];
  if (what === 'pause')
    return chosen.length === 1
      ? vscode.l10n.t('Pausing {0}', first.ref.name)
      : vscode.l10n.t('Pausing {0} experiments', chosen.length);
  return chosen.length === 1
    ? vscode.l10n.t('Resuming {0}', first.ref.name)
    : vscode.l10n.t('Resuming {0} experiments', chosen.length);
}
