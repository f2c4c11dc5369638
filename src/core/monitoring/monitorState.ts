import type { Text } from '../base/text';
import { nodeLooks, type NodeLook } from '../base/nodeLook';
import type { ExperimentSpan } from '../experiments/spans';
import type { Diagnosis, RankSeries } from '../diagnosis/types';
import type { AppError } from '../base/errors';
import type { MetricFrame, MetricProblem, MetricSourceInfo } from '../metrics/series';
import type { DatabasePod } from '../cluster/databasePod';

/** How up to date the monitor's state is. */
export type MonitorHealth =
  | { state: 'idle' }
  | { state: 'loading' }
  | { state: 'live'; updatedAt: number }
  /** The last good frame is still shown; the monitor retries by itself. */
  | { state: 'stale'; since: number; error: AppError }
  /** Connected, but no node or no sample to show; `message` says what to do. */
  | { state: 'empty'; message: Text }
  | { state: 'failed'; error: AppError };

/** Everything that the panel and the node view show. Immutable; a new object on every change. */
export interface MonitorState {
  health: MonitorHealth;
  source: MetricSourceInfo | undefined;
  targets: readonly DatabasePod[];
  frame: MetricFrame | undefined;
  ranks: RankSeries | undefined;
  /** Of the newest window. */
  diagnosis: Diagnosis | undefined;
  /** What went wrong with the metrics behind `ranks` and `diagnosis`; their step may differ from that of `frame`. */
  problems: readonly MetricProblem[];
  spans: readonly ExperimentSpan[];
  windowMs: number;
  stepMs: number;
  /** How long after a refresh the state counts as current, milliseconds. */
  freshMs: number;
  live: boolean;
}

/** The line style of each node: current nodes first, then other pods of the frame. */
export const shownLooks = ({
  targets,
  frame,
}: Pick<MonitorState, 'targets' | 'frame'>): ReadonlyMap<string, NodeLook> =>
  nodeLooks(
    targets.map(({ pod }) => pod),
    frame?.nodes,
  );
