import type { DatabasePod } from '../cluster/databasePod';
import type { FrameRequest, MetricFrame, MetricSourceInfo } from './series';

/** Metrics of the database's nodes. Throws AppError only when nothing at all could be had. */
export interface MetricSource {
  /** Which server, which profile, and which metrics it has. */
  describe(targets: readonly DatabasePod[], signal?: AbortSignal): Promise<MetricSourceInfo>;
  /** A frame of all metrics for the nodes asked for; what failed is a gap and is named in `frame.problems`. */
  fetch(request: FrameRequest, signal?: AbortSignal): Promise<MetricFrame>;
  /** The one of these pods that had the root service at a moment; undefined where the metrics do not tell. */
  leaderAt?(targets: readonly DatabasePod[], atMs: number, signal?: AbortSignal): Promise<string | undefined>;
}
