import { STATE_SIGNS } from '../../resilience/outcome';
import type { MetricBound } from '../../testResults/metricBounds';
import { htmlText as escape } from '../document/htmlText';
import type { ChartPaint } from './chartPaint';

/** What is expected of a chart's lines, from when to when. */
export interface ChartBound extends Pick<MetricBound, 'name' | 'state' | 'fromMs' | 'toMs'> {
  /** Its values and times in words. */
  limit: string;
  /** A value that the lines should not cross, and how it is written beside the plot. */
  ends: readonly { value: number; label: string }[];
}

/** The plot that lines are drawn into, and the values that it has room for. */
export interface BoundPlot {
  right: number;
  top: number;
  bottom: number;
  /** The values at the bottom and at the top. */
  low: number;
  high: number;
  /** Never outside of the plot. */
  x: (ms: number) => number;
  y: (value: number) => number;
}

/** A bound so many times beyond all values would press the lines flat: its label says where it is. */
const FAR = 2;
const KEY_ROW = 16;
const KEY_GAP = 4;
const LABEL_ROW = 12;
const LETTER = 7;
const KEY_LETTERS = 96;

/** Height of the rows that name the bounds of a chart. */
export const keyHeight = ({ length }: readonly ChartBound[]): number => (length === 0 ? 0 : KEY_ROW * length + KEY_GAP);

/** Room for the labels beside the plot, the same in all charts of a report: their times stay below each other. */
export const labelRoom = (bounds: readonly ChartBound[]): number =>
  Math.ceil(LETTER * Math.max(0, ...bounds.flatMap(({ ends }) => ends.map(({ label }) => label.length + 3))));

/** The ends that the value axis makes room for, by the largest value of the lines, whatever its sign. */
export const nearBounds = (bounds: readonly ChartBound[], largest: number): number[] =>
  bounds
    .flatMap(({ ends }) => ends.map(({ value }) => value))
    .filter((value) => largest === 0 || Math.abs(value) <= FAR * largest);

/** The expectations by name, above the plot. */
export const boundKey = (bounds: readonly ChartBound[], top: number, paint: ChartPaint): string =>
  bounds
    .map(({ state, name, limit }, i) => {
      const at = top + KEY_ROW * i;
      const text = `${STATE_SIGNS[state]} ${cut(name, KEY_LETTERS - limit.length)}: ${limit}`;
      return `<path d="M12 ${at - 4}h16"${stroke(state, paint)}/><text x="34" y="${at}" fill="${colourOf(state, paint)}">${escape(text)}</text>`;
    })
    .join('');

/** The bounds as lines over the time in which they apply, each with its label beside the plot. */
export function boundLines(bounds: readonly ChartBound[], plot: BoundPlot, paint: ChartPaint): string {
  const { right, top, bottom, low, high, x, y } = plot;
  const marks = bounds
    .flatMap((bound) => bound.ends.map((end) => ({ ...bound, ...end })))
    .map((mark) => {
      const away = mark.value > high ? '↑ ' : mark.value < low ? '↓ ' : '';
      return { ...mark, away, at: Math.min(bottom, Math.max(top, y(mark.value))) };
    })
    .sort((a, b) => a.at - b.at);
  const places = apart(
    marks.map(({ at }) => at),
    bottom,
  );
  return marks
    .map(({ state, name, limit, label, away, at, fromMs, toMs }, i) => {
      const [from, to] = [fromMs, toMs].map((ms) => x(ms).toFixed(1));
      const line = `<path d="M${from} ${at.toFixed(1)}H${to}"${stroke(state, paint)}><title>${escape(`${name}: ${limit}`)}</title></path>`;
      const place = ((places[i] as number) + 4).toFixed(1);
      return `${away === '' ? line : ''}<text x="${right + 6}" y="${place}" fill="${colourOf(state, paint)}">${escape(`${away}${label}`)}</text>`;
    })
    .join('');
}

/** The beginning of a text, as far as it fits; wide letters take the place of two. */
function cut(text: string, letters: number): string {
  let left = letters;
  const kept = [...text].filter((letter) => (left -= letter > '\u2e7f' ? 2 : 1) >= 0).join('');
  return kept === text ? text : `${kept}…`;
}

const colourOf = (state: ChartBound['state'], paint: ChartPaint): string =>
  state === 'failed' ? paint.broken : paint.text;

const stroke = (state: ChartBound['state'], paint: ChartPaint): string =>
  ` fill="none" stroke="${colourOf(state, paint)}" stroke-width="${state === 'failed' ? 2 : 1.5}" stroke-dasharray="6 4"`;

/** Ascending places of labels, moved so that none covers another and the last stays in the plot. */
function apart(places: readonly number[], bottom: number): number[] {
  const moved = [...places];
  for (let i = 1; i < moved.length; i += 1)
    moved[i] = Math.max(moved[i] as number, (moved[i - 1] as number) + LABEL_ROW);
  for (let i = moved.length - 1, most = bottom; i >= 0; i -= 1, most -= LABEL_ROW)
    moved[i] = Math.min(moved[i] as number, most);
  return moved;
}
