import type { MetricUnit } from '../../core/metrics/catalogue';
import { formatValue, scaleFor, writer, type UnitScale } from '../format';

/** A line that hardly moves is not blown up to the full height: the axis spans at least this share of its value. */
const LEAST_SPAN = 0.2;
const MOST_LOG_TICKS = 5;

/** Smallest and largest of all values above a limit; undefined where there is none. */
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

/** A value axis in numbers of its own unit. */
export interface ValueScale {
  /** What values are divided by: ticks are then round in GiB, milliseconds or percent. */
  factor: number;
  /** The ends that the ticks have to hold. */
  min: number;
  max: number;
  /** Fixed ticks; else the axis finds round ones by itself. */
  ticks: readonly number[] | undefined;
  /** Equal factors are equal distances; both ends are above 0. */
  log: boolean;
  /** A tick with its unit; `step`: the distance to the next. */
  write: (tick: number, step: number) => string;
}

const digitsOf = (step: number): number =>
  [0, 1, 2, 3, 4].find((n) => Math.abs(step * 10 ** n - Math.round(step * 10 ** n)) < 1e-6) ?? 5;

const tickScale = (unit: MetricUnit | undefined, largest: number, cores: string): UnitScale =>
  unit === 'cores' ? { factor: 1, suffix: ` ${cores}` } : scaleFor(unit, largest);

/** The axis that holds these values: from 0 where they come near it. Without any value it runs from 0 to 1. */
export function linearScale(
  columns: Iterable<ArrayLike<number>>,
  unit: MetricUnit | undefined,
  cores: string,
): ValueScale {
  let { low, high } = extent(columns) ?? { low: 0, high: 0 };
  const scale = tickScale(unit, Math.max(Math.abs(low), Math.abs(high)), cores);
  const { factor } = scale;
  [low, high] = [low / factor, high / factor];
  if (low >= 0 && low <= high / 2) low = 0;
  else {
    const missing = LEAST_SPAN * Math.max(Math.abs(low), Math.abs(high)) - (high - low);
    if (missing > 0) [low, high] = [low - missing / 2, high + missing / 2];
  }
  if (high === low) high = low + 1;
  const write = (tick: number, step: number): string => {
    const digits = digitsOf(step);
    return writer({ ...scale, factor: 1 }, { minimumFractionDigits: digits, maximumFractionDigits: digits })(tick);
  };
  return { factor, min: low, max: high, ticks: undefined, log: false, write };
}

/**
 * The axis on which equal factors are equal distances; its ends are powers of ten, of two for bytes. Values of 0 and
 * less have no place on it. Undefined where no value is above 0.
 */
export function logScale(columns: Iterable<ArrayLike<number>>, unit: MetricUnit | undefined): ValueScale | undefined {
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
  return { factor: 1, min, max, ticks, log: true, write: (value) => formatValue(value, unit) };
}

/** The axis of scores: 0 to 100%. */
export const SCORE_SCALE: ValueScale = {
  factor: 0.01,
  min: 0,
  max: 100,
  ticks: [0, 25, 50, 75, 100],
  log: false,
  write: (tick) => formatValue(tick / 100, 'ratio'),
};
