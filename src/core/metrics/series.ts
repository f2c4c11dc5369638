import type { DatabasePod } from '../cluster/databasePod';
import type { MetricId } from './catalogue';

/** What went wrong with one metric while the rest came. */
export interface MetricProblem {
  metric: MetricId | undefined;
  /** Undefined = all nodes. */
  node: string | undefined;
  message: string;
  /** The frame lacks what the server may have: a query failed, or the answer was partial. */
  incomplete?: true;
  /** A query failed, and the samples are those of earlier answers: the time of the newest, epoch milliseconds. */
  keptUntil?: number;
}

/** One metric of one node on the frame's time axis. NaN = no sample there (a gap is not a zero). */
export interface MetricSeries {
  metric: MetricId;
  /** The pod's name. */
  node: string;
  values: Float64Array;
}

/** All metrics of all nodes on one time axis. */
export interface MetricFrame {
  /** Epoch milliseconds, ascending, `stepMs` apart. */
  timestamps: Float64Array;
  stepMs: number;
  nodes: readonly string[];
  series: readonly MetricSeries[];
  problems: readonly MetricProblem[];
}

/** A question for a frame: both ends inclusive, aligned to multiples of the step. */
export interface FrameRequest {
  targets: readonly DatabasePod[];
  /** Epoch milliseconds. */
  fromMs: number;
  toMs: number;
  stepMs: number;
  /** All that the profile has, when undefined. */
  metrics?: readonly MetricId[];
}

/** What a metric source found out about its server. */
export interface MetricSourceInfo {
  /** Without credentials. */
  url: string;
  /** `oceanbase` or `container`. */
  profile: string;
  /** Which metrics the server has, with the profile that each comes from. */
  metrics: readonly { metric: MetricId; profile: string }[];
  /** Told to the user: what is missing, what was degraded. */
  notes: readonly string[];
  /** The server's own version, where it says. */
  version: string | undefined;
}
