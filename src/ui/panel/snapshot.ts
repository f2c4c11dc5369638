import * as vscode from 'vscode';
import { strongestEdges } from '../../core/diagnosis/graph/strongestEdges';
import type { Diagnosis, RankGap, RankGapReason } from '../../core/diagnosis/types';
import { diagnosisState, pastState, type DiagnosisState } from '../../core/monitoring/diagnosisState';
import type { DatabasePod } from '../../core/cluster/databasePod';
import type { ShownTest } from '../../core/resilience/testBoard';
import type { AppError } from '../../core/base/errors';
import type { MetricProblem } from '../../core/metrics/series';
import type { MonitorHealth, MonitorState } from '../../core/monitoring/monitorState';
import type { PanelDiagnosis, PanelGap, PanelHealth, PanelSnapshot, PanelState } from '../../shared/protocol';
import { localized } from '../text/coreText';
import { times } from '../text/times';
import { isStoppable, PHASE_STYLES } from '../tree/experimentStyle';
import { thresholdsOf, verdictOn } from './testMarks';
import { anomalyName, reasonWords, spanTitle } from '../text/labels';

/** Number of unnamed pairs shown dimmed below the named ones. */
const MAX_PAIRS = 5;
/** How many of each node's heaviest edges in the anomaly graph are sent to the panel. */
const EDGES_OF_NODE = 4;

