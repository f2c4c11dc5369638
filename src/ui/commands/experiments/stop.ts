import * as vscode from 'vscode';
import { AppError } from '../../../core/base/errors';
import type { ChaosObject, Experiment, ExperimentPhase } from '../../../core/experiments/experiment';
import { wasStarted } from '../../../core/workflows/descendants';
import type { HeldObjects } from '../../../core/workflows/orchestration';
import {
  findOurs,
  objectsIn,
  oursIn,
  partOf,
  startersAbove,
  withOurs,
  type OwnObjects,
  type Part,
} from '../../../core/stop/ours';
import { endOwn, stopPart } from '../../../core/stop/stopOurs';
import { localized } from '../../text/coreText';
import { showError, withProgress } from '../../text/errors';
import { showInformationMessage, showWarningMessage } from '../../text/notify';
import { withoutIcons } from '../../text/plainText';
import type { ClusterSession } from '../../session/session';
import { stopParts } from '../../scripting/stopParts';
import { isRemovable, isStoppable } from '../../tree/experimentStyle';
import type { Command, CommandContext } from '../context';
import { linesOf } from './experimentLines';
import { chooseExperiments, experimentKinds, toItem } from './pickExperiment';
import { seeEvents } from './showEvents';

/** Stops the chosen experiments: others' only after a confirmation, and those of workflows and schedules with their owner if wanted. */
export const stopExperiment: Command = {
  id: 'stopExperiment',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const question = vscode.l10n.t('Select an experiment to stop');
    // The chosen experiment may have just finished; it is removed nevertheless.
    const wanted = (_: Experiment, phase: ExperimentPhase): boolean =>
      isStoppable(phase) || (args.length > 0 && isRemovable(phase));
    const chosen = await chooseExperiments(context, args, question, wanted);
    if (chosen.length === 0) return;
    await session.access.require('stop', experimentKinds(chosen));
    // Most have no owner, so their stop does not wait for a list.
    const started = chosen.some(({ object }) => wasStarted(object));
    const held = started ? await session.orchestration.list() : NOTHING_HELD;
    const others = withOurs(chosen, held).filter((experiment) => !experiment.ours);
    if (others.length > 0 && !(await confirm(session, vscode.l10n.t('Stop experiments that others started?'), others)))
      return;
    const part = {
      starters: [...held.schedules, ...held.workflows],
      nodes: held.nodes,
      experiments: chosen,
    };
    const above = part.starters.filter((one) => chosen.some((child) => startersAbove(part, child).includes(one)));
    const whole = above.length > 0 ? await askForStarters(above) : false;
    if (whole === undefined) return;
    const names = chosen.filter(({ object }) => wasStarted(object)).map(({ ref }) => ref.name);
    const doubts = held.lost.map(({ error }) => mayStartAgain(names, error));
    const wholePart = partOf(part, [...above, ...chosen.map(({ object }) => object)]);
    await stopOn(session, whole ? wholePart : only(chosen), context.log, STOP_WORDS, doubts);
  },
};

/** Removes experiments that have finished or had no targets: only their objects are left. */
export const removeExperiment: Command = {
  id: 'removeExperiment',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const question = vscode.l10n.t('Select an experiment to remove');
    const chosen = await chooseExperiments(context, args, question, (_, phase) => isRemovable(phase));
    if (chosen.length === 0) return;
    await session.access.require('stop', experimentKinds(chosen));
    const others = chosen.filter((experiment) => !experiment.ours);
    const sure = vscode.l10n.t('Remove experiments that others started?');
    if (others.length > 0 && !(await confirm(session, sure, others, vscode.l10n.t('Remove')))) return;
    await stopOn(session, only(chosen), context.log, {
      doing: (name, count) =>
        count === 1 ? vscode.l10n.t('Removing {0}', name) : vscode.l10n.t('Removing {0} experiments', count),
      done: (name, count) =>
        count === 1 ? vscode.l10n.t('Removed {0}', name) : vscode.l10n.t('Removed {0} experiments', count),
    });
  },
};

