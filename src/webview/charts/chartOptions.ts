import type { ChartConfiguration, ChartOptions, Scale } from 'chart.js';
import { annotations } from './chartAnnotations';
import { datasets } from './chartData';
import { faded, type ChartModel, type Point } from './chartModel';
import type { Theme } from '../theme';
import { timeLabel, timeTicks } from './timeTicks';

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

type Config = ChartConfiguration<'line', Point[]>;

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
    elements: { point: { radius: 0, hitRadius: 0 }, line: { tension: 0, borderJoinStyle: 'bevel' } },
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
          source: 'labels', // of which there are none: the library looks for no ticks of its own, and measures none
          autoSkip: false,
          maxRotation: 0,
          sampleSize: 1, // room is given, not measured
          padding: 2,
          callback: (value) => timeLabel(Number(value)),
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
          sampleSize: 1,
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
