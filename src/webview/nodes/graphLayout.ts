/** Where a node is drawn, and the middle of its label above or below it. */
export interface GraphPlace {
  x: number;
  y: number;
  labelX: number;
  labelY: number;
}

/** Width of the drawing, in its own units; it is as high as it has to be. */
export const GRAPH_SIZE = 300;
const CENTRE = GRAPH_SIZE / 2;
const LABEL_HEIGHT = 16;
/** Half of a long label: nearer to an edge its end would be cut off. */
const LABEL_HALF = 48;

/** Nodes on a circle, the first at the top. */
export function circlePlaces(count: number, maxRadius: number): GraphPlace[] {
  const radius = CENTRE - maxRadius - LABEL_HEIGHT;
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count - Math.PI / 2;
    const x = CENTRE + radius * Math.cos(angle);
    const y = CENTRE + radius * Math.sin(angle);
    return {
      x,
      y,
      labelX: Math.min(GRAPH_SIZE - LABEL_HALF, Math.max(LABEL_HALF, x)),
      labelY: y <= CENTRE ? y - maxRadius - 5 : y + maxRadius + 13,
    };
  });
}

/** Top and height of what the nodes and their labels take. */
export function graphExtent(places: readonly GraphPlace[], maxRadius: number): { top: number; height: number } {
  const ys = places.map(({ y }) => y);
  const top = Math.min(...ys) - maxRadius - LABEL_HEIGHT;
  return { top, height: Math.max(...ys) + maxRadius + LABEL_HEIGHT + 2 - top };
}

/** The radius of a node: by its rank, and smaller the more nodes there are. */
export function nodeRadius(rank: number, count: number): number {
  const room = Math.min(1, 14 / count);
  const least = Math.max(3, 7 * room);
  return least + Math.max(2, 10 * room) * Math.min(1, Math.max(0, Number.isFinite(rank) ? rank : 0));
}
