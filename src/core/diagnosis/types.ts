import type { Text } from '../base/text';
import type { AnomalyType } from '../faults/catalogue';
import type { MetricGroup, MetricId } from '../metrics/catalogue';

/** Which detector gave a diagnosis, and why not a better one. Always shown. */
export interface ScorerInfo {
  answeredBy: 'tfjs-node' | 'wasm' | 'cpu' | 'distance';
  /** The model's name and version; undefined for the fall-back. */
  model: string | undefined;
  /** Why no better detector answered: "model file damaged: checksum differs". */
  reason: Text | undefined;
}

/** One metric of one node: its baseline and its window. NaN = gap. */
export interface MetricStretch {
  baseline: Float64Array;
  window: Float64Array;
}

/** The metrics of one node. */
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

/** One metric that is evidence for a ranked pair. */
export interface Reason {
  metric: MetricId;
  /** Medians of window and baseline, in the metric's unit. */
  value: number;
  baseline: number;
  direction: 'up' | 'down';
  /** Robust deviations from the baseline (signed). */
  deviation: number;
  /** Share of the evidence, 0 to 1; the reasons of a pair add up to at most 1. 0 = it agrees, but had no influence. */
  weight: number;
  /** Set if it is measured at the node's peers, which see what leaves the node late. The figures are then their medians. */
  measuredAt?: 'peers';
}

/** `<node, anomaly type>` with its probability. */
export interface RankedPair {
  node: string;
  /** An injectable type, or one that only a model knows (`workload_spike`, …). */
  type: AnomalyType | (string & {});
  /** 0 to 1. */
  probability: number;
  /** Influence × probability, the published order. */
  importance: number;
  /** At or above the threshold: part of the answer, not only of the list. */
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

/** A node with too few samples to judge. */
export interface UnjudgedNode {
  node: string;
  /** No sample at all; none in the window after some in the baseline; or samples, but not enough of them yet. */
  why: 'noSamples' | 'silent' | 'collecting';
  /** While collecting: until there may be enough samples, milliseconds. */
  readyInMs: number;
}

/** The answer. `healthy` means that no node that could be judged is anomalous. */
export interface Diagnosis {
  /** The window's first and last step, epoch milliseconds. */
  from: number;
  at: number;
  healthy: boolean;
  /** Nodes that could not be judged. */
  unjudged: readonly UnjudgedNode[];
  /** Groups of metrics that the source has, but of which a judged node has no sample in the window. */
  lost: readonly { node: string; group: MetricGroup }[];
  /** Best first, over all nodes and types. */
  ranking: readonly RankedPair[];
  nodes: readonly NodeRank[];
  /** 0 to 1 for the whole cluster. */
  clusterRank: number;
  /** Symmetric, row-major, nodes × nodes, 0 to 1. */
  graph: { nodes: readonly string[]; weights: Float64Array };
  info: ScorerInfo;
  /** Set if the data allow no answer: too few samples, no baseline. `healthy` is then false, and nothing is named. */
  insufficient: string | undefined;
}

/** Why there is no rank: no sample, too few for a baseline, or the moment is earlier than the data. */
export type RankGapReason = 'noSamples' | 'noBaseline' | 'notAsked';

/** A range in which no node has a rank; both ends inclusive, epoch milliseconds. */
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
  /** Why the cluster has none, in order of time. */
  gaps: readonly RankGap[];
  /** One call had no time for all moments; the next call continues from here. */
  pending: boolean;
}
