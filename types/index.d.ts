/**
 * What the extension gives to other extensions:
 *
 * ```ts
 * import type { DistDiagApi } from 'distdiag';
 * const api = await vscode.extensions.getExtension<DistDiagApi>('distdiag.distdiag')?.activate();
 * ```
 *
 * Everything rejects with an `AppError`, an `Error` with a `code` and often a `hint`. Nothing here goes around a guard:
 * protected contexts and namespaces, the checks of a plan and the server's dry run hold as they do for the palette.
 */

/** What `startAnomaly` takes: a type, and what differs from its defaults. */
export interface StartAnomaly {
  /** `cpu_stress`, `memory_stress`, `network_delay`, `disk_stress`, or another of the catalogue. */
  type: string;
  /** Pods of the database, by name. Without them one that runs and is ready is chosen, and named in the answer. */
  pods?: readonly string[] | undefined;
  /** Values by parameter id, such as `{ latency: '200ms' }`. */
  parameters?: Readonly<Record<string, string | number>> | undefined;
  /** A Go duration such as `90s`; the setting `distdiag.injection.defaultDuration` when missing. */
  duration?: string | undefined;
  /** Ends the wait; an experiment that was created by then stays, and is in the list. */
  signal?: AbortSignal | undefined;
}

/** An experiment that was started: what to look for, and what it hits. */
export interface StartedAnomaly {
  kind: string;
  namespace: string;
  name: string;
  pods: string[];
  /** Milliseconds until it ends by itself. */
  durationMs: number;
  /** What a person would have been warned of before, such as what may happen to the database. */
  warnings: string[];
}

/** What came of stopping everything: experiments, workflows and schedules. */
export interface StoppedAnomalies {
  /** How many are gone, and so recovered. */
  stopped: number;
  /** How many are not: their faults may still act. */
  failed: number;
  /** Those, and why, where there are any. */
  left?: readonly { kind: string; namespace: string; name: string; reason: string }[];
}

/** An experiment that is in the cluster, whoever started it. */
export interface ListedExperiment {
  kind: string;
  namespace: string;
  name: string;
  /** The anomaly type, where it is one of ours. */
  anomaly: string | undefined;
  /** Started by this extension, in whichever window, or by a workflow or a schedule of its. */
  ours: boolean;
  /** `running`, `injecting`, `paused`, `failing`, `finished`, `stuck` … */
  phase: string;
  summary: string;
  pods: string[];
  /** Milliseconds; undefined when it has no end or is over. */
  timeLeftMs: number | undefined;
}

/** One step of the metrics: each is the mean over the nodes, null where there is no sample. */
export type MetricsRow = { timestamp: string } & Record<string, string | number | null>;

/** One step of the ranks, 0 (normal) to 1; null where there are not enough data. */
export interface RanksRow {
  timestamp: string;
  rank: number | null;
  nodes: Record<string, number | null>;
}

/** One metric that speaks for a pair: medians of window and baseline in the metric's unit. */
export interface DiagnosisReason {
  metric: string;
  value: number;
  baseline: number;
  direction: 'up' | 'down';
}

/** A node and a kind of anomaly, with its probability (0 to 1). Only the `named` ones are the answer. */
export interface DiagnosedPair {
  node: string;
  type: string;
  probability: number;
  named: boolean;
  reasons: readonly DiagnosisReason[];
}

/** The diagnosis of the newest window. */
export interface DiagnosisAnswer {
  /** Epoch milliseconds of the window's end. */
  at: number;
  /** True: no anomaly was detected, in fresh samples of every node: the same as `state === 'normal'`. */
  healthy: boolean;
  /**
   * `normal` and `anomalous` are answers. `collecting`: there will be one soon (a baseline is still to come, or an
   * experiment has just begun and the window does not show it yet). `unknown`: samples are missing.
   */
  state: 'collecting' | 'unknown' | 'normal' | 'anomalous';
  /** Why there is no answer, or what an answer leaves out: English sentences. */
  reason: string | undefined;
  /** Epoch milliseconds of the newest sample that was looked at. */
  since: number | undefined;
  /** While collecting: about how long until there is an answer, milliseconds. */
  readyInMs: number | undefined;
  /** Nodes that nothing is known of, and why. */
  unknownNodes: readonly { node: string; reason: string }[];
  /** Best first, over all nodes and types. */
  ranking: readonly DiagnosedPair[];
  /** Per node: how anomalous (0 to 1) and its influence (weighted PageRank, mean 1 over the nodes). */
  nodes: readonly { node: string; rank: number; influence: number; anomalous: boolean }[];
  /** 0 to 1 for the whole cluster. */
  clusterRank: number;
  /** The compound anomaly graph: symmetric weights, row-major, nodes × nodes, 0 to 1. */
  graph: { nodes: readonly string[]; weights: Float64Array };
  /** Why the data allow no answer; undefined when they do. */
  insufficient: string | undefined;
}

/** Version 1. New members may be added; none changes its shape. */
export interface DistDiagApi {
  readonly version: 1;
  /** Milliseconds that `activate` took. */
  readonly activationMs: number;
  /** Resolves when every target is injected; rejects with Chaos Mesh's own reason. */
  startAnomaly(request: StartAnomaly): Promise<StartedAnomaly>;
  /**
   * Stops everything that this extension started, in whichever window, and everything that its workflows and schedules
   * have started; resolves when all of it is gone or is stuck. Rejects where not everything could be looked at.
   */
  stopAllAnomalies(signal?: AbortSignal): Promise<StoppedAnomalies>;
  /** Asks the cluster anew. */
  listExperiments(): Promise<ListedExperiment[]>;
  /** One entry a step of the range that the panel shows; `cpu`, `memory` and `network` are there under these names too. */
  getMetrics(): Promise<MetricsRow[]>;
  getAnomalyRanks(): Promise<RanksRow[]>;
  diagnose(): Promise<DiagnosisAnswer>;
}
