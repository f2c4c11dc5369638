import type { PanelSpan } from '../shared/protocol';
import { timeTicks, writeTime, type ValueAxis } from './axes';
import type { Theme } from './theme';

/** One line of a plot. */
interface PlotLine {
  name: string;
  /** On the plot's timestamps; NaN = no sample there: the line is broken. */
  values: Float64Array;
  colour: string;
  dash: readonly number[];
}

/** Everything that one plot shows. */
export interface PlotModel {
  timestamps: Float64Array;
  lines: readonly PlotLine[];
  axis: ValueAxis;
  fromMs: number;
  toMs: number;
  spans: readonly PanelSpan[];
  /** Where a span that still acts ends for now. */
  spanEndMs: number;
  /** Moments at which nothing can be shown; hatched. */
  gaps: readonly { fromMs: number; toMs: number }[];
  /** Are the spans' names written above the plot? */
  named: boolean;
}

/** A size in CSS pixels, and the device's pixels for each. */
export interface PlotSize {
  width: number;
  height: number;
  ratio: number;
}

/** The plot's inner rectangle, CSS pixels. */
export interface PlotArea {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Room for the value axis; the same in every chart, so that one time stands at one place. */
const VALUE_AXIS_WIDTH = 68;
const TIME_AXIS_HEIGHT = 18;
const SPAN_NAMES_HEIGHT = 16;
/** With more lines than this each is one device pixel wide: more would hide the others, and is many times dearer to draw. */
const MANY_LINES = 24;
const NO_DASH: number[] = [];

/** The rectangle that the lines are drawn in. */
export const plotArea = ({ width, height }: PlotSize, named: boolean): PlotArea => ({
  left: VALUE_AXIS_WIDTH,
  right: Math.max(VALUE_AXIS_WIDTH + 10, width - 8),
  top: named ? SPAN_NAMES_HEIGHT : 8,
  bottom: Math.max(20, height - TIME_AXIS_HEIGHT),
});

/** The time, in milliseconds, that lies at a pixel. */
export const timeAt = (x: number, { left, right }: PlotArea, fromMs: number, toMs: number): number =>
  fromMs + ((x - left) / (right - left)) * (toMs - fromMs);
/** The pixel that a time, in milliseconds, lies at. */
export const pixelAt = (ms: number, { left, right }: PlotArea, fromMs: number, toMs: number): number =>
  left + ((ms - fromMs) / (toMs - fromMs)) * (right - left);

/** Draws the whole plot; nothing of it moves by itself. */
export function drawPlot(context: CanvasRenderingContext2D, size: PlotSize, model: PlotModel, theme: Theme): void {
  const area = plotArea(size, model.named);
  context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  context.font = theme.font;
  drawGrid(context, area, model, theme);
  context.save();
  context.beginPath();
  context.rect(area.left, area.top - 1, area.right - area.left, area.bottom - area.top + 2);
  context.clip();
  drawSpans(context, area, model, theme);
  drawGaps(context, area, model, theme);
  drawLines(context, area, model, theme, size.ratio);
  context.restore();
  if (model.named) drawSpanNames(context, area, model, theme);
}

/** The height of a value on an axis; what has no place on it is NaN, as a missing sample is. */
function heightOn({ min, max, log }: ValueAxis, { top, bottom }: PlotArea): (value: number) => number {
  const from = log ? Math.log(min) : min;
  const factor = (bottom - top) / ((log ? Math.log(max) : max) - from);
  return log
    ? (value) => (value > 0 ? bottom - (Math.log(value) - from) * factor : NaN)
    : (value) => bottom - (value - from) * factor;
}

function drawGrid(context: CanvasRenderingContext2D, area: PlotArea, model: PlotModel, theme: Theme): void {
  const { axis, fromMs, toMs } = model;
  const { left, right, bottom } = area;
  const height = heightOn(axis, area);
  context.lineWidth = 1;
  context.strokeStyle = theme.grid;
  context.fillStyle = theme.muted;
  context.setLineDash([]);
  context.beginPath();
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const tick of axis.ticks) {
    const at = Math.round(height(tick)) + 0.5;
    context.moveTo(left, at);
    context.lineTo(right, at);
    context.fillText(axis.write(tick), left - 6, at, left - 8);
  }
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const tick of timeTicks(fromMs, toMs, right - left)) {
    const at = Math.round(pixelAt(tick, area, fromMs, toMs)) + 0.5;
    context.moveTo(at, bottom);
    context.lineTo(at, bottom + 4);
    if (at > left + 12 && at < right - 8) context.fillText(writeTime(tick), at, bottom + 5);
  }
  context.stroke();
}

function drawLines(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  { lines, timestamps, axis, fromMs, toMs }: PlotModel,
  theme: Theme,
  ratio: number,
): void {
  const many = lines.length > MANY_LINES;
  context.lineWidth = many ? 1 / ratio : theme.highContrast ? 2.2 : 1.6;
  context.lineJoin = many ? 'miter' : 'round';
  const count = timestamps.length;
  const xs = new Float64Array(count);
  for (let i = 0; i < count; i++) xs[i] = pixelAt(timestamps[i] as number, area, fromMs, toMs);
  const height = heightOn(axis, area);
  const seen = many ? 1 / ratio : 0;
  for (const alike of many ? ofOneColour(lines) : lines.map((line): [PlotLine] => [line])) {
    const [{ colour, dash }] = alike;
    context.strokeStyle = colour;
    context.setLineDash(many ? NO_DASH : [...dash]);
    context.beginPath();
    for (const { values } of alike) tracePath(context, xs, values, height, seen);
    context.stroke();
  }
}

