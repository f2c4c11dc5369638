import * as vscode from 'vscode';
import type { Experiment } from '../../core/experiments/experiment';
import { derivePhase, isActive, timeLeft } from '../../core/experiments/phase';
import { findExperiment } from '../../core/experiments/find';
import type { WrittenObject } from '../../core/chaosYaml/language';
import { isSameSpec } from '../../core/experiments/sameSpec';
import { asWritten } from '../../core/impact/hits';
import type { ClusterSession } from '../session/session';
import { isRemovable, isStoppable, PHASE_STYLES, timeLeftText } from '../tree/experimentStyle';

/** The state of a written object in the cluster. */
export interface LiveState {
  /** Undefined if the cluster does not have it. */
  experiment: Experiment | undefined;
  /** One line, with an icon before it. */
  title: string;
  canStop: boolean;
  /** It has finished; its object can be removed. */
  canRemove?: boolean;
}

/** The state of a written object in the watched cluster. */
export function liveStateOf(object: WrittenObject, session: ClusterSession): LiveState {
  const namespace = object.namespace || session.config.chaosNamespace;
  const { snapshot } = session.store;
  const experiment = findExperiment(snapshot, { kind: object.kind, namespace, name: object.name });
  if (!experiment) {
    const { state } = snapshot.health;
    const title =
      state === 'connecting'
        ? `$(loading~spin) ${vscode.l10n.t('Checking the cluster')}`
        : state === 'failed'
          ? `$(debug-disconnect) ${vscode.l10n.t('The cluster is not available')}`
          : `$(circle-outline) ${vscode.l10n.t('Not in {0}', `${session.context}/${namespace}`)}`;
    return { experiment, title, canStop: false };
  }
  const now = session.clock.now();
  const { phase } = derivePhase(experiment, now);
  const { icon, label } = PHASE_STYLES[phase];
  const all = experiment.targets.length;
  const injected = experiment.targets.filter((target) => target.phase.startsWith('Injected')).length;
  const parts = [
    label,
    all > 0 && (isActive(phase) || phase === 'injecting')
      ? vscode.l10n.t('{0} of {1} injected', injected, all)
      : undefined,
    isActive(phase) || phase === 'paused' ? timeLeftText(timeLeft(experiment, now)) : undefined,
    object.manifest && !isSameSpec(object.manifest.spec, asWritten(experiment.object).spec)
      ? vscode.l10n.t('differs from this file')
      : undefined,
  ];
  return {
    experiment,
    title: `$(${icon}) ${parts.filter((part) => part !== undefined && part !== '').join(' · ')}`,
    canStop: isStoppable(phase),
    canRemove: isRemovable(phase),
  };
}
