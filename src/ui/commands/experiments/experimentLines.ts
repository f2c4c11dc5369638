import * as vscode from 'vscode';
import type { Experiment } from '../../../core/experiments/experiment';
import { derivePhase } from '../../../core/experiments/phase';
import type { ClusterSession } from '../../session/session';
import { PHASE_STYLES } from '../../tree/experimentStyle';
import { experimentName } from '../../text/labels';

/** More lines would push the dialog's buttons off the screen. */
const MOST_LINES = 20;

/** `CPU stress, CPU 1 worker at 100% (Running): pod, pod`. */
export function lineOf(experiment: Experiment, { clock }: Pick<ClusterSession, 'clock'>): string {
  const { label } = PHASE_STYLES[derivePhase(experiment, clock.now()).phase];
  const pods = [...new Set(experiment.targets.map(({ pod }) => pod))].join(', ');
  return `${experimentName(experiment)}, ${experiment.summary} (${label})${pods === '' ? '' : `: ${pods}`}`;
}

/** One line each, as many as fit into a dialog. */
export function linesOf(experiments: readonly Experiment[], session: Pick<ClusterSession, 'clock'>): string[] {
  const shown = experiments.slice(0, MOST_LINES).map((experiment) => lineOf(experiment, session));
  const rest = experiments.length - shown.length;
  return [...shown, ...(rest > 0 ? [vscode.l10n.t('… and {0} more', rest)] : [])];
}
