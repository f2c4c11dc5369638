import { metricDefinition, type MetricUnit } from '../metrics/catalogue';
import { percentSign } from '../base/percent';
import { formatBytes } from '../base/quantity';
import type { Reason } from './types';

const digits = (value: number): string => String(Number(value.toPrecision(3)));

/** A value with its unit, as people write it: `101 ms`, `6.2 GiB`, `1.4 cores`. */
export function formatMetric(value: number, unit: MetricUnit | undefined): string {
  if (!Number.isFinite(value)) return 'no data';
  switch (unit) {
    case 'bytes':
      return formatBytes(value);
    case 'bytesPerSecond':
      return `${formatBytes(value)}/s`;
    case 'seconds':
      return Math.abs(value) < 1e-3
        ? `${digits(value * 1e6)} µs`
        : Math.abs(value) < 1
          ? `${digits(value * 1e3)} ms`
          : `${digits(value)} s`;
    case 'ratio':
      return percentSign(digits(value * 100));
    case 'perSecond':
      return `${digits(value)}/s`;
    case 'cores':
      return `${digits(value)} cores`;
    default:
      return digits(value);
  }
}

/** `Write latency 101 ms, baseline 1.2 ms`. */
export function reasonText(reason: Reason): string {
  const definition = metricDefinition(reason.metric);
  const where = reason.measuredAt === 'peers' ? ' at the peers' : '';
  return `${String(definition?.title ?? reason.metric)}${where} ${formatMetric(reason.value, definition?.unit)}, baseline ${formatMetric(reason.baseline, definition?.unit)}`;
}
