import type { Diagnosis } from '../types';

/** An edge of the anomaly graph between two nodes, given by their indices. */
export interface GraphEdge {
  from: number;
  to: number;
  /** 0 to 1. */
  weight: number;
}

/** Weaker edges are not shown. */
const LEAST_WEIGHT = 0.05;

/**
 * The heaviest edges of an anomaly graph, heaviest first, and how many are left out. Edges of the nodes in `first` are
 * kept before others: what matters is which nodes an anomalous node resembles, however alike the others are.
 */
export function strongestEdges(
  { nodes, weights }: Diagnosis['graph'],
  most: number,
  first: ReadonlySet<string> = new Set(),
): { edges: GraphEdge[]; left: number } {
  const n = nodes.length;
  const edges: GraphEdge[] = [];
  for (let from = 0; from < n; from++) {
    for (let to = from + 1; to < n; to++) {
      const weight = weights[from * n + to] as number;
      if (weight >= LEAST_WEIGHT) edges.push({ from, to, weight });
    }
  }
  const byWeight = (a: GraphEdge, b: GraphEdge): number => b.weight - a.weight || a.from - b.from || a.to - b.to;
  const isFirst = nodes.map((node) => first.has(node));
  const turn = ({ from, to }: GraphEdge): number => Number(!isFirst[from] && !isFirst[to]);
  edges.sort((a, b) => turn(a) - turn(b) || byWeight(a, b));
  return { edges: edges.slice(0, most).sort(byWeight), left: Math.max(0, edges.length - most) };
}
