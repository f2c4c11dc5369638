import type { ListedExperiment } from '../../../types/index';
import type { Experiment } from './experiment';
import { derivePhase, timeLeft } from './phase';

/** A summary of an experiment at `nowMs` of the cluster's clock. */
export function listingOf(experiment: Experiment, nowMs: number): ListedExperiment {
  const { kind, namespace, name } = experiment.ref;
  const { phase } = derivePhase(experiment, nowMs);
  return {
    kind,
    namespace,
    name,
    anomaly: experiment.fault,
    ours: experiment.ours,
    phase,
    summary: experiment.summary,
    pods: [...new Set(experiment.targets.map(({ pod }) => pod))],
    timeLeftMs: phase === 'finished' ? undefined : timeLeft(experiment, nowMs),
  };
}
