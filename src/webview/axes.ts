import type { MetricUnit } from '../core/metrics/catalogue';

/** A value axis: its ends, its ticks, and how each is written. */
export interface ValueAxis {
  min: number;
  max: number;
  ticks: readonly number[];
  write: (value: number) => string;
}

/** Every chart has the same number of ticks, so that a row of charts reads alike. */
const INTERVALS = 3;
/** A line that hardly moves is not blown up to the full height: the axis spans at least this share of its value. */
const LEAST_SPAN = 0.2;
const STEPS = [1, 2, 2.5, 5, 10];

type Scale = { factor: number; suffix: string };

const BYTES: readonly Scale[] = ['B', 'KiB', 'MiB', 'GiB', 'TiB'].map((name, i) => ({
  factor: 1024 ** i,
  suffix: ` ${name}`,
}));
const SECONDS: readonly Scale[] = [
  { factor: 1e-6, suffix: ' µs' },
  { factor: 1e-3, suffix: ' ms' },
  { factor: 1, suffix: ' s' },
];

/** The unit in which the largest value is at least one. */
function scaleFor(unit: MetricUnit | undefined, largest: number): Scale {
  const fit = (scales: readonly Scale[]): Scale =>
    scales.findLast(({ factor }) => largest >= factor) ?? (scales[0] as Scale);
  switch (unit) {
    case 'bytes':
      return fit(BYTES);
    case 'bytesPerSecond': {
      const { factor, suffix } = fit(BYTES);
      return { factor, suffix: `${suffix}/s` };
    }
    case 'seconds':
      return fit(SECONDS);
    case 'ratio':
      return { factor: 0.01, suffix: ' %' };
    case 'perSecond':
      return { factor: 1, suffix: '/s' };
    default:
      return { factor: 1, suffix: '' };
  }
}

/** The axis that holds these values on round numbers of their own unit. Without any value it runs from 0 to 3. */
export function valueAxis(values: Iterable<number | null>, unit: MetricUnit | undefined): ValueAxis {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) [low, high] = [0, 0];
  const { factor, suffix } = scaleFor(unit, Math.max(Math.abs(low), Math.abs(high)));
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
    write: (value) => `${(value / factor).toFixed(digits)}${suffix}`,
  };
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

/** At most five times of day on whole minutes. */
export function timeTicks(from: number, to: number): number[] {
  const step =
    [1, 2, 5, 10, 15, 30, 60].map((minutes) => minutes * 60_000).find((ms) => (to - from) / ms <= 5) ?? 3_600_000;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** A time of day as all of the panel writes it. */
export const timeOfDay = (ms: number, seconds = true): string =>
  new Date(ms).toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
    hourCycle: 'h23',
  });
