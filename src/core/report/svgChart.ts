import { CHART_HEIGHT, CHART_WIDTH } from './chartSize';
import { withoutUnseen } from '../base/sanitize';
import type { ReportClock } from './reportClock';
import { niceTicks } from './ticks';

/** A line chart to be drawn. Times are epoch milliseconds. */
export interface ChartDrawing {
  title: string;
  timestamps: ArrayLike<number>;
  /** NaN = a gap. */
  lines: readonly { name: string; values: ArrayLike<number> }[];
  /** Stretches to be shaded. */
  spans: readonly { title: string; fromMs: number; toMs: number }[];
  write: (value: number) => string;
  /** Of the times below the plot. */
  clock: ReportClock;
  /** Fixed ends of the value axis; by the values, when undefined. */
  ends?: readonly [number, number];
}

/** Told apart on white by anyone, also in print by their order (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];
const DASHES = ['', '6 3', '2 3', '8 3 2 3'];
const PLOT = { left: 78, top: 54, right: CHART_WIDTH - 14, bottom: CHART_HEIGHT - 26 };
/** Names that the legend has room for. */
const MOST_NAMES = 3;

const escape = (text: string): string => withoutUnseen(text).replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
const at = (value: number): string => value.toFixed(1);

/** The chart as a picture that stands for itself: its own colours, on white. */
export function svgChart(drawing: ChartDrawing): string {
  const { title, timestamps, lines, spans, write, clock } = drawing;
  const from = timestamps[0] ?? 0;
  const to = Math.max(from + 1, timestamps[timestamps.length - 1] ?? 1);
  const ticks = niceTicks(...(drawing.ends ?? endsOf(lines)));
  const [low, high] = [ticks[0] as number, ticks.at(-1) as number];
  const x = (ms: number): number => PLOT.left + ((PLOT.right - PLOT.left) * (ms - from)) / (to - from);
  const y = (value: number): number => PLOT.bottom - ((PLOT.bottom - PLOT.top) * (value - low)) / (high - low);
  const within = (ms: number): number => Math.min(PLOT.right, Math.max(PLOT.left, x(ms)));
  const shown = spans.filter((span) => span.toMs > from && span.fromMs < to);
  const parts = [
    `<rect width="${CHART_WIDTH}" height="${CHART_HEIGHT}" fill="#fff"/>`,
    `<text x="12" y="20" font-size="14" font-weight="600" fill="#1f1f1f">${escape(title)}</text>`,
    legend(lines.map(({ name }) => name)),
    ...shown.map(
      (span) =>
        `<rect x="${at(within(span.fromMs))}" y="${PLOT.top}" width="${at(within(span.toMs) - within(span.fromMs))}" height="${PLOT.bottom - PLOT.top}" fill="#e69f00" fill-opacity="0.16"><title>${escape(span.title)}</title></rect>`,
    ),
    ...ticks.map(
      (tick) =>
        `<path d="M${PLOT.left} ${at(y(tick))}H${PLOT.right}" stroke="#ddd"/><text x="${PLOT.left - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${escape(write(tick))}</text>`,
    ),
    ...clock
      .ticks(from, to)
      .map(
        (tick) =>
          `<path d="M${at(x(tick))} ${PLOT.bottom}v4" stroke="#888"/><text x="${at(x(tick))}" y="${PLOT.bottom + 16}" text-anchor="middle">${clock.minute(tick)}</text>`,
      ),
    ...lines.map(
      ({ values }, i) =>
        `<path d="${pathOf(timestamps, values, x, y)}" fill="none" stroke="${COLOURS[i % COLOURS.length]}" stroke-width="1.6"${dash(i)}/>`,
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CHART_WIDTH}" height="${CHART_HEIGHT}" viewBox="0 0 ${CHART_WIDTH} ${CHART_HEIGHT}" font-family="system-ui, sans-serif" font-size="11" fill="#555" role="img" aria-label="${escape(title)}">${parts.join('')}</svg>\n`;
}

const dash = (i: number): string => {
  const pattern = DASHES[Math.floor(i / COLOURS.length) % DASHES.length];
  return pattern ? ` stroke-dasharray="${pattern}"` : '';
};

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

function legend(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES);
  const width = (CHART_WIDTH - 24) / Math.max(1, shown.length);
  const most = Math.floor(width / 6.2) - 4;
  const rest = names.length - shown.length;
  return shown
    .map((name, i) => {
      const left = 12 + i * width;
      const text = name.length > most ? `…${name.slice(1 - most)}` : name;
      return `<path d="M${at(left)} 34h16" stroke="${COLOURS[i]}" stroke-width="3"/><text x="${at(left + 21)}" y="38">${escape(text)}</text>`;
    })
    .join('')
    .concat(rest > 0 ? `<text x="${CHART_WIDTH - 14}" y="20" text-anchor="end">+ ${rest}</text>` : '');
}
