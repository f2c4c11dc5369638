import type { MetricFrame } from './series';

/** The step at or before a moment; both epoch milliseconds. Frames have their samples on such steps. */
export const stepAt = (ms: number, stepMs: number): number => Math.floor(ms / stepMs) * stepMs;

/** Index of the step at or before a moment; it may lie outside the frame, and is NaN in an empty one. */
export function indexAt({ timestamps, stepMs }: Pick<MetricFrame, 'timestamps' | 'stepMs'>, ms: number): number {
  return Math.floor((ms - (timestamps[0] ?? NaN)) / stepMs);
}

/** Steps before its last that a window of this length spans. */
export const stepsIn = (windowMs: number, stepMs: number): number => Math.floor(windowMs / stepMs);

/** The frame from one index to another, both inclusive. Values are views of the frame's own. */
export function cutFrame(frame: MetricFrame, from: number, to: number): MetricFrame {
  return {
    ...frame,
    timestamps: frame.timestamps.subarray(from, to + 1),
    series: frame.series.map((series) => ({ ...series, values: series.values.subarray(from, to + 1) })),
  };
}

/**
 * What a look at the moment `atMs` would have been given: the last `windowMs` until then. Undefined where the frame has no
 * step at that moment.
 */
export function frameUntil(frame: MetricFrame, atMs: number, windowMs: number): MetricFrame | undefined {
  const end = indexAt(frame, atMs);
  if (!(end >= 0) || end >= frame.timestamps.length) return undefined;
  return cutFrame(frame, Math.max(0, end - stepsIn(windowMs, frame.stepMs)), end);
}
