import type { MetricFrame } from '../metrics/series';

/**
 * What a look at the moment `atMs` would have been given: the last `windowMs` until then. Values are views of the frame's
 * own. Undefined where the frame has no step at that moment.
 */
export function frameUntil(frame: MetricFrame, atMs: number, windowMs: number): MetricFrame | undefined {
  const { timestamps, stepMs } = frame;
  const end = Math.round((atMs - (timestamps[0] ?? NaN)) / stepMs);
  if (!(end >= 0) || end >= timestamps.length) return undefined;
  const from = Math.max(0, end - Math.floor(windowMs / stepMs));
  return {
    ...frame,
    timestamps: timestamps.subarray(from, end + 1),
    series: frame.series.map((series) => ({ ...series, values: series.values.subarray(from, end + 1) })),
  };
}
