import { isAnomalyType } from '../faults/catalogue';
import { MIN_BASELINE } from '../diagnosis/features';
import { windowSteps } from '../diagnosis/stretches';
import type { MetricId } from '../metrics/catalogue';
import type { MetricFrame } from '../metrics/series';
import type { ExperimentSpan } from '../experiments/spans';

/** One node's metrics around an experiment, in the columns of the public data sets' runs. */
export interface RecordedRun {
  id: string;
  /** Anomaly types that acted on this node; empty = none. */
  types: readonly string[];
  /** Length of every column. */
  rows: number;
  /** Rows in which an anomaly acted somewhere in the cluster: from (inclusive), to (exclusive). */
  abnormal: readonly [number, number];
  /** The rows that a schedule of faults calls its own, also where nothing acted in them: a quiet slot. */
  fault?: readonly [number, number];
  /** Columns by metric; null = no sample. */
  metrics: Readonly<Record<MetricId, readonly (number | null)[]>>;
}

/** What a cluster's nodes showed around one experiment: a labelled example. Names no cluster, address or user. */
export interface Recording {
  format: 'distdiag-recording/1';
  /** Stable per experiment. */
  id: string;
  /** Epoch milliseconds of the first row. */
  fromMs: number;
  stepMs: number;
  types: readonly string[];
  runs: readonly RecordedRun[];
}

/** How long before an experiment its baseline begins, milliseconds. */
const RECORD_BEFORE_MS = 15 * 60_000;
/** After another experiment this long is not taken for normal. */
const SETTLE_MS = 2 * 60_000;

/** The stretch that a recording of a span should cover, given the other spans; undefined with the reason why there is none. */
export function recordingRange(
  span: ExperimentSpan,
  spans: readonly ExperimentSpan[],
  stepMs: number,
): { fromMs: number; toMs: number } | { refused: string } {
  if (span.toMs === undefined) return { refused: 'it still acts' };
  if (!isAnomalyType(span.label)) return { refused: `"${span.label}" is no anomaly type that is learned` };
  const { fromMs: begin, toMs: end } = span;
  let fromMs = begin - RECORD_BEFORE_MS;
  for (const other of spans) {
    if (other.key === span.key) continue;
    const otherEnd = other.toMs ?? Infinity;
    if (other.fromMs < end && otherEnd > begin) {
      if (!isAnomalyType(other.label) || !sameTime(span, other))
        return { refused: 'another experiment acted beside it' };
    } else if (otherEnd <= begin) fromMs = Math.max(fromMs, otherEnd + SETTLE_MS);
  }
  if (end - begin < windowSteps(stepMs) * stepMs) return { refused: 'it was too short' };
  if (begin - fromMs < (MIN_BASELINE + 2) * stepMs) return { refused: 'there is no quiet stretch before it' };
  return { fromMs, toMs: end };
}

/** Both act for nearly the same time: one compound anomaly. */
function sameTime(a: ExperimentSpan, b: ExperimentSpan): boolean {
  const end = (span: ExperimentSpan): number => span.toMs ?? Infinity;
  const shared = Math.min(end(a), end(b)) - Math.max(a.fromMs, b.fromMs);
  return shared >= 0.8 * Math.max(end(a) - a.fromMs, end(b) - b.fromMs);
}

/** The recording of a span from the frame of its range; undefined when the frame does not hold enough of it. */
export function toRecording(
  span: ExperimentSpan,
  spans: readonly ExperimentSpan[],
  frame: MetricFrame,
): Recording | undefined {
  const { timestamps, stepMs, nodes } = frame;
  const acting = spans.filter((other) => other.key === span.key || (other.toMs !== undefined && sameTime(span, other)));
  const first = timestamps.findIndex((at) => at >= span.fromMs);
  const last = timestamps.findLastIndex((at) => at <= (span.toMs ?? Infinity));
  if (first < MIN_BASELINE || last - first + 1 < windowSteps(stepMs)) return undefined;
  const runs = nodes.map((node): RecordedRun => {
    const types = [...new Set(acting.filter((one) => one.nodes.includes(node)).map(({ label }) => label))];
    const columns = frame.series
      .filter((series) => series.node === node && series.values.some(Number.isFinite))
      .map((series) => [series.metric, Array.from(series.values, column)] as const);
    return {
      id: node,
      types,
      rows: timestamps.length,
      abnormal: [first, last + 1],
      metrics: Object.fromEntries(columns),
    };
  });
  if (runs.every((run) => run.types.length === 0) || runs.every((run) => Object.keys(run.metrics).length === 0))
    return undefined;
  return {
    format: 'distdiag-recording/1',
    id: recordingId(span),
    fromMs: timestamps[0] as number,
    stepMs,
    types: [...new Set(runs.flatMap((run) => run.types))],
    runs,
  };
}

const column = (value: number): number | null => (Number.isFinite(value) ? Number(value.toPrecision(7)) : null);

/** A name for a span's recording that is fit for a file. */
export function recordingId(span: Pick<ExperimentSpan, 'ref'>): string {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  return `${plain(span.ref.name).slice(0, 60)}-${plain(span.ref.uid ?? span.ref.namespace).slice(0, 36)}`;
}

/** Recorded experiments on disk, bounded in size. Throws AppError only. */
export interface RecordingStore {
  has(id: string): Promise<boolean>;
  /** Replaces a recording of the same id; lets the oldest go beyond the bound. */
  save(recording: Recording): Promise<void>;
  /** All that can be read, oldest first; damaged files are passed over. */
  all(): Promise<Recording[]>;
}