/** Columns in one buffer, so that the editor sends bytes instead of text; a value that is no number is a gap. */
function packed(columns: readonly ArrayLike<number>[]): Float64Array[] {
  const buffer = new ArrayBuffer(8 * columns.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  return columns.map((column) => {
    const values = new Float64Array(buffer, offset, column.length);
    for (let i = 0; i < column.length; i++) values[i] = Number.isFinite(column[i]) ? (column[i] as number) : NaN;
    offset += values.byteLength;
    return values;
  });
}

/** The monitor's state, or that of a past range, as a message to the panel; errors become sentences. `present`: the current nodes. */
export function toSnapshot(
  state: MonitorState,
  nowMs: number,
  fixed = false,
  tests: readonly ShownTest[] = [],
  present: readonly DatabasePod[] = state.targets,
): PanelSnapshot {
  const nodes = state.frame?.nodes ?? state.targets.map((target) => target.pod);
  const { frame, ranks, source } = state;
  const toMs = frame?.timestamps.at(-1) ?? nowMs;
  const columns = packed(frame?.series.map(({ values }) => values) ?? []);
  const rankColumns = ranks && packed([...ranks.nodes.map(({ ranks: values }) => values), ranks.cluster]);
  return {
    type: 'snapshot',
    health: toHealth(state.health, state.live),
    windowMs: state.windowMs,
    stepMs: state.stepMs,
    live: state.live,
    nowMs,
    fixed,
    fromMs: toMs - state.windowMs,
    toMs,
    timestamps: Float64Array.from(frame?.timestamps ?? []),
    nodes,
    present: present.map(({ pod }) => pod),
    zones: Object.fromEntries(state.targets.flatMap(({ pod, zone }) => (zone === undefined ? [] : [[pod, zone]]))),
    series: frame?.series.map(({ metric, node }, i) => ({ metric, node, values: columns[i] as Float64Array })) ?? [],
    ranks: ranks &&
      rankColumns && {
        nodes: ranks.nodes.map(({ node }, i) => ({ node, values: rankColumns[i] as Float64Array })),
        cluster: rankColumns[ranks.nodes.length] as Float64Array,
      },
    spans: state.spans.map(({ key, ref, label, ours, nodes, fromMs, toMs: end, phase }) => ({
      key,
      label,
      title: spanTitle({ label }),
      ours,
      nodes,
      fromMs,
      toMs: end,
      phase: PHASE_STYLES[phase].label,
      stoppable: isStoppable(phase),
      verdict: verdictOn(tests, ref),
    })),
    thresholds: thresholdsOf(tests, nodes, nowMs),
    rankGaps: ranks?.gaps.map((gap) => toGap(gap)) ?? [],
    diagnosis: state.diagnosis && toDiagnosis(state.diagnosis),
    known: toPanelState(fixed ? pastState(state) : diagnosisState(state, nowMs)),
    old: oldMetrics(frame?.problems ?? []),
    source: source && { url: source.url, profile: source.profile, notes: source.notes.map(localized) },
    problems: [
      ...new Set([...(frame?.problems ?? []), ...state.problems].map(({ message }) => localized(message))),
    ].slice(0, 5),
  };
}

/** A snapshot with only an error. */
export const failedPicture = (error: AppError, nowMs: number): PanelSnapshot => ({
  type: 'snapshot',
  health: { state: 'failed', ...wordsOf(error) },
  windowMs: 1_800_000,
  stepMs: 15_000,
  live: true,
  nowMs,
  fixed: false,
  fromMs: nowMs - 1_800_000,
  toMs: nowMs,
  timestamps: new Float64Array(),
  nodes: [],
  series: [],
  ranks: undefined,
  rankGaps: [],
  spans: [],
  diagnosis: undefined,
  known: { state: 'unknown', reason: undefined, since: undefined, readyInMs: undefined },
  old: [],
  source: undefined,
  problems: [],
});

const GAPS: Readonly<Record<RankGapReason, string>> = {
  noSamples: vscode.l10n.t('no data'),
  noBaseline: vscode.l10n.t('Not enough data before this moment for a baseline'),
  notAsked: vscode.l10n.t('Range too long to compute. Zoom in.'),
};

const toGap = ({ fromMs, toMs, reason }: RankGap): PanelGap => ({
  fromMs,
  toMs,
  text: GAPS[reason],
  hatched: reason !== 'noSamples',
});

/** The diagnosis state in the editor's language. */
export const toPanelState = ({ state, reason, since, readyInMs }: DiagnosisState): PanelState => ({
  state,
  reason: reason === undefined ? undefined : localized(reason),
  since,
  readyInMs,
});

/** One line for each metric that was not refreshed. */
function oldMetrics(problems: readonly MetricProblem[]): PanelSnapshot['old'] {
  const lines = new Map<string, string>();
  for (const { metric, message, keptUntil } of problems)
    if (metric !== undefined && keptUntil !== undefined && !lines.has(metric))
      lines.set(
        metric,
        vscode.l10n.t('Not up to date since {0}: {1}', times().timeOfDay(keptUntil), localized(message)),
      );
  return [...lines].map(([metric, text]) => ({ metric, text }));
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

/** An error for display: what happened, and what to do. */
export const wordsOf = ({ text, hint }: AppError): { message: string; hint: string | undefined } => ({
  message: localized(text),
  hint: hint === undefined ? undefined : localized(hint),
});

const ENGINE: Readonly<Record<string, string>> = {
  'tfjs-node': vscode.l10n.t('native TensorFlow'),
  wasm: 'WebAssembly',
  cpu: 'JavaScript',
  distance: vscode.l10n.t('comparison with each node’s own baseline, without a model'),
};

/** A diagnosis as a message to the panel. */
export function toDiagnosis(diagnosis: Diagnosis): PanelDiagnosis {
  const { info, ranking } = diagnosis;
  const named = ranking.filter((pair) => pair.named);
  const others = ranking.filter((pair) => !pair.named && pair.probability >= 0.05);
  const engine = ENGINE[info.answeredBy] ?? info.answeredBy;
  return {
    from: diagnosis.from,
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
          atPeers: reason.measuredAt === 'peers',
          value: reason.value,
          baseline: reason.baseline,
          direction: reason.direction,
          weight: reason.weight,
        })),
      }),
    ),
    answeredBy: info.model ? vscode.l10n.t('model {0} on {1}', info.model, engine) : engine,
    answeredByReason: info.reason === undefined ? undefined : localized(info.reason),
    graph: { nodes: diagnosis.nodes, edges: strongestEdges(diagnosis.graph, EDGES_OF_NODE) },
  };
}
