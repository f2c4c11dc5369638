import { CHART_HEIGHT, CHART_WIDTH } from './chartSize';
import { DASHES, MOST_LINES, NODE_COLOURS, type NodeLook } from '../base/nodeLook';
import { htmlText as escape } from './document/htmlText';
import { peerSpread } from './peerSpread';
import type { ReportClock } from './reportClock';
import { niceTicks } from './ticks';

/** A line of a chart; NaN = a gap. */
interface ChartLine {
  name: string;
  values: ArrayLike<number>;
}

/** A line chart to be drawn. Times are epoch milliseconds. */
export interface ChartDrawing {
  title: string;
  /** What the chart shows, for who does not see it. */
  description: string;
  timestamps: ArrayLike<number>;
  lines: readonly ChartLine[];
  /** All nodes of the cluster, each with the look that it has in the panel. */
  looks: ReadonlyMap<string, NodeLook>;
  /** Nodes with lines of their own where there are too many for all to have one. */
  focus: ReadonlySet<string>;
  /** What the other nodes are called together. */
  peersTitle: string;
  /** Stretches to be shaded. */
  spans: readonly { title: string; fromMs: number; toMs: number }[];
  write: (value: number) => string;
  /** Of the times below the plot. */
  clock: ReportClock;
  /** Fixed ends of the value axis; by the values, when undefined. */
  ends?: readonly [number, number];
}

/** What a chart is painted with. */
interface ChartPaint {
  surface: string;
  text: string;
  muted: string;
  grid: string;
  span: string;
  node: (colour: number) => string;
  /** Whether the chart names its lines itself, as a picture that stands alone must. */
  legend: boolean;
}

/** A picture that stands for itself: its own colours, on white. */
const ON_WHITE: ChartPaint = {
  surface: '#fff',
  text: '#1f1f1f',
  muted: '#555',
  grid: '#ddd',
  span: '#e69f00',
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
  node: (colour) => `var(--node-${colour})`,
  legend: false,
};

/** Names that the legend of a picture has room for. */
const MOST_NAMES = 3;
const PLOT = { left: 78, right: CHART_WIDTH - 14, bottom: CHART_HEIGHT - 26 };

const at = (value: number): string => value.toFixed(1);

/** The lines that a chart draws each by itself. */
export const ownLines = ({ lines, looks, focus }: ChartDrawing): readonly ChartLine[] =>
  looks.size <= MOST_LINES ? lines : lines.filter(({ name }) => focus.has(name));

