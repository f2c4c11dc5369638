import * as vscode from 'vscode';
import type { Experiment, ExperimentPhase, ExperimentRef } from '../../../core/experiments/experiment';
import { toExperiment } from '../../../core/experiments/parse';
import { derivePhase } from '../../../core/experiments/phase';
import { withoutIcons } from '../../text/plainText';
import type { CommandContext } from '../context';
import { experimentsOf } from '../context';
import type { ExperimentRow } from '../../tree/experimentsTree';
import { showInformationMessage } from '../../text/notify';
import { PHASE_STYLES } from '../../tree/experimentStyle';
import { experimentName } from '../../text/labels';

/** The experiments of a call from the tree, else those that the user selects from a list. */
export async function chooseExperiments(
  context: CommandContext,
  args: readonly unknown[],
  placeHolder: string,
  wanted: (experiment: Experiment, phase: ExperimentPhase) => boolean = () => true,
): Promise<Experiment[]> {
  const session = await context.sessions.current();
  const now = session.clock.now();
  const nothing = (): [] => {
    void showInformationMessage(vscode.l10n.t('No experiment can be changed this way.'));
    return [];
  };
  const given = experimentsOf(session, args);
  const [key] = args;
  // Never offers another experiment in place of the one that was meant.
  if (given.length === 0 && (key as Partial<ExperimentRow> | undefined)?.type === 'group') return nothing();
  if (given.length === 0 && typeof key === 'string') {
    const ref = refOfKey(key);
    const object = await session.experiments.get(ref);
    if (object) given.push(toExperiment(object));
    else {
      tellGone([{ ref }]);
      return [];
    }
  }
  if (given.length > 0) {
    // A selection may hold rows of every kind and phase.
    const fit = given.filter((experiment) => wanted(experiment, derivePhase(experiment, now).phase));
    return fit.length > 0 ? fit : nothing();
  }
  const { experiments } = await session.experiments.list();
  const items = experiments
    .filter((experiment) => wanted(experiment, derivePhase(experiment, now).phase))
    .map((experiment) => toItem(experiment, now));
  if (items.length === 0) return nothing();
  const chosen = await vscode.window.showQuickPick(items, { title: placeHolder, matchOnDescription: true });
  return chosen ? [chosen.experiment] : [];
}

/** An experiment as a line of a list. */
export function toItem(experiment: Experiment, nowMs: number): vscode.QuickPickItem & { experiment: Experiment } {
  const pods = [...new Set(experiment.targets.map((target) => target.pod))];
  const where = pods.length > 1 ? vscode.l10n.t('{0} pods', pods.length) : pods[0];
  return {
    label: withoutIcons(`${experimentName(experiment)}${where ? ` · ${where}` : ''}`),
    description: PHASE_STYLES[derivePhase(experiment, nowMs).phase].label,
    detail: withoutIcons(
      `${experiment.ref.namespace}/${experiment.ref.name}: ${experiment.summary}${experiment.ours ? '' : ` (${vscode.l10n.t('by others')})`}`,
    ),
    experiment,
  };
}

/** The Chaos Mesh kinds of these experiments. */
export const experimentKinds = (experiments: readonly Experiment[]): string[] => [
  ...new Set(experiments.map(({ ref }) => ref.kind)),
];

/** What an experiment's key names. */
function refOfKey(key: string): ExperimentRef {
  const [kind = '', namespace = '', name = '', uid = ''] = key.split('/');
  return { kind, namespace, name, ...(uid === '' ? {} : { uid }) };
}

/** Says that someone else has removed these experiments meanwhile; not an error, because nothing is left to do. */
export function tellGone(gone: readonly Pick<Experiment, 'ref'>[]): void {
  const [first] = gone;
  if (!first) return;
  void showInformationMessage(
    gone.length === 1
      ? vscode.l10n.t('{0} no longer exists. It was removed elsewhere.', first.ref.name)
      : vscode.l10n.t('{0} experiments no longer exist. They were removed elsewhere.', gone.length),
  );
}
