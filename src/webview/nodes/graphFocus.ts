import type { PanelGraph } from '../../shared/truthMessages';

/** Up to so many nodes all of them are drawn, and folded: the drawing says no more than the verdict. */
const FEW = 5;
/** Of more nodes, so many anomalous ones are drawn, and the edges of each to so many others. */
export const MOST_ANOMALOUS = 4;
export const NEAREST = 3;

/** What of a graph is drawn. Nodes are named by their places in the graph, here and in the edges. */
export interface DrawnGraph {
  /** Nodes around a circle; of many the anomalous ones, the most so first. */
  first: readonly number[];
  /** Of many: the nodes most similar to those, in the other column. */
  similar: readonly number[];
  edges: PanelGraph['edges'];
  shape: 'circle' | 'columns';
}

/** Is the graph worth its room from the start? */
export const opensGraph = (nodes: number): boolean => nodes > FEW;

/** What is drawn: of few nodes all, of many the most anomalous with their heaviest edges. */
export function drawnGraph(graph: PanelGraph): DrawnGraph {
  const { nodes, edges } = graph;
  const places = nodes.map((_, i) => i);
  if (nodes.length <= FEW) return { first: places, similar: [], edges, shape: 'circle' };
  const first = places
    .filter((i) => nodes[i]?.anomalous)
    .sort((a, b) => (nodes[b]?.rank || 0) - (nodes[a]?.rank || 0) || a - b)
    .slice(0, MOST_ANOMALOUS);
  // They come heaviest first.
  const heaviest = new Set(first.flatMap((i) => edges.filter((edge) => isOf(edge, i)).slice(0, NEAREST)));
  const kept = edges.filter((edge) => heaviest.has(edge));
  const ends = new Set(kept.flatMap(({ from, to }) => [from, to]));
  /** The middle of the rows that a node is linked with: in this order the edges cross least. */
  const rowOf = (node: number): number => {
    const rows = kept.flatMap(({ from, to }) => (from === node ? [to] : to === node ? [from] : []));
    return rows.reduce((sum, row) => sum + first.indexOf(row), 0) / rows.length;
  };
  const similar = [...ends].filter((node) => !first.includes(node)).sort((a, b) => rowOf(a) - rowOf(b));
  return { first, similar, edges: kept, shape: 'columns' };
}

const isOf = ({ from, to }: { from: number; to: number }, node: number): boolean => from === node || to === node;
