/** Where a node is drawn, and its label beside it, away from the edges. */
export interface GraphPlace {
  x: number;
  y: number;
  labelX: number;
  labelY: number;
  anchor: 'start' | 'middle' | 'end';
}

/** Width of the drawing, in its own units; it is as high as it has to be. */
export const GRAPH_WIDTH = 340;
const CENTRE = GRAPH_WIDTH / 2;
const CIRCLE = 60;
/** Where the two columns are, and how far apart their rows. */
const COLUMNS = [110, 230] as const;
const ROW = 28;
const LEAST_RADIUS = 5;
const MOST_RADIUS = 11;
const LABEL_GAP = 6;
const LABEL_HEIGHT = 12;
/** A longer label is cut off at its beginning: names of one cluster differ at their ends. */
const LABEL_LENGTH = 13;

/** The label of a node's name. */
export const graphLabel = (name: string): string =>
  name.length > LABEL_LENGTH ? `…${name.slice(1 - LABEL_LENGTH)}` : name;

/** Nodes on a circle, the first at the top, with their labels around it. */
export const circlePlaces = (count: number): GraphPlace[] =>
  Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count - Math.PI / 2;
    const radius = count > 1 ? CIRCLE : 0;
    const [x, y] = [CENTRE + radius * Math.cos(angle), radius * Math.sin(angle)];
    if (Math.abs(x - CENTRE) > CIRCLE / 3) return beside(x, y, x < CENTRE ? 'end' : 'start');
    const labelY = y > 0 ? y + MOST_RADIUS + LABEL_HEIGHT : y - MOST_RADIUS - LABEL_GAP;
    return { x, y, labelX: x, labelY, anchor: 'middle' };
  });

/** Nodes in two columns, the shorter one in the middle of the other's height, with their labels at the outer sides. */
export const columnPlaces = (counts: readonly [number, number]): GraphPlace[] =>
  counts.flatMap((count, column) =>
    Array.from({ length: count }, (_, i) => {
      const y = ROW * (i + (Math.max(...counts) - count) / 2);
      return beside(COLUMNS[column] as number, y, column === 0 ? 'end' : 'start');
    }),
  );

/** A node whose label ends or begins beside it. */
function beside(x: number, y: number, anchor: 'start' | 'end'): GraphPlace {
  const away = (MOST_RADIUS + LABEL_GAP) * (anchor === 'end' ? -1 : 1);
  return { x, y, labelX: x + away, labelY: y + 4, anchor };
}

/** The line of an edge; `bent`: between nodes of one column, past those that are between them. */
export function edgePath(a: GraphPlace, b: GraphPlace, bent: boolean): string {
  const to = `${b.x.toFixed(1)} ${b.y.toFixed(1)}`;
  const over = bent ? `Q${(a.x + 40 + Math.abs(a.y - b.y) / 2).toFixed(1)} ${((a.y + b.y) / 2).toFixed(1)} ` : 'L';
  return `M${a.x.toFixed(1)} ${a.y.toFixed(1)}${over}${to}`;
}

/** Top and height of what the nodes and their labels take; headings stand at the top. */
export function graphExtent(places: readonly GraphPlace[]): { top: number; height: number } {
  const ys = places.map(({ y }) => y);
  const room = MOST_RADIUS + LABEL_GAP + LABEL_HEIGHT;
  const top = Math.min(...ys) - room;
  return { top, height: Math.max(...ys) + room - top };
}

/** The radius of a node: by its score. */
export const nodeRadius = (score: number): number =>
  LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * Math.min(1, Math.max(0, Number.isFinite(score) ? score : 0));
