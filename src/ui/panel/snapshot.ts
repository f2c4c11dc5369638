import { anomalyTitle, isAnomalyType } from '../../core/anomalies';
import type { Diagnosis } from '../../core/diagnosis/types';
import { reasonText } from '../../core/diagnosis/reasonText';
import type { MonitorHealth, MonitorState } from '../../core/monitorState';
import type { PanelDiagnosis, PanelHealth, PanelSnapshot } from '../../shared/protocol';

/** Pairs shown below the named ones, dimmed. */
const MAX_PAIRS = 5;

const gaps = (values: ArrayLike<number>): (number | null)[] =>
  Array.from(values, (value) => (Number.isFinite(value) ? value : null));

/** The monitor's state as the panel's message: gaps become null, errors become sentences. */
export function toSnapshot(state: MonitorState, seq: number, nowMs: number): PanelSnapshot {
  const { frame, ranks, source } = state;
  const timestamps = frame ? [...frame.timestamps] : [];
  const toMs = timestamps.at(-1) ?? nowMs;
  return {
    type: 'snapshot',
    seq,
    health: toHealth(state.health, state.live),
    windowMs: state.windowMs,
    stepMs: state.stepMs,
    live: state.live,
    fromMs: toMs - state.windowMs,
    toMs,
    timestamps,
    nodes: frame?.nodes ?? state.targets.map((target) => target.pod),
    series: frame?.series.map(({ metric, node, values }) => ({ metric, node, values: gaps(values) })) ?? [],
    ranks: ranks && {
      nodes: ranks.nodes.map(({ node, ranks: values }) => ({ node, values: gaps(values) })),
      cluster: gaps(ranks.cluster),
    },
    spans: state.spans.map(({ key, label, ours, nodes, fromMs, toMs: end, phase }) => ({
      key,
      label,
      title: isAnomalyType(label) ? anomalyTitle(label) : label,
      ours,
      nodes,
      fromMs,
      toMs: end,
      phase,
    })),
    diagnosis: state.diagnosis && toDiagnosis(state.diagnosis),
    source: source && { url: source.url, profile: source.profile, notes: source.notes },
    problems: [...new Set(frame?.problems.map(({ message }) => message) ?? [])].slice(0, 5),
  };
}

function toHealth(health: MonitorHealth, live: boolean): PanelHealth {
  switch (health.state) {
    case 'live':
      return live ? health : { state: 'paused', updatedAt: health.updatedAt };
    case 'stale':
      return { state: 'stale', since: health.since, message: health.error.message, hint: health.error.hint };
    case 'failed':
      return { state: 'failed', message: health.error.message, hint: health.error.hint };
    case 'empty':
      return health;
    case 'idle':
      return live ? { state: 'loading' } : { state: 'paused', updatedAt: undefined };
    case 'loading':
      return { state: 'loading' };
  }
}

const ENGINE: Readonly<Record<string, string>> = {
  'tfjs-node': 'TensorFlow (native)',
  wasm: 'TensorFlow.js (WebAssembly)',
  cpu: 'TensorFlow.js (CPU)',
  distance: 'distance from the baseline',
};

function toDiagnosis(diagnosis: Diagnosis): PanelDiagnosis {
  const { info, ranking } = diagnosis;
  const named = ranking.filter((pair) => pair.named);
  const others = ranking.filter((pair) => !pair.named && pair.probability >= 0.05);
  const engine = ENGINE[info.answeredBy] ?? info.answeredBy;
  return {
    at: diagnosis.at,
    healthy: diagnosis.healthy,
    insufficient: diagnosis.insufficient,
    pairs: [...named, ...others.slice(0, Math.max(0, MAX_PAIRS - named.length))].map(
      ({ node, type, probability, named: isNamed, reasons }) => ({
        node,
        type,
        title: anomalyTitle(type),
        probability,
        named: isNamed,
        reasons: reasons.map((reason) => ({
          metric: reason.metric,
          text: reasonText(reason),
          direction: reason.direction,
          weight: reason.weight,
        })),
      }),
    ),
    answeredBy: info.model ? `${info.model} on ${engine}` : engine,
    answeredByReason: info.reason,
  };
}
