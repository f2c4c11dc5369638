import { distinct, joined, msg, type Text } from '../base/text';
import { faultTitle } from '../faults/catalogue';
import type { Diagnosis, UnjudgedNode } from '../diagnosis/types';
import type { MetricGroup } from '../metrics/catalogue';
import type { MetricProblem } from '../metrics/series';
import type { MonitorState } from './monitorState';
import type { ExperimentSpan } from '../experiments/spans';

/**
 * What is known of the database. Only `normal` says that no anomaly was detected: in a fresh window with samples of every
 * node. `collecting`: there will be an answer soon. `unknown`: there is none, or none of now.
 */
export interface DiagnosisState {
  state: 'collecting' | 'unknown' | 'normal' | 'anomalous';
  /** Why nothing is known, or what the answer does not cover. */
  reason: Text | undefined;
  /** Epoch milliseconds. Unknown: when it was last checked (undefined = never); else the end of the diagnosed window. */
  since: number | undefined;
  /** While collecting, about how long until there is an answer, milliseconds. */
  readyInMs: number | undefined;
  /** Nodes that the state does not cover, or whose health is uncertain. */
  unknownNodes: readonly { node: string; reason: Text }[];
}

/** What the state depends on besides the answer. */
export interface AnswerContext {
  problems: readonly MetricProblem[];
  spans: readonly ExperimentSpan[];
  /** The moment in question, epoch milliseconds: now, or the end of the visible range. */
  nowMs: number;
}

/** After this time nearly all experiments show in the window; half of them do sooner. */
const SEEN_AFTER_MS = 60_000;

/** Names of groups within a sentence. */
const GROUPS: Readonly<Record<MetricGroup, Text>> = {
  cpu: 'CPU metrics',
  memory: 'memory metrics',
  network: 'network metrics',
  disk: 'disk metrics',
  workload: 'workload metrics',
};

const without = (
  state: 'collecting' | 'unknown',
  reason: Text | undefined,
  since: number | undefined,
): DiagnosisState => ({ state, reason, since, readyInMs: undefined, unknownNodes: [] });

/** The diagnosis state of a monitor's content at a moment. */
export function diagnosisState(shown: MonitorState, nowMs: number): DiagnosisState {
  const { health, diagnosis, problems, spans, live, freshMs } = shown;
  switch (health.state) {
    case 'failed':
      return without('unknown', health.error.text, undefined);
    case 'empty':
      return without('unknown', health.message, undefined);
    case 'stale':
      return without('unknown', health.error.text, health.since);
    case 'idle':
    case 'loading':
      if (!live) return without('unknown', 'Refreshing is paused.', diagnosis?.at);
      return without('collecting', undefined, undefined);
    case 'live':
      if (!live) return without('unknown', 'Refreshing is paused.', health.updatedAt);
      if (nowMs - health.updatedAt > freshMs)
        return without('unknown', 'The last refresh is still running.', health.updatedAt);
      if (!diagnosis) return without('collecting', undefined, undefined);
      return answerState(diagnosis, { problems, spans, nowMs });
  }
}

/** The diagnosis state at the end of a past range, which never becomes out of date. */
export function pastState(shown: MonitorState): DiagnosisState {
  const nowMs = shown.diagnosis?.at ?? 0;
  const health = shown.health.state === 'live' ? { state: 'live' as const, updatedAt: nowMs } : shown.health;
  return diagnosisState({ ...shown, health, live: true }, nowMs);
}

