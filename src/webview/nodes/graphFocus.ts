import type { PanelGraph } from '../../shared/truthMessages';

/** Up to so many nodes the drawing says no more than the verdict: it is folded. */
const FOLDED = 6;
/** Beyond so many nodes only some are drawn. */
const ALL = 12;
/** Nodes that are drawn beside each anomalous one. */
const NEAREST = 3;

/** Is the graph worth its room from the start? */
export const opensGraph = (nodes: number): boolean => nodes > FOLDED;

/**
 * What of a graph is drawn: of many nodes the anomalous ones, and those whose metrics are most similar to theirs. `left`
 * counts the edges between drawn nodes alone.
 */
export function graphFocus(graph: PanelGraph): PanelGraph {
  const { nodes, edges } = graph;
  if (nodes.length <= ALL) return graph;
  const kept = new Set(nodes.flatMap(({ anomalous }, i) => (anomalous ? [i] : [])));
  for (const i of [...kept]) {
    const near = edges.filter(({ from, to }) => from === i || to === i); // heaviest first
    for (const { from, to } of near.slice(0, NEAREST)) kept.add(from === i ? to : from);
  }
  const order = [...kept].sort((a, b) => a - b);
  const place = new Map(order.map((old, now) => [old, now]));
  return {
    nodes: order.map((i) => nodes[i] as (typeof nodes)[number]),
    edges: edges.flatMap(({ from, to, weight }) => {
      const [a, b] = [place.get(from), place.get(to)];
      return a === undefined || b === undefined ? [] : [{ from: a, to: b, weight }];
    }),
    left: 0,
  };
}
