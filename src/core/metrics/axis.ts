import { stepAt, stepsIn } from './frameSlice';
import type { FrameRequest, MetricFrame, MetricSeries } from './series';

/** The time axis of a frame: multiples of the step within both ends, epoch milliseconds. */
export function timeAxis(fromMs: number, toMs: number, stepMs: number): Float64Array {
  const first = Math.ceil(fromMs / stepMs);
  const count = Math.max(0, Math.floor(toMs / stepMs) - first + 1);
  return Float64Array.from({ length: count }, (_, index) => (first + index) * stepMs);
}

/**
 * The question for the newest `windowMs` on whole steps. It ends at the step before `nowMs` and always has as many steps,
 * wherever between two of them `nowMs` lies.
 */
export function newestRequest(
  targets: FrameRequest['targets'],
  { windowMs, stepMs, nowMs }: { windowMs: number; stepMs: number; nowMs: number },
): FrameRequest {
  const toMs = stepAt(nowMs, stepMs);
  return { targets, fromMs: toMs - stepsIn(windowMs, stepMs) * stepMs, toMs, stepMs };
}

/** Values on an axis from points in any order; a point off the axis goes to the step it is nearest to, what has none is NaN. */
export function alignPoints(
  timestamps: Float64Array,
  stepMs: number,
  points: Iterable<readonly [atMs: number, value: number]>,
): Float64Array {
  const values = new Float64Array(timestamps.length).fill(NaN);
  const first = timestamps[0];
  if (first === undefined) return values;
  for (const [at, value] of points) {
    const index = Math.round((at - first) / stepMs);
    // An infinity (a rate over nothing) is no measurement: a gap, not a spike.
    if (index >= 0 && index < values.length && Number.isFinite(value)) values[index] = value;
  }
  return values;
}

/** The frame with only the nodes that have a sample in its newest steps; unchanged if none has. */
export function withoutSilentNodes(frame: MetricFrame, steps = frame.timestamps.length): MetricFrame {
  const spoke = ({ values }: MetricSeries): boolean => values.subarray(-steps).some((value) => !Number.isNaN(value));
  const heard = new Set(frame.series.filter(spoke).map(({ node }) => node));
  if (heard.size === 0 || heard.size === frame.nodes.length) return frame;
  return {
    ...frame,
    nodes: frame.nodes.filter((node) => heard.has(node)),
    series: frame.series.filter(({ node }) => heard.has(node)),
  };
}

/** True when no series of the frame has a single sample. */
export function isEmptyFrame(frame: MetricFrame): boolean {
  return frame.series.every((series) => series.values.every((value) => Number.isNaN(value)));
}