/** The texts while a part is being stopped, and when it is gone. */
interface EndWords {
  doing: (name: string, count: number) => string;
  done: (name: string, count: number) => string;
}

const STOP_WORDS: EndWords = {
  doing: (name, count) =>
    count === 1 ? vscode.l10n.t('Stopping {0}', name) : vscode.l10n.t('Stopping {0} experiments', count),
  done: (name, count) =>
    count === 1 ? vscode.l10n.t('Stopped {0}', name) : vscode.l10n.t('Stopped {0} experiments', count),
};

const NOTHING_HELD: HeldObjects = { workflows: [], nodes: [], schedules: [], lost: [] };

/** A warning before the stop: the experiments may be started again. */
const mayStartAgain = (names: readonly string[], { code, text }: AppError): AppError =>
  new AppError(
    code,
    vscode.l10n.t(
      'What started {0} could not be listed and may start it again: {1}',
      names.join(', '),
      localized(text),
    ),
  );

/** Whether to also stop the workflows and schedules that would start the experiments again; undefined if the user cancelled. */
async function askForStarters(starters: readonly ChaosObject[]): Promise<boolean | undefined> {
  const whole = vscode.l10n.t('Stop Both');
  const one = vscode.l10n.t('Only This Experiment');
  const answer = await showWarningMessage(
    vscode.l10n.t('Also stop what started it? It would start it again.'),
    { modal: true, detail: starters.map(starterName).join('\n') },
    whole,
    one,
  );
  return answer === undefined ? undefined : answer === whole;
}

/** Stops all our experiments at once; others' are listed, and stopped only if selected. */
export const stopAllAnomalies: Command = {
  id: 'stopAllAnomalies',
  run: async (context) => {
    const session = await context.sessions.current();
    const parts = stopParts(session, context.log);
    const first = await withProgress(vscode.l10n.t('Looking for experiments'), (signal) =>
      findOurs(parts, session.store.snapshot.experiments, signal),
    );
    // Kinds that could not be listed are reported, but do not delay the rest.
    if (first.doubt) void showError(first.doubt, context.log);
    const shown = oursIn(first);
    if (shown.experiments.length > 0) {
      const { starters, experiments } = shown;
      const kinds = [...experimentKinds(experiments), ...new Set(starters.map(({ kind }) => kind))];
      await session.access.require('stop', kinds);
      const detail = [...starters.map(starterName), ...linesOf(experiments, session)].join('\n');
      const go = vscode.l10n.t('Stop All');
      const answer = await showWarningMessage(
        experiments.length === 1
          ? vscode.l10n.t('Stop and remove your experiment on {0}?', session.context)
          : vscode.l10n.t('Stop and remove your {0} experiments on {1}?', experiments.length, session.context),
        { modal: true, detail },
        go,
      );
      if (answer !== go) return;
    }
    // Nothing may start after this stop; cancelling what has not injected yet does no harm.
    for (const error of await endOwn(parts)) void showError(error, context.log);
    // Stops what started while the dialog was open, too.
    const look = await findOurs(parts, [...session.store.snapshot.experiments, ...shown.experiments]);
    if (look.doubt && !first.doubt) void showError(look.doubt, context.log);
    const ours = partOf(look, [...objectsIn(shown), ...objectsIn(oursIn(look))]);
    const { starters, experiments } = ours;
    const others = look.experiments.filter((one) => !ours.experiments.includes(one));
    const done = await stopOn(session, ours, context.log);
    if (experiments.length === 0 && starters.length > 0 && done) {
      const names = starters.map(starterName).join(', ');
      void showInformationMessage(vscode.l10n.t('Stopped, so it starts nothing more: {0}', names));
    }
    if (experiments.length + starters.length + others.length === 0) {
      if (!look.doubt) tellNone(look.unlisted);
      return;
    }
    if (others.length === 0) return;
    const items = others.map((experiment) => toItem(experiment, session.clock.now()));
    const ticked = await vscode.window.showQuickPick(items, {
      canPickMany: true,
      title: vscode.l10n.t('Experiments started by others are still running'),
      placeHolder: vscode.l10n.t('Select the ones to stop as well, or press Escape to keep them'),
    });
    const chosen = ticked?.map(({ experiment }) => experiment) ?? [];
    if (chosen.length > 0 && (await confirm(session, vscode.l10n.t('Stop experiments that others started?'), chosen)))
      await stopOn(session, only(chosen), context.log);
  },
};

