import type { AppError } from '../base/errors';
import type { ChaosObject, Experiment } from '../experiments/experiment';
import type { GroupItem } from '../experiments/groupItem';
import type { Disposable } from '../base/disposable';

/** Chaos Mesh's workflows and schedules at one moment; empty where the cluster has none, or not these kinds. */
export interface OrchestrationSnapshot {
  workflows: readonly ChaosObject[];
  nodes: readonly ChaosObject[];
  schedules: readonly ChaosObject[];
}

/** The same, listed afresh. */
export interface HeldObjects extends OrchestrationSnapshot {
  /** Kinds that could not be listed; not those that the cluster lacks or that may not be seen. */
  lost: readonly { kind: string; error: AppError }[];
}

/** The workflows and schedules of one cluster. Never throws: what cannot be listed is missing. */
export interface OrchestrationGateway {
  /** Calls back with everything on each (coalesced) change, until disposed. */
  watch(listener: (snapshot: OrchestrationSnapshot) => void): Disposable;
  /** All that are there now. */
  list(signal?: AbortSignal): Promise<HeldObjects>;
  /** Workflows and schedules as groups of the experiments that they have started, at a time of the cluster's clock. */
  groups(snapshot: OrchestrationSnapshot, experiments: readonly Experiment[], nowMs: number): GroupItem[];
}
