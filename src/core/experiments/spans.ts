import type { Experiment } from './experiment';
import { derivePhase, holdsFault } from './phase';
import { continuedBy } from './labels';

import { remoteClusterOf } from './remoteClusters';
import type { ExperimentPhase, ExperimentRef } from './experiment';

/**
 * When an experiment acted, as its object tells it; undefined when it never hit anything, and where it acts in another
 * cluster: the metrics and the diagnosis are those of this one.
 */
export function toSpan(experiment: Experiment, nowMs: number): ExperimentSpan | undefined {
  if (remoteClusterOf(experiment.object) !== undefined) return undefined;
  const hit = experiment.targets.filter((target) => target.injectedCount > 0 || holdsFault(target));
  const fromMs = experiment.injectedAt ?? (hit.length > 0 ? experiment.createdAt : undefined);
  if (fromMs === undefined || fromMs <= 0) return undefined;
  const { phase } = derivePhase(experiment, nowMs);
  const held = experiment.targets.some((target) => holdsFault(target) && !target.lost);
  return {
    key: experiment.key,
    ref: experiment.ref,
    label: experiment.fault ?? experiment.ref.kind,
    ours: experiment.ours,
    nodes: [...new Set(hit.map((target) => target.pod))],
    fromMs,
    toMs:
      held && phase !== 'finished' ? undefined : (experiment.recoveredAt ?? (phase === 'finished' ? fromMs : nowMs)),
    phase,
    ...continuing(experiment),
  };
}

/** The part of a span that names what it extends. */
export function continuing({ object }: Pick<Experiment, 'object'>): Pick<ExperimentSpan, 'continues'> {
  const continues = continuedBy(object);
  return continues === undefined ? {} : { continues };
}

/**
 * The spans after a new list of experiments. An experiment that is no longer listed keeps its span for the session: it
 * ends when its targets were recovered, else when it was seen to be gone, which not every list can tell. The oldest are
 * let go beyond `keep`.
 */
export function updateSpans(
  previous: readonly ExperimentSpan[],
  experiments: readonly Experiment[],
  nowMs: number,
  keep = 200,
  isGone: (span: ExperimentSpan) => boolean = () => true,
): ExperimentSpan[] {
  const spans = new Map(previous.map((span) => [span.key, span]));
  const listed = new Set(experiments.map((experiment) => experiment.key));
  for (const span of previous) {
    if (!listed.has(span.key) && (span.toMs === undefined || span.phase !== 'finished') && isGone(span)) {
      spans.set(span.key, { ...span, toMs: span.toMs ?? nowMs, phase: 'finished' });
    }
  }
  for (const experiment of experiments) {
    const span = toSpan(experiment, nowMs);
    if (!span) continue;
    const before = spans.get(span.key);
    // Without a recovery date, the end is when it was first seen to have ended.
    const toMs =
      span.toMs !== undefined && experiment.recoveredAt === undefined ? (before?.toMs ?? span.toMs) : span.toMs;
    spans.set(span.key, { ...span, toMs });
  }
  return [...spans.values()].sort((a, b) => a.fromMs - b.fromMs).slice(-keep);
}

type Times = { fromMs: number; toMs: number | undefined };

/**
 * Those that have ended and are in a window's data all the same. `knownMs`: the moment that is spoken of, which is later
 * than the window's end where that is the newest; what ended after it is not told.
 */
export function endedWithin<T extends Times>(
  spans: readonly T[],
  { from, at }: { from: number; at: number },
  knownMs = at,
): (T & { toMs: number })[] {
  return spans.filter(
    (span): span is T & { toMs: number } =>
      span.toMs !== undefined && span.toMs >= from && span.toMs <= knownMs && span.fromMs <= at,
  );
}

/** The spans that were active at a moment and have ended since. */
export function ranAt<T extends Times>(spans: readonly T[], atMs: number): (T & { toMs: number })[] {
  return spans.filter(
    (span): span is T & { toMs: number } => span.toMs !== undefined && span.fromMs <= atMs && span.toMs > atMs,
  );
}

/** When an experiment was active on which nodes: the shading in the charts. Kept after the object is gone. */
export interface ExperimentSpan {
  /** The experiment's key. */
  key: string;
  ref: ExperimentRef;
  /** Anomaly type, else the Chaos Mesh kind. */
  label: string;
  ours: boolean;
  nodes: readonly string[];
  /** Epoch milliseconds; `toMs` undefined = still active. */
  fromMs: number;
  toMs: number | undefined;
  phase: ExperimentPhase;
  /** Name of the experiment that this one extends. */
  continues?: string;
  /** If several are merged into one: those that it extends, oldest first; `fromMs` is then the first one's. */
  earlier?: readonly ExperimentSpan[];
}
