/** Version of the messages; a page of another version is loaded anew. */
export const PROTOCOL_VERSION = 1;

/** Windows that the panel offers, milliseconds. */
export const RANGES_MS = [5, 15, 30, 60, 180].map((minutes) => minutes * 60_000);

/** How fresh the panel's picture is. */
export type PanelHealth =
  | { state: 'loading' }
  | { state: 'live'; updatedAt: number }
  | { state: 'paused'; updatedAt: number | undefined }
  | { state: 'stale'; since: number; message: string; hint: string | undefined }
  | { state: 'empty'; message: string }
  | { state: 'failed'; message: string; hint: string | undefined };

/** When an experiment acted on which nodes. */
export interface PanelSpan {
  key: string;
  label: string;
  title: string;
  ours: boolean;
  nodes: readonly string[];
  fromMs: number;
  toMs: number | undefined;
  phase: string;
}

/** One metric that speaks for a pair, in words. */
export interface PanelReason {
  metric: string;
  text: string;
  direction: 'up' | 'down';
  weight: number;
}

export interface PanelPair {
  node: string;
  type: string;
  title: string;
  probability: number;
  named: boolean;
  reasons: readonly PanelReason[];
}

export interface PanelDiagnosis {
  at: number;
  healthy: boolean;
  insufficient: string | undefined;
  pairs: readonly PanelPair[];
  answeredBy: string;
  answeredByReason: string | undefined;
}

/** One metric of one node; null = no sample there. */
export interface PanelSeries {
  metric: string;
  node: string;
  values: readonly (number | null)[];
}

/** Everything that the panel shows. */
export interface PanelSnapshot {
  type: 'snapshot';
  seq: number;
  health: PanelHealth;
  windowMs: number;
  stepMs: number;
  live: boolean;
  /** The axis, epoch milliseconds; kept when there are no samples. */
  fromMs: number;
  toMs: number;
  timestamps: readonly number[];
  nodes: readonly string[];
  series: readonly PanelSeries[];
  ranks:
    | { nodes: readonly { node: string; values: readonly (number | null)[] }[]; cluster: readonly (number | null)[] }
    | undefined;
  spans: readonly PanelSpan[];
  diagnosis: PanelDiagnosis | undefined;
  source: { url: string; profile: string; notes: readonly string[] } | undefined;
  problems: readonly string[];
}

/** Host → view. */
export type HostMessage = { type: 'init'; version: number } | PanelSnapshot | { type: 'focus'; metric: string };

/** View → host: ids only, never URLs, queries or manifests. */
export type ViewMessage =
  | { type: 'ready' }
  | { type: 'setRange'; windowMs: number }
  | { type: 'setLive'; live: boolean }
  | { type: 'diagnoseNow' }
  | { type: 'retry' }
  | { type: 'revealExperiment'; key: string }
  | { type: 'inject' }
  | { type: 'stopAll' };

/** A message from the view, parsed as unknown input; undefined when it is none. */
export function parseViewMessage(input: unknown): ViewMessage | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const { type, windowMs, live, key } = input as Record<string, unknown>;
  switch (type) {
    case 'ready':
    case 'diagnoseNow':
    case 'retry':
    case 'inject':
    case 'stopAll':
      return { type };
    case 'setRange':
      return typeof windowMs === 'number' && RANGES_MS.includes(windowMs) ? { type, windowMs } : undefined;
    case 'setLive':
      return typeof live === 'boolean' ? { type, live } : undefined;
    case 'revealExperiment':
      return typeof key === 'string' && key.length > 0 && key.length <= 1000 ? { type, key } : undefined;
    default:
      return undefined;
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
  const lists = ['timestamps', 'nodes', 'series', 'spans', 'problems'];
  if (
    message['type'] !== 'snapshot' ||
    typeof message['seq'] !== 'number' ||
    !lists.every((name) => Array.isArray(message[name]))
  )
    return undefined;
  return message as unknown as PanelSnapshot;
}
