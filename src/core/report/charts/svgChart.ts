import { MOST_LINES, type NodeLook } from '../../base/nodeLook';
import { htmlText as escape } from '../document/htmlText';
import type { ReportClock } from '../reportClock';
import { boundKey, boundLines, nearBounds, keyHeight, type ChartBound } from './boundLines';
import { ON_WHITE, strokeOf, type ChartPaint } from './chartPaint';
import { CHART_HEIGHT, CHART_WIDTH } from './chartSize';
import { peerSpread } from './peerSpread';
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
  /** What is expected of the lines. */
  bounds?: readonly ChartBound[];
  /** Room for labels of bounds beside the plot, where a chart of the report has some. */
  labelRoom?: number;
}

/** Names that the legend of a picture has room for. */
const MOST_NAMES = 3;
const LEFT = 78;
const RIGHT_EDGE = 14;
const BELOW = 26;

const at = (value: number): string => value.toFixed(1);

/** The lines that a chart draws each by itself. */
export const ownLines = ({ lines, looks, focus }: ChartDrawing): readonly ChartLine[] =>
  looks.size <= MOST_LINES ? lines : lines.filter(({ name }) => focus.has(name));

/** The chart as SVG, by itself or in a page. */
export function svgChart(drawing: ChartDrawing, paint: ChartPaint = ON_WHITE): string {
  const { title, timestamps, lines, spans, write, clock, bounds = [], labelRoom = 0 } = drawing;
  const own = ownLines(drawing);
  const above = paint.legend ? 54 : 34;
  const keys = keyHeight(bounds);
  const height = CHART_HEIGHT + keys;
  const [top, bottom, right] = [above + keys, height - BELOW, CHART_WIDTH - Math.max(RIGHT_EDGE, labelRoom)];
  const from = timestamps[0] ?? 0;
  const to = Math.max(from + 1, timestamps[timestamps.length - 1] ?? 1);
  const ticks = niceTicks(...(drawing.ends ?? endsOf(lines, bounds)));
  const [low, high] = [ticks[0] as number, ticks.at(-1) as number];
  const x = (ms: number): number => LEFT + ((right - LEFT) * (ms - from)) / (to - from);
  const y = (value: number): number => bottom - ((bottom - top) * (value - low)) / (high - low);
  const within = (ms: number): number => Math.min(right, Math.max(LEFT, x(ms)));
  const stroke = (name: string): string => strokeOf(drawing.looks.get(name), paint);
  const shown = spans.filter((span) => span.toMs > from && span.fromMs < to);
  const peers = lines.filter((line) => !own.includes(line));
  const parts = [
    `<rect width="${CHART_WIDTH}" height="${height}" fill="${paint.surface}"/>`,
    `<text x="12" y="20" font-size="14" font-weight="600" fill="${paint.text}">${escape(title)}</text>`,
    paint.legend
      ? legend(
          own.map(({ name }) => name),
          stroke,
          peers.length,
        )
      : '',
    boundKey(bounds, above + 4, paint),
    ...shown.map(
      (span) =>
        `<rect x="${at(within(span.fromMs))}" y="${top}" width="${at(within(span.toMs) - within(span.fromMs))}" height="${bottom - top}" fill="${paint.span}" fill-opacity="0.16"><title>${escape(span.title)}</title></rect>`,
    ),
    ...ticks.map(
      (tick) =>
        `<path d="M${LEFT} ${at(y(tick))}H${right}" stroke="${paint.grid}"/><text x="${LEFT - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${escape(write(tick))}</text>`,
    ),
    ...clock
      .ticks(from, to)
      .map(
        (tick) =>
          `<path d="M${at(x(tick))} ${bottom}v4" stroke="${paint.muted}"/><text x="${at(x(tick))}" y="${bottom + 16}" text-anchor="middle">${clock.minute(tick)}</text>`,
      ),
    band(peers, timestamps, { x, y }, paint),
    ...own.map(
      ({ name, values }) =>
        `<path d="${pathOf(timestamps, values, x, y)}" fill="none" stroke-width="1.6"${stroke(name)}/>`,
    ),
    boundLines(bounds, { right, top, bottom, low, high, x: within, y }, paint),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CHART_WIDTH}" height="${height}" viewBox="0 0 ${CHART_WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="11" fill="${paint.muted}" role="img" aria-label="${escape(drawing.description)}">${parts.join('')}</svg>\n`;
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

/** The values that the axis has to hold: those of the lines, and the bounds near them. */
function endsOf(lines: ChartDrawing['lines'], bounds: readonly ChartBound[]): [number, number] {
  const ofLines = extent(lines.map(({ values }) => values));
  if (!ofLines) return [0, 1];
  const near = nearBounds(bounds, Math.max(...ofLines.map(Math.abs)));
  const [low, high] = [Math.min(ofLines[0], ...near), Math.max(ofLines[1], ...near)];
  return low >= 0 && low <= high / 2 ? [0, Math.max(high, 1e-12)] : [low, high];
}

function extent(columns: readonly ArrayLike<number>[]): [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const values of columns) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low > high ? undefined : [low, high];
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
  // A sample between gaps is no line: a dot stands for it.
  return path.replace(/M([^ML]+)(?=M|$)/g, 'M$1m-1 0h2');
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
