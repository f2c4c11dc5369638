import { joined, type Text } from '../base/text';
import { deviations, type NodeDeviations } from './features';
import { anomalyGraph } from './graph/graph';
import { UNKNOWN_TYPE } from './diagnosedTypes';
import { influence } from './graph/influence';
import { lostGroups, whyUnjudged } from './judged';
import { peerReason } from './peerReason';
import type { Diagnosis, DiagnosisRequest, NodeRank, RankedPair, Reason, ScorerInfo } from './types';

/** A detector's result for all nodes: probabilities by node and type, and the metrics behind a pair. */
export interface Detection {
  types: readonly string[];
  probabilities: readonly Float64Array[];
  /** Per type: at or above it, a pair is part of the answer. */
  thresholds: readonly number[];
  contributions: (node: number, type: number) => { metric: string; share: number }[];
  /** What to tell about this answer besides who gave it. */
  note?: Text;
}

/** The model, or the distance-based fall-back. */
export type Detector = (nodes: readonly NodeDeviations[]) => Detection;

const MAX_REASONS = 4;

/** The sort key of a ranking: the probability, or the published importance = influence × probability. */
export type RankingOrder = 'probability' | 'importance';

/**
 * The ordered list of `<node, type>` with the verdict and the reasons. Sorted by probability by default: on recorded
 * faults, the published form more often puts correlated healthy nodes first than it helps.
 */
export function rank(
  request: DiagnosisRequest,
  detect: Detector,
  info: ScorerInfo,
  order: RankingOrder = 'probability',
): Diagnosis {
  const all = deviations(request.nodes);
  const judged = request.nodes.filter((_, i) => all[i]?.size);
  const found = all.filter((node) => node.size > 0);
  const names = judged.map((node) => node.name);
  const n = names.length;
  const weights = anomalyGraph(judged);
  const { from, at } = request;
  const unjudged = request.nodes.filter((_, i) => !all[i]?.size).map((node) => whyUnjudged(node, stepOf(request)));
  const lost = judged.flatMap(lostGroups);
  const about = { from, at, unjudged, lost, graph: { nodes: names, weights } };
  if (n === 0) {
    const insufficient: Text =
      unjudged.length === 0
        ? 'No node to diagnose.'
        : unjudged.some(({ why }) => why === 'collecting')
          ? 'Too few samples for a baseline yet.'
          : 'No samples in this window.';
    return { ...about, healthy: false, ranking: [], nodes: [], clusterRank: NaN, info, insufficient };
  }
  const ranks = influence(weights, n);
  const detection = detect(found);
  const pairs: (RankedPair & { index: number; type_: number })[] = [];
  detection.probabilities.forEach((row, i) => {
    const named = row.map((p, l) => Number(p >= (detection.thresholds[l] as number)));
    const explained = detection.types.some((type, l) => type !== UNKNOWN_TYPE && named[l] === 1);
    detection.types.forEach((type, l) => {
      // "Something is wrong" is an answer only if no type is.
      if (type === UNKNOWN_TYPE && (explained || named[l] === 0)) return;
      const probability = row[l] as number;
      pairs.push({
        node: names[i] as string,
        type,
        probability,
        importance: probability * (ranks[i] as number),
        named: named[l] === 1,
        reasons: [],
        index: i,
        type_: l,
      });
    });
  });
  // Pairs that are part of the answer come first.
  pairs.sort((a, b) => Number(b.named) - Number(a.named) || b[order] - a[order] || b.importance - a.importance);
  const ranking = pairs.map(({ index, type_, ...pair }, place): RankedPair => {
    const wanted = pair.named || place < 3;
    if (!wanted) return pair;
    const own = reasonsOf(found[index] as NodeDeviations, detection.contributions(index, type_));
    const seen = peerReason(found, index, pair.type);
    if (!seen) return { ...pair, reasons: own };
    return { ...pair, reasons: [seen, ...own.filter(({ metric }) => metric !== seen.metric)].slice(0, MAX_REASONS) };
  });
  const nodes = names.map((node, i): NodeRank => {
    const row = detection.probabilities[i] as Float64Array;
    return {
      node,
      rank: row.reduce((highest, p) => Math.max(highest, p), 0),
      influence: ranks[i] as number,
      anomalous: row.some((p, l) => p >= (detection.thresholds[l] as number)),
    };
  });
  return {
    ...about,
    healthy: nodes.every((node) => !node.anomalous),
    ranking,
    nodes,
    clusterRank: nodes.reduce((highest, node) => Math.max(highest, node.rank), 0),
    info: detection.note === undefined ? info : { ...info, reason: joined([detection.note, info.reason ?? '']) },
    insufficient: undefined,
  };
}

/** Milliseconds between two samples of a window. */
function stepOf({ from, at, nodes }: DiagnosisRequest): number {
  const [first] = Object.values(nodes[0]?.metrics ?? {});
  return (at - from) / Math.max(1, (first?.window.length ?? 0) - 1);
}

function reasonsOf(own: NodeDeviations, contributions: { metric: string; share: number }[]): Reason[] {
  const total = contributions.reduce((sum, { share }) => sum + share, 0);
  return contributions.slice(0, MAX_REASONS).flatMap(({ metric, share }) => {
    const found = own.get(metric);
    if (!found || total <= 0) return [];
    return [
      {
        metric,
        value: found.value,
        baseline: found.baseline,
        direction: found.z >= 0 ? ('up' as const) : ('down' as const),
        deviation: found.z,
        weight: share / total,
      },
    ];
  });
}