/** Says that nothing was found or, if not everything could be listed, where there may be more. */
function tellNone(unlisted: OwnObjects['unlisted']): void {
  const [first] = unlisted;
  if (!first) return void showInformationMessage(vscode.l10n.t('There are no experiments.'));
  const kinds = unlisted.map(({ kind }) => localized(kind)).join(', ');
  void showWarningMessage(
    vscode.l10n.t('{0} could not be listed and may still be running: {1}', kinds, localized(first.error.text)),
  );
}

/** Experiments by themselves. */
export const only = (experiments: readonly Experiment[]): Part => ({ starters: [], nodes: [], experiments });

const starterName = ({ kind, metadata }: ChaosObject): string => `${kind} ${metadata.name ?? ''}`;

async function confirm(
  session: ClusterSession,
  question: string,
  experiments: readonly Experiment[],
  go = vscode.l10n.t('Stop'),
): Promise<boolean> {
  return (
    (await showWarningMessage(question, { modal: true, detail: linesOf(experiments, session).join('\n') }, go)) === go
  );
}

/**
 * Stops a part on the session that it was shown for: if another cluster was chosen meanwhile, its lack of the part would
 * not be a stop. True if everything is gone and nothing is in doubt.
 */
export async function stopOn(
  session: ClusterSession,
  part: Part,
  log: CommandContext['log'],
  words = STOP_WORDS,
  doubts: readonly AppError[] = [],
): Promise<boolean> {
  const { experiments, starters } = part;
  const asked = experiments.length + starters.length;
  if (asked === 0) return true;
  for (const error of doubts) void showError(error, log);
  const [name = ''] = [...experiments.map(({ ref }) => ref.name), ...starters.map(starterName)];
  const { stopped, failed, lost } = await withProgress(words.doing(name, asked), (signal, onProgress) =>
    stopPart(stopParts(session, log), part, { signal, onProgress }),
  );
  for (const error of lost) void showError(error, log);
  const left = failed.filter(({ error }) => error.code !== 'cancelled');
  const all = stopped.length + failed.length;
  const [first] = left;
  if (first) {
    const message =
      all === 1
        ? first.error.text
        : vscode.l10n.t(
            '{0} of {1} experiments were not stopped: {2}. {3}',
            left.length,
            all,
            left.map(({ ref }) => ref.name).join(', '),
            localized(first.error.text),
          );
    const error = new AppError(first.error.code, message, first.error.hint ? { hint: first.error.hint } : {});
    const { kind, namespace, name: stuck, uid } = first.ref;
    const key = experiments.find(({ ref }) => ref === first.ref)?.key ?? `${kind}/${namespace}/${stuck}/${uid ?? ''}`;
    const force = {
      title: vscode.l10n.t('Force Clean-Up…'),
      run: () => void vscode.commands.executeCommand('distdiag.forceCleanExperiment', key),
    };
    // Not awaited: other stops do not wait for an answer.
    void showError(error, log, ...(error.code === 'stuck' ? [force, seeEvents(key)] : []));
  }
  if (failed.length + lost.length + doubts.length > 0) return false; // or the user stopped waiting; the deletion continues
  vscode.window.setStatusBarMessage(`$(pass) ${withoutIcons(words.done(name, all))}`, 5000);
  return true;
}
