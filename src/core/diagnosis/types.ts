import type { AnomalyType } from '../faults/catalogue';
import type { MetricGroup, MetricId } from '../metrics/catalogue';

/** Who answered a diagnosis, and why it was not a better one. Always shown. */
export interface ScorerInfo {
  answeredBy: 'tfjs-node' | 'wasm' | 'cpu' | 'distance';
  /** The model's name and version; undefined for the fall-back. */
  model: string | undefined;
  /** Why a better answer was not to be had: "model file damaged: checksum differs". */
  reason: string | undefined;
}

/** One metric of one node: its normal stretch and the stretch under diagnosis. NaN = gap. */
export interface MetricStretch {
  baseline: Float64Array;
  window: Float64Array;
}

/** One node's share of a question. */
export interface NodeObservation {
  name: string;
  metrics: Readonly<Record<MetricId, MetricStretch>>;
}

/** A question: what is wrong in this window? */
export interface DiagnosisRequest {
  /** The window's first and last step, epoch milliseconds. */
  from: number;
  at: number;
  nodes: readonly NodeObservation[];
}

/** One metric that speaks for a ranked pair. */
export interface Reason {
  metric: MetricId;
  /** Medians of window and baseline, in the metric's unit. */
  value: number;
  baseline: number;
  direction: 'up' | 'down';
  /** Robust deviations from the baseline (signed). */
  deviation: number;
  /** Share of the evidence, 0 to 1; the reasons of a pair add up to at most 1. */
  weight: number;
}

/** `<node, anomaly type>` with its probability. */
export interface RankedPair {
  node: string;
  /** One of ours, or one that only a model knows (`workload_spike`, …). */
  type: AnomalyType | (string & {});
  /** 0 to 1. */
  probability: number;
  /** Influence × probability, the published order. */
  importance: number;
  /** At or above the threshold: part of the answer, not only of the order. */
  named: boolean;
  reasons: readonly Reason[];
}

/** One node in the compound anomaly graph. */
export interface NodeRank {
  node: string;
  /** 0 to 1: how anomalous. */
  rank: number;
  /** Weighted PageRank, mean 1 over the nodes. */
  influence: number;
  anomalous: boolean;
}

/** A node that the window says too little of. */
export interface UnjudgedNode {
  node: string;
  /** No sample at all; none in the window after some in the baseline; or samples, but not enough of them yet. */
  why: 'noSamples' | 'silent' | 'collecting';
  /** While collecting: until there may be enough of them, milliseconds. */
  readyInMs: number;
}

/** The answer. `healthy` means: none of the nodes that could be judged is anomalous. */
export interface Diagnosis {
  /** The window's first and last step, epoch milliseconds. */
  from: number;
  at: number;
  healthy: boolean;
  /** Nodes that this answer says nothing of. */
  unjudged: readonly UnjudgedNode[];
  /** Groups of metrics that a judged node had in its baseline and has not in the window. */
  lost: readonly { node: string; group: MetricGroup }[];
  /** Best first, over all nodes and types. */
  ranking: readonly RankedPair[];
  nodes: readonly NodeRank[];
  /** 0 to 1 for the whole cluster. */
  clusterRank: number;
  /** Symmetric, row-major, nodes × nodes, 0 to 1. */
  graph: { nodes: readonly string[]; weights: Float64Array };
  info: ScorerInfo;
  /** Set when the data do not allow an answer: too few samples, no baseline. Then `healthy` is false and nothing is named. */
  insufficient: string | undefined;
}

/** Why there is no rank: no sample, too few of them for a baseline, or the moment lies before what was asked for. */
export type RankGapReason = 'noSamples' | 'noBaseline' | 'notAsked';

/** Moments without the rank of any node; both ends inclusive, epoch milliseconds. */
export interface RankGap {
  fromMs: number;
  toMs: number;
  reason: RankGapReason;
}

/** Ranks over time. NaN = none at that moment. */
export interface RankSeries {
  timestamps: Float64Array;
  nodes: readonly { node: string; ranks: Float64Array }[];
  cluster: Float64Array;
  /** Why the cluster has none, in the order of time. */
  gaps: readonly RankGap[];
  /** Moments are left that one call had no time for: the next one goes on from here. */
  pending: boolean;
}
