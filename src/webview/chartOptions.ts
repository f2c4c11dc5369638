import type { ChartConfiguration, ChartDataset, ChartOptions, Scale } from 'chart.js';
import { color } from 'chart.js/helpers';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { Band } from './band';
import type { Theme } from './theme';
import { timeTicks, writeTime } from './timeTicks';
import type { ValueScale } from './valueScale';

/** A sample: epoch milliseconds, and the value in the axis' own unit; NaN = none there. */
export interface Point {
  x: number;
  y: number;
}

/** One line; its values are on the chart's timestamps, NaN = no sample there: the line is broken. */
export interface ChartLine {
  name: string;
  values: Float64Array;
  colour: string;
  dash: readonly number[];
  /** Drawn above the others, and stronger. */
  strong: boolean;
}

/** Everything that one chart shows. */
export interface ChartModel {
  timestamps: Float64Array;
  lines: readonly ChartLine[];
  /** Of the nodes that have no line of their own. */
  band: Band | undefined;
  scale: ValueScale;
  fromMs: number;
  toMs: number;
  /** When experiments ran, filled lightly. */
  spans: readonly { fromMs: number; toMs: number; colour: string }[];
  /** Moments at which nothing can be shown; hatched. */
  gaps: readonly { fromMs: number; toMs: number }[];
}

/** What dragging asks for. */
export interface DragActions {
  /** This stretch was marked, or moved to. */
  chosen: (fromMs: number, toMs: number) => void;
  /** The shown stretch is being moved. */
  moving: (fromMs: number, toMs: number) => void;
}

/** Room for the value axis; the same in every chart, so that one time stands at one place. */
export const VALUE_AXIS_WIDTH = 66;
/** Room right of the plot. */
export const RIGHT_PADDING = 8;
/** A label of the time axis so near to an end would be cut off. */
const LABEL_HALF = 16;
const TICK_FONT = 11;

type Dataset = ChartDataset<'line', Point[]>;
type Config = ChartConfiguration<'line', Point[]>;

/** A colour with an opacity. */
const faded = (colour: string, opacity: number): string => {
  const parsed = color(colour);
  return parsed.valid ? parsed.alpha(opacity).rgbString() : colour;
};

/** Pairs of a column, in the array that was there before: a refresh makes no garbage. */
function fill(points: Point[], timestamps: Float64Array, values: Float64Array, { factor, log }: ValueScale): Point[] {
  const count = timestamps.length;
  points.length = Math.min(points.length, count);
  for (let i = 0; i < count; i++) {
    const x = timestamps[i] as number;
    const value = values[i] as number;
    const y = log && !(value > 0) ? NaN : value / factor;
    const point = points[i];
    if (point) {
      point.x = x;
      point.y = y;
    } else points[i] = { x, y };
  }
  return points;
}

/** Places of samples between two gaps: a line through one alone would not be seen. */
function alone(values: Float64Array): Set<number> {
  const places = new Set<number>();
  for (let i = 0; i < values.length; i++)
    if (!Number.isNaN(values[i]) && Number.isNaN(values[i - 1] ?? NaN) && Number.isNaN(values[i + 1] ?? NaN))
      places.add(i);
  return places;
}

function lineSet(line: ChartLine, model: ChartModel, theme: Theme, kept: Point[]): Dataset {
  const lone = alone(line.values);
  return {
    label: line.name,
    data: fill(kept, model.timestamps, line.values, model.scale),
    borderColor: line.colour,
    backgroundColor: line.colour,
    borderWidth: line.strong ? 2.4 : theme.highContrast ? 2.2 : 1.6,
    borderDash: [...line.dash],
    pointRadius: lone.size === 0 ? 0 : ({ dataIndex }) => (lone.has(dataIndex) ? 1.5 : 0),
    order: line.strong ? 0 : 1,
    fill: false,
  };
}

function bandSets(band: Band, model: ChartModel, theme: Theme, kept: (place: number) => Point[]): Dataset[] {
  const edge = (values: Float64Array, place: number, label: string, backing: number | undefined): Dataset => ({
    label,
    data: fill(kept(place), model.timestamps, values, model.scale),
    borderWidth: theme.highContrast ? 1 : 0,
    borderColor: faded(theme.muted, 0.5),
    backgroundColor: faded(theme.band, backing ?? 0),
    fill: backing === undefined ? false : '-1',
    pointRadius: 0,
    order: 3,
  });
  return [
    edge(band.low, 0, 'min', undefined),
    edge(band.high, 1, 'max', theme.highContrast ? 0.12 : 0.1),
    edge(band.p10, 2, 'p10', undefined),
    edge(band.p90, 3, 'p90', theme.highContrast ? 0.25 : 0.18),
    {
      ...edge(band.median, 4, 'median', undefined),
      borderWidth: 1.4,
      borderColor: theme.muted,
      borderDash: [4, 3],
      order: 2,
    },
  ];
}

/** The chart's lines, over the arrays of the ones before. */
export function datasets(model: ChartModel, theme: Theme, before: readonly Dataset[]): Dataset[] {
  const kept = (place: number): Point[] => before[place]?.data ?? [];
  const sets = model.band ? bandSets(model.band, model, theme, kept) : [];
  for (const line of model.lines) sets.push(lineSet(line, model, theme, kept(sets.length)));
  return sets;
}

const HATCH_PIXELS = 8;
const hatches = new Map<string, CanvasPattern | null>();

