import type { Diagnosis, RankedPair, Reason } from '../core/diagnosis/types';
import type { ExperimentSpan } from '../core/experiments/spans';
import type { MetricSeries } from '../core/metrics/series';
import type { Verdict } from '../core/resilience/outcome';
import { parseChartMessage, type ChartHostMessage, type ChartViewMessage } from './chartMessages';
import { parseTestHostMessage, parseTestMessage, type TestHostMessage, type TestViewMessage } from './testMessages';
import {
  parseEvaluationHostMessage,
  parseEvaluationMessage,
  type PanelGraph,
  type EvaluationHostMessage,
  type EvaluationViewMessage,
} from './truthMessages';

/** Version of the messages; a page with another version is reloaded. */
export const PROTOCOL_VERSION = 6;

/** How fresh the panel's picture is. */
export type PanelHealth =
  | { state: 'loading' }
  | { state: 'live'; updatedAt: number }
  | { state: 'paused'; updatedAt: number | undefined }
  | { state: 'stale'; since: number; message: string; hint: string | undefined }
  | { state: 'empty'; message: string }
  | { state: 'failed'; message: string; hint: string | undefined };

/** When an experiment acted on which nodes. */
export interface PanelSpan extends Pick<ExperimentSpan, 'key' | 'label' | 'ours' | 'nodes' | 'fromMs' | 'toMs'> {
  title: string;
  phase: string;
  /** There is something to stop, also where it is paused. */
  stoppable: boolean;
  /** What the resilience test that it is of came to, in words too. */
  verdict?: { state: Verdict; text: string } | undefined;
}

/** What a resilience test expects of one chart, in the unit of its lines. */
export interface PanelThreshold {
  /** A metric, or the query of a chart of one's own. */
  chart: string;
  /** The expectation's. */
  name: string;
  fromMs: number;
  toMs: number;
  low?: number;
  high?: number;
  /** Each node's part of what is expected of their sum. */
  perNode: boolean;
  broken: boolean;
}

/** One metric that speaks for a pair. */
export interface PanelReason extends Pick<Reason, 'metric' | 'value' | 'baseline' | 'direction' | 'weight'> {
  /** The whole reason in words. */
  text: string;
  /** Measured at the other nodes: they see it from this one. */
  atPeers: boolean;
}

/** One suspected anomaly on one node, its probability from 0 to 1. */
export interface PanelPair extends Pick<RankedPair, 'node' | 'type' | 'probability' | 'named'> {
  title: string;
  reasons: readonly PanelReason[];
}

/** A diagnosis as the panel shows it; `from` and `at`, its window's ends, in milliseconds since 1970. */
export interface PanelDiagnosis extends Pick<Diagnosis, 'from' | 'at' | 'healthy'> {
  insufficient: string | undefined;
  pairs: readonly PanelPair[];
  answeredBy: string;
  answeredByReason: string | undefined;
  graph: PanelGraph;
}

/** What is known of the database: see the core's `DiagnosisState`; the reasons are in the editor's language. */
export interface PanelState {
  state: 'collecting' | 'unknown' | 'normal' | 'anomalous';
  reason: string | undefined;
  since: number | undefined;
  readyInMs: number | undefined;
}

/** Moments without a rank, and why; hatched where there is something that the chart cannot show. */
export interface PanelGap {
  fromMs: number;
  toMs: number;
  text: string;
  hatched: boolean;
}

/** Everything that the panel shows. */
export interface PanelSnapshot {
  type: 'snapshot';
  health: PanelHealth;
  windowMs: number;
  stepMs: number;
  live: boolean;
  /** The cluster's time when this was sent: the editor's clock may be another. */
  nowMs: number;
  /** A stretch that the user chose: it is not refreshed. */
  fixed: boolean;
  /** The axis, epoch milliseconds; kept when there are no samples. */
  fromMs: number;
  toMs: number;
  timestamps: Float64Array;
  nodes: readonly string[];
  /** The current nodes, which determine all line styles; others are of the past. */
  present?: readonly string[];
  /** The zone of each node that has one. */
  zones?: Readonly<Record<string, string>>;
  /** Typed arrays go to the page as bytes, not as text. */
  series: readonly MetricSeries[];
  ranks: { nodes: readonly { node: string; values: Float64Array }[]; cluster: Float64Array } | undefined;
  spans: readonly PanelSpan[];
  thresholds?: readonly PanelThreshold[];
  rankGaps: readonly PanelGap[];
  diagnosis: PanelDiagnosis | undefined;
  known: PanelState;
  /** Metrics that were not refreshed: their samples are older ones. */
  old: readonly { metric: string; text: string }[];
  source: { url: string; profile: string; notes: readonly string[] } | undefined;
  problems: readonly string[];
}

