import type { Experiment } from '../experiments/experiment';
import type { DatabasePod } from '../cluster/databasePod';
import type { NodeLabels, SelectablePod } from './pod';

/** What is known of the cluster before something is created in it. */
export interface ImpactScope {
  /** Pods of every namespace that the objects select from. */
  pods: readonly SelectablePod[];
  /** Undefined where the nodes cannot be listed. */
  nodes: NodeLabels | undefined;
  /** Namespaces whose pods cannot be listed, with the reason. */
  unseen: readonly { namespace: string; reason: string }[];
  /** The database's pods. */
  database: readonly DatabasePod[];
  /** All experiments, of anyone. */
  experiments: readonly Experiment[];
  /** Why there may be more of them than could be listed; undefined where all could. */
  unlisted?: string | undefined;
  /** Bytes in use by pod, where the metrics tell. */
  memoryUsed: Readonly<Record<string, number>>;
  /** Of the cluster's clock. */
  nowMs: number;
}

/** Which of several objects act at the same time, by their places (one that acts twice, twice): one list for each moment. */
export type Moments = readonly (readonly number[])[];