/** Slanting lines, for where nothing can be shown. */
function hatch(colour: string): CanvasPattern | string {
  let pattern = hatches.get(colour);
  if (pattern === undefined) {
    const tile = document.createElement('canvas');
    tile.width = tile.height = HATCH_PIXELS;
    const context = tile.getContext('2d');
    if (context) {
      context.strokeStyle = colour;
      context.beginPath();
      for (const by of [-HATCH_PIXELS, 0, HATCH_PIXELS]) {
        context.moveTo(by, HATCH_PIXELS);
        context.lineTo(by + HATCH_PIXELS, 0);
      }
      context.stroke();
    }
    pattern = context?.createPattern(tile, 'repeat') ?? null;
    hatches.set(colour, pattern);
  }
  return pattern ?? 'transparent';
}

/** Experiments and gaps behind the lines. */
function annotations(model: ChartModel, theme: Theme): Record<string, AnnotationOptions> {
  const { fromMs, toMs, spans, gaps, timestamps } = model;
  const boxes: Record<string, AnnotationOptions> = {};
  const box = (id: string, from: number, to: number, backgroundColor: string | CanvasPattern): void => {
    if (to <= fromMs || from >= toMs) return;
    boxes[id] = {
      type: 'box',
      xMin: Math.max(fromMs, from),
      xMax: Math.min(toMs, to),
      backgroundColor: backgroundColor as string, // the canvas takes a pattern where it takes a colour
      borderWidth: 0,
      drawTime: 'beforeDatasetsDraw',
      adjustScaleRange: false,
    };
  };
  spans.forEach((span, i) =>
    box(`span${i}`, span.fromMs, span.toMs, faded(span.colour, theme.highContrast ? 0.2 : 0.09)),
  );
  gaps.forEach((gap, i) => {
    const next = timestamps.find((at) => at > gap.toMs) ?? gap.toMs;
    box(`gap${i}`, gap.fromMs, next, hatch(faded(theme.muted, theme.highContrast ? 0.8 : 0.35)));
  });
  return boxes;
}

/** Gives a scale these ticks in place of those that it has found. */
const setTicks = (scale: Scale, values: readonly number[]): void => {
  scale.ticks = values.map((value) => ({ value }));
};

/** The options for a model: made anew for each, for the library keeps what it has worked out of an object. */
export function chartOptions(
  model: ChartModel,
  theme: Theme,
  ratio: number,
  drag: DragActions | undefined,
): ChartOptions<'line'> {
  const { scale, fromMs, toMs } = model;
  const font = { size: TICK_FONT, family: theme.fontFamily };
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: false,
    maintainAspectRatio: false,
    devicePixelRatio: ratio,
    spanGaps: false,
    events: [], // the crosshair is ours
    layout: { padding: { top: 4, right: RIGHT_PADDING, left: 0, bottom: 0 }, autoPadding: false },
    elements: { point: { radius: 0, hitRadius: 0 }, line: { tension: 0, borderJoinStyle: 'round' } },
    scales: {
      x: {
        type: 'time',
        min: fromMs,
        max: toMs,
        time: { unit: 'day' }, // the ticks are ours: those of a day cost nothing
        afterBuildTicks: (axis) => {
          const edge = ((toMs - fromMs) * LABEL_HALF) / Math.max(1, axis.width);
          setTicks(
            axis,
            timeTicks(fromMs, toMs, axis.width).filter((at) => at > fromMs + edge && at < toMs - edge),
          );
        },
        afterFit: (axis) => {
          axis.paddingLeft = axis.paddingRight = 0; // else the plot's ends would move with the labels
        },
        ticks: {
          color: theme.muted,
          font,
          autoSkip: false,
          maxRotation: 0,
          padding: 2,
          callback: (value) => writeTime(Number(value)),
        },
        grid: { drawOnChartArea: false, tickLength: 4, color: theme.grid, tickColor: theme.grid },
        border: { color: theme.grid },
      },
      y: {
        type: scale.log ? 'logarithmic' : 'linear',
        ...(scale.ticks ? { min: scale.min, max: scale.max } : { suggestedMin: scale.min, suggestedMax: scale.max }),
        afterBuildTicks: (axis) => scale.ticks && setTicks(axis, scale.ticks),
        afterFit: (axis) => {
          axis.width = VALUE_AXIS_WIDTH;
        },
        ticks: {
          color: theme.muted,
          font,
          autoSkip: false,
          maxTicksLimit: 5,
          padding: 4,
          callback: (value, _place, ticks) =>
            scale.write(Number(value), Math.abs((ticks[1]?.value ?? 1) - (ticks[0]?.value ?? 0))),
        },
        grid: { color: theme.grid, drawTicks: false },
        border: { display: false },
      },
    },
    plugins: {
      decimation: { enabled: true, algorithm: 'min-max' },
      annotation: { annotations: annotations(model, theme), animations: {} },
      zoom: drag
        ? {
            pan: {
              enabled: true,
              mode: 'x',
              modifierKey: 'shift',
              onPan: ({ chart }) => drag.moving(...endsOf(chart.scales['x'])),
              onPanComplete: ({ chart }) => drag.chosen(...endsOf(chart.scales['x'])),
            },
            zoom: {
              mode: 'x',
              drag: {
                enabled: true,
                threshold: 5,
                backgroundColor: faded(theme.focus, 0.25),
                borderColor: theme.focus,
                borderWidth: 1,
              },
              onZoomComplete: ({ chart }) => drag.chosen(...endsOf(chart.scales['x'])),
            },
          }
        : {},
    },
  };
}

const endsOf = (scale: Scale | undefined): [number, number] => [scale?.min ?? 0, scale?.max ?? 0];

/** A whole chart for a model. */
export const chartConfig = (
  model: ChartModel,
  theme: Theme,
  ratio: number,
  drag: DragActions | undefined,
  plugins: Config['plugins'] = [],
): Config => ({
  type: 'line',
  data: { datasets: datasets(model, theme, []) },
  options: chartOptions(model, theme, ratio, drag),
  plugins,
});
