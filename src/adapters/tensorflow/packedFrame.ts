import type { MetricFrame } from '../../core/metrics/series';

/** A frame in one buffer: handed to another thread it is moved, not copied, whatever its number of series. */
export interface PackedFrame {
  timestamps: Float64Array;
  stepMs: number;
  nodes: readonly string[];
  /** Metric and node of each row. */
  rows: readonly (readonly [metric: string, node: string])[];
  /** Rows × steps, row-major. */
  values: Float64Array;
}

/** Copies a frame into one buffer; the frame's problems stay behind. */
export function packFrame(frame: MetricFrame): PackedFrame {
  const steps = frame.timestamps.length;
  const values = new Float64Array(frame.series.length * steps);
  frame.series.forEach((series, i) => values.set(series.values, i * steps));
  return {
    timestamps: frame.timestamps.slice(),
    stepMs: frame.stepMs,
    nodes: frame.nodes,
    rows: frame.series.map(({ metric, node }) => [metric, node]),
    values,
  };
}

/** The frame again; its series are views of the one buffer. */
export function unpackFrame(packed: PackedFrame): MetricFrame {
  const { timestamps, stepMs, nodes, rows, values } = packed;
  const steps = timestamps.length;
  return {
    timestamps,
    stepMs,
    nodes,
    series: rows.map(([metric, node], i) => ({ metric, node, values: values.subarray(i * steps, (i + 1) * steps) })),
    problems: [],
  };
}

/** What moves with a packed frame. */
export function transferables(packed: PackedFrame): ArrayBuffer[] {
  return [packed.values.buffer as ArrayBuffer, packed.timestamps.buffer as ArrayBuffer];
}
