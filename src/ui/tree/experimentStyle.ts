import * as vscode from 'vscode';
import type { ExperimentPhase, ExperimentTarget } from '../../core/experiments/experiment';

/** Icon, colour and label of a phase. The label says everything that the icon says. */
export interface PhaseStyle {
  icon: string;
  color: string | undefined;
  label: string;
}

/** The style of each phase. */
export const PHASE_STYLES: Readonly<Record<ExperimentPhase, PhaseStyle>> = {
  injecting: { icon: 'loading~spin', color: undefined, label: vscode.l10n.t('Injecting') },
  running: { icon: 'flame', color: 'list.warningForeground', label: vscode.l10n.t('Running') },
  partial: { icon: 'flame', color: 'charts.yellow', label: vscode.l10n.t('Partly injected') },
  failing: { icon: 'error', color: 'errorForeground', label: vscode.l10n.t('Failing') },
  noTargets: { icon: 'circle-slash', color: 'charts.yellow', label: vscode.l10n.t('No targets') },
  paused: { icon: 'debug-pause', color: 'charts.blue', label: vscode.l10n.t('Paused') },
  recovering: { icon: 'loading~spin', color: 'charts.green', label: vscode.l10n.t('Recovering') },
  finished: { icon: 'pass', color: 'charts.green', label: vscode.l10n.t('Finished') },
  deleting: { icon: 'loading~spin', color: undefined, label: vscode.l10n.t('Deleting') },
  stuck: { icon: 'warning', color: 'errorForeground', label: vscode.l10n.t('Deletion stuck') },
};

/** A target's phase in plain words; Chaos Mesh uses the same phase before the injection and after the recovery. */
export function targetPhaseLabel(target: Pick<ExperimentTarget, 'phase' | 'recoveredCount' | 'lastFailure'>): string {
  switch (target.phase) {
    case 'Injected':
      return vscode.l10n.t('Injected');
    case 'Not Injected':
      return target.recoveredCount > 0 && target.lastFailure === undefined
        ? vscode.l10n.t('Recovered')
        : vscode.l10n.t('Not injected');
    case 'Not Injected/Wait':
      return vscode.l10n.t('Being injected');
    case 'Injected/Wait':
      return vscode.l10n.t('Being recovered');
    default:
      return target.phase;
  }
}

/** The end of a long pod name, enough to tell pods of one database apart: `zone1-a17`. */
export function nodeName(pod: string): string {
  const parts = pod.split('-');
  return parts.length > 3 ? parts.slice(-2).join('-') : pod;
}

/** The pods of an experiment, and as text the name of the only one, or how many there are; '' if there are none. */
export function podWords(targets: readonly Pick<ExperimentTarget, 'pod'>[]): {
  pods: readonly string[];
  full: string;
  short: string;
} {
  const pods = [...new Set(targets.map(({ pod }) => pod))];
  const [pod = ''] = pods;
  const several = pods.length > 1 ? vscode.l10n.t('{0} pods', pods.length) : undefined;
  return { pods, full: several ?? pod, short: several ?? nodeName(pod) };
}

/** Time left in coarse steps, so that a row does not change every second: `2m 40s left`, `40s left`. */
export function timeLeftText(ms: number | undefined): string | undefined {
  if (ms === undefined) return vscode.l10n.t('until stopped');
  if (ms <= 0) return undefined;
  const seconds = Math.ceil(ms / 10_000) * 10;
  if (seconds < 60) return vscode.l10n.t('{0}s left', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return vscode.l10n.t('{0}h {1}m left', Math.floor(minutes / 60), minutes % 60);
  return seconds % 60 === 0 || minutes >= 10
    ? vscode.l10n.t('{0}m left', minutes)
    : vscode.l10n.t('{0}m {1}s left', minutes, seconds % 60);
}

/** Like `timeLeftText`, but in whole minutes from one minute on, to fit a narrow view: `3m left`. */
export function shortTimeLeft(ms: number | undefined): string | undefined {
  if (ms === undefined || ms <= 50_000 || ms >= 3_570_000) return timeLeftText(ms);
  return vscode.l10n.t('{0}m left', Math.max(1, Math.round(ms / 60_000)));
}

/** A time span in coarse steps: `20s`, `2m 10s`, `3h 5m`. */
export function coarse(ms: number): string {
  const seconds = Math.ceil(ms / 10_000) * 10;
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
  if (minutes >= 10) return `${minutes}m`;
  return [minutes > 0 ? `${minutes}m` : '', seconds % 60 > 0 || minutes === 0 ? `${seconds % 60}s` : '']
    .filter((one) => one !== '')
    .join(' ');
}

/** True if the fault is over and only the object is left. */
export const isRemovable = (phase: ExperimentPhase): boolean => phase === 'finished' || phase === 'noTargets';

/** True if there is something to stop. */
export const isStoppable = (phase: ExperimentPhase): boolean =>
  phase !== 'deleting' && phase !== 'stuck' && !isRemovable(phase);

/** True if a pause would change something. */
export const isPausable = (phase: ExperimentPhase): boolean =>
  ['running', 'partial', 'injecting', 'failing'].includes(phase);

/** The phase in a row's description; running and finished experiments have only their icons. */
export function phaseWords(phase: ExperimentPhase, injected: number, targets: number): string | undefined {
  if (phase === 'running' || phase === 'finished') return undefined;
  const { label } = PHASE_STYLES[phase];
  return phase === 'partial' ? `${label} ${injected}/${targets}` : label;
}

/** The actions for an experiment in a phase, as words of the row's context value. */
export function contextValue(phase: ExperimentPhase, ours: boolean): string {
  const words = ['experiment', ours ? 'ours' : 'others', phase];
  if (isStoppable(phase)) words.push('stoppable');
  if (isRemovable(phase)) words.push('removable');
  if (isPausable(phase)) words.push('pausable');
  return words.join(' ');
}
