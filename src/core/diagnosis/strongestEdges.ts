import type { Diagnosis } from './types';

/** An edge of the anomaly graph between two nodes, by their places. */
export interface GraphEdge {
  from: number;
  to: number;
  /** 0 to 1. */
  weight: number;
}

/** Weaker links than this are no links to look at. */
const LEAST_WEIGHT = 0.05;

/** The heaviest edges of an anomaly graph, heaviest first, and how many there are that are left out. */
export function strongestEdges(
  { nodes, weights }: Diagnosis['graph'],
  most: number,
): { edges: GraphEdge[]; left: number } {
  const n = nodes.length;
  const edges: GraphEdge[] = [];
  for (let from = 0; from < n; from++) {
    for (let to = from + 1; to < n; to++) {
      const weight = weights[from * n + to] as number;
      if (weight >= LEAST_WEIGHT) edges.push({ from, to, weight });
    }
  }
  edges.sort((a, b) => b.weight - a.weight || a.from - b.from || a.to - b.to);
  return { edges: edges.slice(0, most), left: Math.max(0, edges.length - most) };
}
