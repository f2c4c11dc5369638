import { color } from 'chart.js/helpers';
import type { Band } from './band';
import type { ValueScale } from './valueScale';
import type { GhostLine } from '../tests/ghosts';

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

/** A value that lines should not cross, from when to when. */
export interface ThresholdLine {
  value: number;
  fromMs: number;
  toMs: number;
  text: string;
  broken: boolean;
}

/** Everything that one chart shows. */
export interface ChartModel {
  timestamps: Float64Array;
  lines: readonly ChartLine[];
  /** Of an earlier run, on a time axis of their own. */
  ghosts?: readonly GhostLine[];
  /** Of the nodes that have no line of their own. */
  band: Band | undefined;
  scale: ValueScale;
  fromMs: number;
  toMs: number;
  /** When experiments ran, filled lightly. */
  spans: readonly { fromMs: number; toMs: number; colour: string }[];
  /** What is expected of the values, in the lines' unit. */
  thresholds?: readonly ThresholdLine[];
  /** Moments at which nothing can be shown; hatched. */
  gaps: readonly { fromMs: number; toMs: number }[];
}

/** A colour with an opacity. */
export const faded = (colour: string, opacity: number): string => {
  const parsed = color(colour);
  return parsed.valid ? parsed.alpha(opacity).rgbString() : colour;
};