/** Host → view. */
export type HostMessage =
  | { type: 'init'; version: number }
  | PanelSnapshot
  | ChartHostMessage
  | EvaluationHostMessage
  | TestHostMessage
  | { type: 'focus'; metric: string }
  /** A stretch of the past is to be shown, with a moment of it at a metric. */
  | { type: 'stretch'; fromMs: number; toMs: number; metric: string | undefined; atMs: number | undefined }
  /** What is asked for is the newest: a stretch or a moment of the past is left. */
  | { type: 'now' };

/** View → host: ids only, never URLs or manifests, and no query but what the user has typed for a chart of their own. */
export type ViewMessage =
  | { type: 'ready' }
  | ChartViewMessage
  | EvaluationViewMessage
  | TestViewMessage
  | { type: 'setLive'; live: boolean }
  | { type: 'diagnoseNow' }
  | { type: 'retry' }
  | { type: 'revealExperiment'; key: string }
  | { type: 'inject' }
  | { type: 'stopAll' };

/** A message from the view, parsed as unknown input; undefined when it is none. */
export function parseViewMessage(input: unknown): ViewMessage | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const { type, live, key } = input as Record<string, unknown>;
  switch (type) {
    case 'ready':
    case 'diagnoseNow':
    case 'retry':
    case 'inject':
    case 'stopAll':
      return { type };
    case 'setLive':
      return typeof live === 'boolean' ? { type, live } : undefined;
    case 'revealExperiment':
      return typeof key === 'string' && key.length > 0 && key.length <= 1000 ? { type, key } : undefined;
    default: {
      const message = input as Record<string, unknown>;
      return parseChartMessage(message) ?? parseEvaluationMessage(message) ?? parseTestMessage(message);
    }
  }
}

/** A message from the host; the view checks its outline, since a reloaded page may meet an older host. */
export function parseHostMessage(input: unknown): HostMessage | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const message = input as Record<string, unknown>;
  if (message['type'] === 'init' && message['version'] === PROTOCOL_VERSION)
    return { type: 'init', version: PROTOCOL_VERSION };
  if (message['type'] === 'focus' && typeof message['metric'] === 'string')
    return { type: 'focus', metric: message['metric'] };
  if (message['type'] === 'now') return { type: 'now' };
  if (message['type'] === 'stretch') {
    const { fromMs, toMs, metric, atMs } = message;
    if (typeof fromMs !== 'number' || typeof toMs !== 'number' || fromMs >= toMs) return undefined;
    const moment = typeof atMs === 'number' ? atMs : undefined;
    return { type: 'stretch', fromMs, toMs, metric: typeof metric === 'string' ? metric : undefined, atMs: moment };
  }
  if (message['type'] === 'ownCharts' && Array.isArray(message['charts'])) return message as unknown as HostMessage;
  if (message['type'] === 'chartSaved') return message as unknown as HostMessage;
  if (message['type'] === 'metricNames' && Array.isArray(message['names'])) return message as unknown as HostMessage;
  const other = parseEvaluationHostMessage(message) ?? parseTestHostMessage(message);
  if (other) return other;
  if (typeof message['nowMs'] !== 'number' || !(message['timestamps'] instanceof Float64Array)) return undefined;
  if (typeof (message['known'] as { state?: unknown } | null | undefined)?.state !== 'string') return undefined;
  return message['type'] === 'snapshot' &&
    ['spans', 'problems', 'rankGaps', 'old', 'nodes', 'series'].every((name) => Array.isArray(message[name]))
    ? (message as unknown as PanelSnapshot)
    : undefined;
}
