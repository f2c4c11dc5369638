import { parseQuantity } from '../base/quantity';
import type { Text } from '../base/text';
import type { MetricUnit } from '../metrics/catalogue';

/** In which unit a bound of a metric is given: none is written with it. */
export function unitNote(unit: MetricUnit): Text {
  const notes: Readonly<Record<MetricUnit, Text>> = {
    cores: 'This metric is in CPU cores, without a unit: 0.5 is half a core.',
    bytes: 'This metric is in bytes, without a unit: 1073741824 is 1 GiB.',
    bytesPerSecond: 'This metric is in bytes per second, without a unit: 1048576 is 1 MiB/s.',
    perSecond: 'This metric is a rate per second, without a unit.',
    seconds: 'This metric is in seconds, without a unit: 0.02 is 20 ms.',
    ratio: 'This metric is a share from 0 to 1, without a unit: 0.8 is 80%.',
    count: 'This metric is a count, without a unit.',
  };
  return notes[unit];
}

const SECONDS: Readonly<Record<string, number>> = { us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60 };

/** The number that a value with a unit most likely stands for; undefined where it may be another. */
export function inUnit(value: unknown, unit: MetricUnit): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [, digits, suffix = ''] = /^(\d+(?:\.\d+)?)\s*([a-zµ%/]*)$/i.exec(value.trim()) ?? [];
  if (digits === undefined) return undefined;
  if (suffix === '') return digits;
  const factor =
    unit === 'seconds'
      ? SECONDS[suffix]
      : unit === 'ratio'
        ? { '%': 0.01 }[suffix]
        : unit === 'cores'
          ? { m: 1e-3 }[suffix]
          : unit === 'bytes'
            ? parseQuantity(`1${suffix.replace(/(?<=[kmgt]i?)b$/i, '')}`)
            : undefined;
  return factor === undefined ? undefined : String(Number((Number(digits) * factor).toPrecision(12)));
}
