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

/** The edges of an anomaly graph that are among the `most` heaviest of one of their nodes, heaviest first. */
export function strongestEdges({ nodes, weights }: Diagnosis['graph'], most: number): GraphEdge[] {
  const n = nodes.length;
  const kept = new Map<number, GraphEdge>();
  for (let i = 0; i < n; i++) {
    const best: GraphEdge[] = [];
    for (let j = 0; j < n; j++) {
      const weight = weights[i * n + j] as number;
      if (j === i || weight < LEAST_WEIGHT || weight <= (best[most - 1]?.weight ?? 0)) continue;
      const place = best.findIndex((edge) => edge.weight < weight);
      best.splice(place < 0 ? best.length : place, 0, { from: Math.min(i, j), to: Math.max(i, j), weight });
      best.length = Math.min(best.length, most);
    }
    for (const edge of best) kept.set(edge.from * n + edge.to, edge);
  }
  return [...kept.values()].sort((a, b) => b.weight - a.weight || a.from - b.from || a.to - b.to);
}