/** Many lines are drawn by their few colours: each stroke has its price. */
function ofOneColour(lines: readonly PlotLine[]): [PlotLine, ...PlotLine[]][] {
  const byColour = new Map<string, [PlotLine, ...PlotLine[]]>();
  for (const line of lines) {
    const alike = byColour.get(line.colour);
    if (alike) alike.push(line);
    else byColour.set(line.colour, [line]);
  }
  return [...byColour.values()];
}

/** One line through its points; a gap breaks it. Of points that differ by less than `seen` only the first and the last are drawn. */
function tracePath(
  context: CanvasRenderingContext2D,
  xs: Float64Array,
  values: Float64Array,
  height: (value: number) => number,
  seen: number,
): void {
  const count = values.length;
  let drawn = NaN; // the height that the pen is at; NaN = it is lifted
  let passed = -1; // the newest point that was passed over
  for (let i = 0; i < count; i++) {
    const at = height(values[i] as number);
    const x = xs[i] as number;
    if (drawn !== drawn) {
      if (at !== at) continue;
      context.moveTo(x, at);
      // A sample between two gaps is a point, not nothing.
      if (i + 1 >= count || Number.isNaN(height(values[i + 1] as number))) context.lineTo(x + 1.5, at);
      drawn = at;
    } else if (Math.abs(at - drawn) < seen) passed = i;
    else {
      if (passed >= 0) context.lineTo(xs[passed] as number, height(values[passed] as number));
      passed = -1;
      if (at === at) context.lineTo(x, at);
      drawn = at;
    }
  }
  if (passed >= 0) context.lineTo(xs[passed] as number, height(values[passed] as number));
}

/** Shades the time in which an experiment acted. */
function drawSpans(context: CanvasRenderingContext2D, area: PlotArea, model: PlotModel, theme: Theme): void {
  const { fromMs, toMs, spans, spanEndMs } = model;
  const pixel = (ms: number): number => Math.min(area.right, Math.max(area.left, pixelAt(ms, area, fromMs, toMs)));
  context.fillStyle = context.strokeStyle = theme.span;
  context.globalAlpha = theme.highContrast ? 0.3 : 0.16;
  let shaded = area.left; // spans are in the order of their begin: what two share is shaded once
  for (const span of spans) {
    const [left, right] = [Math.max(shaded, pixel(span.fromMs)), pixel(span.toMs ?? spanEndMs)];
    if (right <= left) continue;
    context.fillRect(left, area.top, right - left, area.bottom - area.top);
    shaded = right;
  }
  context.globalAlpha = 1;
  context.lineWidth = 1;
  for (const span of spans) {
    const left = Math.round(pixelAt(span.fromMs, area, fromMs, toMs)) + 0.5;
    if (left < area.left || left > area.right) continue;
    context.setLineDash(span.ours ? [] : [3, 3]);
    context.beginPath();
    context.moveTo(left, area.top);
    context.lineTo(left, area.bottom);
    context.stroke();
  }
}

const HATCH_PIXELS = 8;

/** Hatches where nothing can be shown, up to the next moment of the axis. */
function drawGaps(context: CanvasRenderingContext2D, area: PlotArea, model: PlotModel, theme: Theme): void {
  const { gaps, timestamps, fromMs, toMs } = model;
  const height = area.bottom - area.top;
  context.strokeStyle = theme.muted;
  context.setLineDash(NO_DASH);
  context.lineWidth = 1;
  for (const gap of gaps) {
    const next = timestamps.find((at) => at > gap.toMs) ?? gap.toMs;
    const left = Math.max(area.left, pixelAt(gap.fromMs, area, fromMs, toMs));
    const right = Math.min(area.right, pixelAt(next, area, fromMs, toMs));
    if (right <= left) continue;
    context.save();
    context.beginPath();
    context.rect(left, area.top, right - left, height);
    context.clip();
    context.globalAlpha = theme.highContrast ? 0.8 : 0.35;
    context.beginPath();
    // On a grid of its own, so that the lines do not move with the gap's begin.
    for (let x = Math.floor((left - height) / HATCH_PIXELS) * HATCH_PIXELS; x < right; x += HATCH_PIXELS) {
      context.moveTo(x, area.bottom);
      context.lineTo(x + height, area.top);
    }
    context.stroke();
    context.restore();
  }
}

/** Names the spans above the plot, where no line runs. */
function drawSpanNames(context: CanvasRenderingContext2D, area: PlotArea, model: PlotModel, theme: Theme): void {
  const { fromMs, toMs, spans, spanEndMs } = model;
  context.textAlign = 'left';
  context.textBaseline = 'bottom';
  context.fillStyle = theme.text;
  // From the right: of names that would touch, the newer is the one to read.
  let free = area.right;
  for (const span of [...spans].reverse()) {
    const left = Math.max(area.left, pixelAt(span.fromMs, area, fromMs, toMs));
    if (pixelAt(span.toMs ?? spanEndMs, area, fromMs, toMs) <= area.left || left > area.right) continue;
    const at = Math.min(left, free - context.measureText(span.title).width);
    if (at < area.left || left > free) continue;
    context.fillText(span.title, at, area.top - 3);
    free = at - 8;
  }
}