/** The state according to one answer, including what it does not cover. */
export function answerState(diagnosis: Diagnosis, context: AnswerContext): DiagnosisState {
  const { at, unjudged, healthy, insufficient } = diagnosis;
  const unknownNodes = nodesUnknown(diagnosis, context.problems);
  const missing = missingWords(diagnosis, context.problems);
  const state = (name: DiagnosisState['state'], words: readonly Text[], readyInMs?: number): DiagnosisState => ({
    state: name,
    reason: words.length > 0 ? joined(words) : undefined,
    since: at,
    readyInMs,
    unknownNodes,
  });
  const late = unjudged.filter(({ why }) => why === 'collecting');
  const lateWords = late.length > 0 ? [nodeReason('collecting', names(late))] : [];
  if (insufficient === undefined && !healthy) return state('anomalous', [...missing, ...lateWords]);
  if (missing.length > 0) return state('unknown', [...missing, ...lateWords]);
  if (late.length > 0) return state('collecting', lateWords, Math.max(...late.map(({ readyInMs }) => readyInMs)));
  if (insufficient !== undefined) return state('unknown', [insufficient]);
  const begun = justBegun(diagnosis, context);
  const [newest] = begun.slice(-1);
  if (!newest) return state('normal', []);
  const words =
    begun.length === 1
      ? msg`${faultTitle(newest.label)} has just started: the window does not show it yet.`
      : msg`${begun.length} experiments have just started: the window does not show them yet.`;
  // Views say besides when it ended.
  const acts = begun.some(({ toMs = Infinity }) => toMs > context.nowMs);
  const short = msg`${faultTitle(newest.label)} acted for a short time: the window does not show all of it yet.`;
  return state('collecting', [acts ? words : short], Math.max(0, newest.fromMs + seenAfter(diagnosis) - at));
}

const names = (list: readonly { node: string }[]): string => [...new Set(list.map(({ node }) => node))].join(', ');

const nodeReason = (why: UnjudgedNode['why'], node: string): Text =>
  why === 'collecting' ? msg`Too few samples from ${node} yet.` : msg`No samples from ${node} in this window.`;

const groupReason = (group: MetricGroup, node: string): Text => msg`No ${GROUPS[group]} from ${node} in this window.`;

/** Nodes that may not be healthy: they have too few samples, or metrics are missing and nothing is named. */
function nodesUnknown(
  { unjudged, nodes, lost }: Diagnosis,
  problems: readonly MetricProblem[],
): DiagnosisState['unknownNodes'] {
  const partly = nodes.flatMap(({ node, anomalous }) => {
    if (anomalous) return [];
    const problem = problems.find((one) => one.incomplete && (one.node === undefined || one.node === node));
    if (problem) return [{ node, reason: problem.message }];
    const missing = lost.find((one) => one.node === node);
    return missing ? [{ node, reason: groupReason(missing.group, node) }] : [];
  });
  return [...unjudged.map(({ node, why }) => ({ node, reason: nodeReason(why, node) })), ...partly];
}

/** What is missing for a complete answer. */
function missingWords({ unjudged, lost }: Diagnosis, problems: readonly MetricProblem[]): Text[] {
  const silent = unjudged.filter(({ why }) => why !== 'collecting');
  const incomplete = problems.filter((one) => one.incomplete);
  // Names the cause instead of the groups that are missing because of it.
  const explained = new Set(incomplete.filter(({ metric }) => metric === undefined).map(({ node }) => node));
  const unexplained = lost.filter(({ node }) => !explained.has(node));
  const groups = [...new Set(unexplained.map(({ group }) => group))];
  return [
    ...(silent.length > 0 ? [nodeReason('silent', names(silent))] : []),
    ...groups.map((group) => {
      const of = unexplained.filter((one) => one.group === group);
      return groupReason(group, names(of));
    }),
    ...distinct(incomplete.map(({ message }) => message)).slice(0, 2),
  ];
}

const seenAfter = ({ from, at }: Diagnosis): number => Math.max(SEEN_AFTER_MS, 2 * (at - from));

/** Experiments on the diagnosed nodes that the window cannot show yet, in order of their start. */
function justBegun(diagnosis: Diagnosis, { spans, nowMs }: AnswerContext): ExperimentSpan[] {
  const nodes = new Set(diagnosis.nodes.map(({ node }) => node));
  const since = diagnosis.at - seenAfter(diagnosis);
  return spans
    .filter(({ fromMs, nodes: hit }) => fromMs > since && fromMs <= nowMs && hit.some((node) => nodes.has(node)))
    .sort((a, b) => a.fromMs - b.fromMs);
}
