import { HOUR, MINUTE } from '../core/base/duration';
import type { MetricUnit } from '../core/metrics/catalogue';
import { dayOf, formatValue, scaleFor, timeOfDay, writer } from './format';

/** A value axis: its ends, its ticks, and how each is written. */
export interface ValueAxis {
  min: number;
  max: number;
  ticks: readonly number[];
  /** Equal factors are equal distances; both ends are above 0. */
  log: boolean;
  write: (value: number) => string;
}

/** Every chart has the same number of ticks, so that a row of charts reads alike. */
const INTERVALS = 3;
/** A line that hardly moves is not blown up to the full height: the axis spans at least this share of its value. */
const LEAST_SPAN = 0.2;
const STEPS = [1, 2, 2.5, 5, 10];
const MOST_LOG_TICKS = 5;

/** Smallest and largest of all values that pass; undefined where there is none. */
export function extent(
  columns: Iterable<ArrayLike<number>>,
  above = -Infinity,
): { low: number; high: number } | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const column of columns)
    for (let i = 0; i < column.length; i++) {
      const value = column[i] as number;
      if (!(value > above) || value === Infinity) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low > high ? undefined : { low, high };
}

/** The axis that holds these values on round numbers of their own unit. Without any value it runs from 0 to 3. */
export function valueAxis(columns: Iterable<ArrayLike<number>>, unit: MetricUnit | undefined): ValueAxis {
  let { low, high } = extent(columns) ?? { low: 0, high: 0 };
  const scale = scaleFor(unit, Math.max(Math.abs(low), Math.abs(high)));
  const { factor } = scale;
  [low, high] = [low / factor, high / factor];
  if (low >= 0 && low <= high / 2) low = 0;
  else {
    const missing = LEAST_SPAN * Math.max(Math.abs(low), Math.abs(high)) - (high - low);
    if (missing > 0) [low, high] = [low - missing / 2, high + missing / 2];
  }
  if (high === low) high = low + INTERVALS;
  const { min, step } = round(low, high);
  const digits = [0, 1, 2, 3, 4].find((n) => Math.abs(step * 10 ** n - Math.round(step * 10 ** n)) < 1e-6) ?? 5;
  const ticks = Array.from({ length: INTERVALS + 1 }, (_, i) => (min + i * step) * factor);
  return {
    min: ticks[0] as number,
    max: ticks[INTERVALS] as number,
    ticks,
    log: false,
    write: writer(scale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  };
}

/**
 * The axis on which equal factors are equal distances; its ends are powers of ten, of two for bytes. Values of 0 and
 * less have no place on it. Undefined where no value is above 0.
 */
export function logAxis(columns: Iterable<ArrayLike<number>>, unit: MetricUnit | undefined): ValueAxis | undefined {
  const ends = extent(columns, 0);
  if (!ends) return undefined;
  const base = unit === 'bytes' || unit === 'bytesPerSecond' ? 2 : 10;
  const power = (value: number): number => Math.log(value) / Math.log(base);
  const first = Math.floor(power(ends.low) + 1e-9);
  let last = Math.max(first + 1, Math.ceil(power(ends.high) - 1e-9));
  const stride = Math.ceil((last - first) / (MOST_LOG_TICKS - 1));
  last = first + Math.ceil((last - first) / stride) * stride;
  let ticks = Array.from({ length: (last - first) / stride + 1 }, (_, i) => base ** (first + i * stride));
  if (ticks.length === 2 && base === 10) ticks = [1, 2, 5, 10].map((times) => times * (ticks[0] as number));
  const [min, max] = [ticks[0] as number, ticks.at(-1) as number];
  return { min, max, ticks, log: true, write: (value) => formatValue(value, unit) };
}

/** The smallest round step whose intervals, from a multiple of it, hold both ends. */
function round(low: number, high: number): { min: number; step: number } {
  let power = 10 ** Math.floor(Math.log10((high - low) / INTERVALS));
  for (;;) {
    for (const multiple of STEPS) {
      const step = multiple * power;
      const min = Math.floor(low / step + 1e-9) * step;
      if (min + INTERVALS * step >= high - step * 1e-9) return { min, step };
    }
    power *= 10;
  }
}

const DAY = 24 * HOUR;
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160].map((n) => n * MINUTE);

/** Round times of the local day that fit into so many pixels. */
export function timeTicks(from: number, to: number, pixels = 300): number[] {
  const most = Math.max(2, Math.min(8, Math.floor(pixels / 56)));
  const step = TIME_STEPS.find((ms) => (to - from) / ms <= most) ?? Math.ceil((to - from) / most / DAY) * DAY;
  const zone = step >= HOUR ? -new Date(to).getTimezoneOffset() * MINUTE : 0;
  const ticks: number[] = [];
  for (let at = Math.ceil((from + zone) / step) * step - zone; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** A tick of the time axis: the time of day, at midnight the day. */
export function writeTime(at: number): string {
  const date = new Date(at);
  return date.getHours() === 0 && date.getMinutes() === 0 ? dayOf(at) : timeOfDay(at, false);
}
