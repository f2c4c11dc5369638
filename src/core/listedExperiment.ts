import type { Experiment } from './experiment';
import { derivePhase, timeLeft } from './experimentPhase';

/** What scripts and agents are told of an experiment. */
export interface ExperimentListing {
  kind: string;
  namespace: string;
  name: string;
  anomaly: string | undefined;
  ours: boolean;
  phase: string;
  summary: string;
  pods: string[];
  /** Milliseconds; undefined when it has no end or is over. */
  timeLeftMs: number | undefined;
}

/** An experiment in few words, as it is at `nowMs` of the cluster's clock. */
export function listingOf(experiment: Experiment, nowMs: number): ExperimentListing {
  const { kind, namespace, name } = experiment.ref;
  const { phase } = derivePhase(experiment, nowMs);
  return {
    kind,
    namespace,
    name,
    anomaly: experiment.anomaly,
    ours: experiment.ours,
    phase,
    summary: experiment.summary,
    pods: [...new Set(experiment.targets.map(({ pod }) => pod))],
    timeLeftMs: phase === 'finished' ? undefined : timeLeft(experiment, nowMs),
  };
}
