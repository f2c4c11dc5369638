import type { ExperimentPhase } from '../../core/experiment';

/** Icon, colour and words of a phase. The words say all that the icon says. */
export interface PhaseLook {
  icon: string;
  color: string | undefined;
  label: string;
}

export const PHASE_LOOKS: Readonly<Record<ExperimentPhase, PhaseLook>> = {
  injecting: { icon: 'loading~spin', color: undefined, label: 'Injecting' },
  running: { icon: 'flame', color: 'list.warningForeground', label: 'Running' },
  partial: { icon: 'flame', color: 'charts.yellow', label: 'Partly injected' },
  failing: { icon: 'error', color: 'errorForeground', label: 'Failing' },
  noTargets: { icon: 'circle-slash', color: 'charts.yellow', label: 'No targets' },
  paused: { icon: 'debug-pause', color: 'charts.blue', label: 'Paused' },
  recovering: { icon: 'loading~spin', color: 'charts.green', label: 'Recovering' },
  finished: { icon: 'pass', color: 'charts.green', label: 'Finished' },
  deleting: { icon: 'loading~spin', color: undefined, label: 'Deleting' },
  stuck: { icon: 'warning', color: 'errorForeground', label: 'Deletion stuck' },
};

/** Time left in coarse steps, so that a row does not change under the pointer every second: `2m 40s left`, `40s left`. */
export function timeLeftText(ms: number | undefined): string | undefined {
  if (ms === undefined) return 'until stopped';
  if (ms <= 0) return undefined;
  const seconds = Math.ceil(ms / 10_000) * 10;
  if (seconds < 60) return `${seconds}s left`;
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)}h ${minutes % 60}m left`;
  return seconds % 60 === 0 || minutes >= 10 ? `${minutes}m left` : `${minutes}m ${seconds % 60}s left`;
}

/** True where a deletion can still be asked for. */
export const isStoppable = (phase: ExperimentPhase): boolean => phase !== 'deleting' && phase !== 'stuck';

/** True where a pause would change something. */
export const isPausable = (phase: ExperimentPhase): boolean =>
  ['running', 'partial', 'injecting', 'failing'].includes(phase);

/** What can be done with an experiment in a phase: words of the row's context value. */
export function contextValue(phase: ExperimentPhase, ours: boolean): string {
  const words = ['experiment', ours ? 'ours' : 'others', phase];
  if (isStoppable(phase)) words.push('stoppable');
  if (isPausable(phase)) words.push('pausable');
  return words.join(' ');
}
