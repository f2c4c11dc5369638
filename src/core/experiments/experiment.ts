import type { FaultType } from '../faults/types';

/** A Chaos Mesh object as the API server has it (`chaos-mesh.org/v1alpha1`). Unknown input: read it through `toExperiment`. */
export interface ChaosObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name?: string;
    generateName?: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: string[];
    [key: string]: unknown;
  };
  spec: Record<string, unknown>;
  status?: Record<string, unknown>;
}

/** Names one experiment in one cluster. */
export interface ExperimentRef {
  kind: string;
  namespace: string;
  name: string;
  uid?: string;
}

/** One line of a target's record, from Chaos Mesh (`containerRecords[].events[]`). */
export interface RecordEvent {
  type: string;
  operation: string;
  message: string | undefined;
  /** Epoch milliseconds, undefined where the text is no date. */
  at: number | undefined;
}

/** A core/v1 event of the object; the server folds repetitions into one. */
export interface ExperimentEvent {
  /** Of the last repetition, epoch milliseconds. */
  at: number | undefined;
  firstAt?: number | undefined;
  count?: number;
  type: string;
  reason: string;
  message: string;
}

/** One target of an experiment: a container record of its status. */
export interface ExperimentTarget {
  /** `namespace/pod[/container]`, as Chaos Mesh writes it. */
  id: string;
  /** '' where it is no pod of this cluster. */
  namespace: string;
  /** Of another cluster, `cluster/pod`. */
  pod: string;
  container: string | undefined;
  /** `Not Injected`, `Not Injected/Wait`, `Injected`, `Injected/Wait`. */
  phase: string;
  injectedCount: number;
  recoveredCount: number;
  events: readonly RecordEvent[];
  /** The message of the last event where it is a failure. */
  lastFailure: string | undefined;
  /** What began anew after the injection: the pod or its container, or the daemon. The fault is gone with it, whatever the record says. */
  lost?: 'pod' | 'daemon';
}

/** A Chaos Mesh experiment, parsed. What depends on the time is in `derivePhase` and `timeLeft`. */
export interface Experiment {
  /** Stable over its life: `kind/namespace/name/uid`. */
  key: string;
  ref: ExperimentRef;
  /** The fault of the catalogue from its label, else guessed from kind and action, else undefined. */
  fault: FaultType | undefined;
  /** Created by this project, by its marks; where `withOurs` was asked, also what that has started. */
  ours: boolean;
  /** One line that says what it does: "delay 100ms ± 10ms on egress". */
  summary: string;
  /** Epoch milliseconds, from the cluster's clock. */
  createdAt: number;
  deletingSince: number | undefined;
  /** Undefined = until deleted. */
  durationMs: number | undefined;
  paused: boolean;
  desiredPhase: string | undefined;
  conditions: Readonly<Record<string, boolean>>;
  targets: readonly ExperimentTarget[];
  /** First successful Apply and last successful Recover of any target, epoch milliseconds. */
  injectedAt: number | undefined;
  recoveredAt: number | undefined;
  object: ChaosObject;
}

/** The state shown to the user; finer than Chaos Mesh's own. */
export type ExperimentPhase =
  | 'injecting'
  | 'running'
  | 'partial'
  | 'failing'
  | 'noTargets'
  | 'paused'
  | 'recovering'
  | 'finished'
  | 'deleting'
  | 'stuck';