/** The chart as SVG, by itself or in a page. */
export function svgChart(drawing: ChartDrawing, paint: ChartPaint = ON_WHITE): string {
  const { title, timestamps, lines, spans, write, clock } = drawing;
  const own = ownLines(drawing);
  const top = paint.legend ? 54 : 34;
  const from = timestamps[0] ?? 0;
  const to = Math.max(from + 1, timestamps[timestamps.length - 1] ?? 1);
  const ticks = niceTicks(...(drawing.ends ?? endsOf(lines)));
  const [low, high] = [ticks[0] as number, ticks.at(-1) as number];
  const x = (ms: number): number => PLOT.left + ((PLOT.right - PLOT.left) * (ms - from)) / (to - from);
  const y = (value: number): number => PLOT.bottom - ((PLOT.bottom - top) * (value - low)) / (high - low);
  const within = (ms: number): number => Math.min(PLOT.right, Math.max(PLOT.left, x(ms)));
  const stroke = (name: string): string => strokeOf(drawing.looks.get(name), paint);
  const shown = spans.filter((span) => span.toMs > from && span.fromMs < to);
  const peers = lines.filter((line) => !own.includes(line));
  const parts = [
    `<rect width="${CHART_WIDTH}" height="${CHART_HEIGHT}" fill="${paint.surface}"/>`,
    `<text x="12" y="20" font-size="14" font-weight="600" fill="${paint.text}">${escape(title)}</text>`,
    paint.legend
      ? legend(
          own.map(({ name }) => name),
          stroke,
          peers.length,
        )
      : '',
    ...shown.map(
      (span) =>
        `<rect x="${at(within(span.fromMs))}" y="${top}" width="${at(within(span.toMs) - within(span.fromMs))}" height="${PLOT.bottom - top}" fill="${paint.span}" fill-opacity="0.16"><title>${escape(span.title)}</title></rect>`,
    ),
    ...ticks.map(
      (tick) =>
        `<path d="M${PLOT.left} ${at(y(tick))}H${PLOT.right}" stroke="${paint.grid}"/><text x="${PLOT.left - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${escape(write(tick))}</text>`,
    ),
    ...clock
      .ticks(from, to)
      .map(
        (tick) =>
          `<path d="M${at(x(tick))} ${PLOT.bottom}v4" stroke="${paint.muted}"/><text x="${at(x(tick))}" y="${PLOT.bottom + 16}" text-anchor="middle">${clock.minute(tick)}</text>`,
      ),
    band(peers, timestamps, { x, y }, paint),
    ...own.map(
      ({ name, values }) =>
        `<path d="${pathOf(timestamps, values, x, y)}" fill="none" stroke-width="1.6"${stroke(name)}/>`,
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CHART_WIDTH}" height="${CHART_HEIGHT}" viewBox="0 0 ${CHART_WIDTH} ${CHART_HEIGHT}" font-family="system-ui, sans-serif" font-size="11" fill="${paint.muted}" role="img" aria-label="${escape(drawing.description)}">${parts.join('')}</svg>\n`;
}

/** Colour and pattern of a line, as attributes. */
export function strokeOf(look: NodeLook | undefined, paint: ChartPaint): string {
  const dash = DASHES[look?.dash ?? 0] ?? [];
  const colour = look ? paint.node(look.colour) : paint.text;
  return ` stroke="${colour}"${dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''}`;
}

interface Scales {
  x: (ms: number) => number;
  y: (value: number) => number;
}

/** The nodes without lines of their own: from the lowest to the highest, with their median. */
function band(peers: readonly ChartLine[], timestamps: ArrayLike<number>, { x, y }: Scales, paint: ChartPaint): string {
  if (peers.length === 0) return '';
  const { low, median, high } = peerSpread(peers);
  const areas: string[] = [];
  for (let begin = 0; begin < low.length; begin++) {
    if (Number.isNaN(low[begin])) continue;
    let end = begin;
    while (end + 1 < low.length && !Number.isNaN(low[end + 1])) end++;
    const places = Array.from({ length: end - begin + 1 }, (_, i) => begin + i);
    const point = (i: number, values: Float64Array): string =>
      `${at(x(timestamps[i] as number))} ${at(y(values[i] as number))}`;
    const outline = [...places.map((i) => point(i, high)), ...[...places].reverse().map((i) => point(i, low))];
    areas.push(`M${outline.join('L')}Z`);
    begin = end;
  }
  return `<path d="${areas.join('')}" fill="${paint.muted}" fill-opacity="0.22"/><path d="${pathOf(timestamps, median, x, y)}" fill="none" stroke="${paint.muted}" stroke-dasharray="4 3"/>`;
}

function endsOf(lines: ChartDrawing['lines']): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const { values } of lines) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return [0, 1];
  return low >= 0 && low <= high / 2 ? [0, Math.max(high, 1e-12)] : [low, high];
}

function pathOf(
  timestamps: ArrayLike<number>,
  values: ArrayLike<number>,
  x: (ms: number) => number,
  y: (value: number) => number,
): string {
  let path = '';
  let pen = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) {
      pen = false;
      continue;
    }
    path += `${pen ? 'L' : 'M'}${at(x(timestamps[i] as number))} ${at(y(value))}`;
    pen = true;
  }
  return path;
}

function legend(names: readonly string[], stroke: (name: string) => string, others: number): string {
  const shown = names.slice(0, MOST_NAMES);
  const width = (CHART_WIDTH - 24) / Math.max(1, shown.length);
  const most = Math.floor(width / 6.2) - 4;
  const rest = names.length - shown.length + others;
  return shown
    .map((name, i) => {
      const left = 12 + i * width;
      const text = name.length > most ? `…${name.slice(1 - most)}` : name;
      return `<path d="M${at(left)} 34h16" stroke-width="3"${stroke(name)}/><text x="${at(left + 21)}" y="38">${escape(text)}</text>`;
    })
    .join('')
    .concat(rest > 0 ? `<text x="${CHART_WIDTH - 14}" y="20" text-anchor="end">+ ${rest}</text>` : '');
}
