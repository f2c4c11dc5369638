import { timeWriter } from '../core/time/dayTime';
import type { MetricUnit } from '../core/metrics/catalogue';
import { t } from './texts';

/** The editor's language, used for numbers and times. */
const locale = (typeof document === 'undefined' ? '' : document.documentElement.lang) || undefined;

/** One scale for values of a unit: the divisor, and the unit shown with the number. */
export interface UnitScale {
  factor: number;
  /** A unit that `Intl` knows. */
  intl?: string;
  /** Otherwise, the text after the number. */
  suffix?: string;
}

const BYTES: readonly UnitScale[] = ['B', 'KiB', 'MiB', 'GiB', 'TiB'].map((name, i) => ({
  factor: 1024 ** i,
  suffix: ` ${name}`, // Intl knows only powers of 1000
}));
const SECONDS: readonly UnitScale[] = [
  { factor: 1e-6, intl: 'microsecond' },
  { factor: 1e-3, intl: 'millisecond' },
  { factor: 1, intl: 'second' },
];
const PLAIN: UnitScale = { factor: 1 };

/** The scale in which the largest value is at least one. */
export function scaleFor(unit: MetricUnit | undefined, largest: number): UnitScale {
  const fit = (scales: readonly UnitScale[]): UnitScale =>
    scales.findLast(({ factor }) => largest >= factor) ?? (scales[0] as UnitScale);
  switch (unit) {
    case 'bytes':
      return fit(BYTES);
    case 'bytesPerSecond': {
      const { factor, suffix = '' } = fit(BYTES);
      return { factor, suffix: `${suffix}/s` };
    }
    case 'seconds':
      return fit(SECONDS);
    case 'ratio':
      return { factor: 0.01, intl: 'percent' };
    case 'perSecond':
      return { factor: 1, suffix: '/s' };
    default:
      return PLAIN;
  }
}

const formats = new Map<string, Intl.NumberFormat>();

/** A cached number format: creating one costs far more than using it. */
function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(locale, options)));
  return format;
}

/** Formats values on one scale. */
export function writer(
  { intl, suffix, factor }: UnitScale,
  digits: Intl.NumberFormatOptions,
): (value: number) => string {
  const format = numberFormat(intl ? { ...digits, style: 'unit', unit: intl, unitDisplay: 'short' } : digits);
  return (value) => `${format.format(value / factor + 0)}${suffix ?? ''}`;
}

/** A value with its unit, to three digits: `101 ms`, `6.2 GiB`. */
export function formatValue(value: number, unit: MetricUnit | undefined): string {
  const scale = unit === 'cores' ? { factor: 1, suffix: ` ${t('cores')}` } : scaleFor(unit, Math.abs(value));
  return writer(scale, { maximumSignificantDigits: 3 })(value);
}

/** A rank or a share between 0 and 1, to two digits. */
export const formatRank = (value: number): string =>
  numberFormat({ minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);

/** Times in the format of the panel and all views. */
export const { timeOfDay, dayOf, dayAndTime, stretchEnds } = timeWriter(locale);
