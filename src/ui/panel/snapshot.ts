import * as vscode from 'vscode';
import { isAnomalyType } from '../../core/anomalies';
import type { Diagnosis } from '../../core/diagnosis/types';
import type { AppError } from '../../core/errors';
import type { MonitorHealth, MonitorState } from '../../core/monitorState';
import type { PanelDiagnosis, PanelHealth, PanelSnapshot } from '../../shared/protocol';
import { localized } from '../coreText';
import { PHASE_LOOKS } from '../tree/experimentLook';
import { anomalyName, reasonWords } from '../words';

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
      title: isAnomalyType(label) ? anomalyName(label) : label,
      ours,
      nodes,
      fromMs,
      toMs: end,
      phase: PHASE_LOOKS[phase].label,
    })),
    diagnosis: state.diagnosis && toDiagnosis(state.diagnosis),
    source: source && { url: source.url, profile: source.profile, notes: source.notes.map(localized) },
    problems: [...new Set(frame?.problems.map(({ message }) => localized(message)) ?? [])].slice(0, 5),
  };
}

function toHealth(health: MonitorHealth, live: boolean): PanelHealth {
  switch (health.state) {
    case 'live':
      return live ? health : { state: 'paused', updatedAt: health.updatedAt };
    case 'stale':
      return { state: 'stale', since: health.since, ...wordsOf(health.error) };
    case 'failed':
      return { state: 'failed', ...wordsOf(health.error) };
    case 'empty':
      return { state: 'empty', message: localized(health.message) };
    case 'idle':
      return live ? { state: 'loading' } : { state: 'paused', updatedAt: undefined };
    case 'loading':
      return { state: 'loading' };
  }
}

/** An error as it is shown: what happened, and what to do. */
export const wordsOf = ({ message, hint }: AppError): { message: string; hint: string | undefined } => ({
  message: localized(message),
  hint: hint === undefined ? undefined : localized(hint),
});

const ENGINE: Readonly<Record<string, string>> = {
  'tfjs-node': vscode.l10n.t('TensorFlow (native)'),
  wasm: 'TensorFlow.js (WebAssembly)',
  cpu: 'TensorFlow.js (CPU)',
  distance: vscode.l10n.t('distance from the baseline'),
};

function toDiagnosis(diagnosis: Diagnosis): PanelDiagnosis {
  const { info, ranking } = diagnosis;
  const named = ranking.filter((pair) => pair.named);
  const others = ranking.filter((pair) => !pair.named && pair.probability >= 0.05);
  const engine = ENGINE[info.answeredBy] ?? info.answeredBy;
  return {
    at: diagnosis.at,
    healthy: diagnosis.healthy,
    insufficient: diagnosis.insufficient === undefined ? undefined : localized(diagnosis.insufficient),
    pairs: [...named, ...others.slice(0, Math.max(0, MAX_PAIRS - named.length))].map(
      ({ node, type, probability, named: isNamed, reasons }) => ({
        node,
        type,
        title: anomalyName(type),
        probability,
        named: isNamed,
        reasons: reasons.map((reason) => ({
          metric: reason.metric,
          text: reasonWords(reason),
          direction: reason.direction,
          weight: reason.weight,
        })),
      }),
    ),
    answeredBy: info.model ? vscode.l10n.t('model {0} on {1}', info.model, engine) : engine,
    answeredByReason: info.reason === undefined ? undefined : localized(info.reason),
  };
}
