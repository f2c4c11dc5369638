import { DASHES, NODE_COLOURS, type NodeLook } from '../../base/nodeLook';

/** What a chart is painted with. */
export interface ChartPaint {
  surface: string;
  text: string;
  muted: string;
  grid: string;
  span: string;
  /** What is expected, where it was broken. */
  broken: string;
  node: (colour: number) => string;
  /** Whether the chart names its lines itself, as a picture that stands alone must. */
  legend: boolean;
}

/** A picture that stands for itself: its own colours, on white. */
export const ON_WHITE: ChartPaint = {
  surface: '#fff',
  text: '#1f1f1f',
  muted: '#555',
  grid: '#ddd',
  span: '#e69f00',
  broken: '#b3261e',
  node: (colour) => NODE_COLOURS[colour]?.onWhite ?? '#000',
  legend: true,
};

/** A picture in a page that has these variables. */
export const IN_PAGE: ChartPaint = {
  surface: 'var(--surface)',
  text: 'var(--text)',
  muted: 'var(--muted)',
  grid: 'var(--grid)',
  span: 'var(--span)',
  broken: 'var(--broken)',
  node: (colour) => `var(--node-${colour})`,
  legend: false,
};

/** Colour and pattern of a line, as attributes. */
export function strokeOf(look: NodeLook | undefined, paint: ChartPaint): string {
  const dash = DASHES[look?.dash ?? 0] ?? [];
  const colour = look ? paint.node(look.colour) : paint.text;
  return ` stroke="${colour}"${dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''}`;
}
