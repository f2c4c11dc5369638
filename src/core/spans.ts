import type { Experiment } from './experiment';
import { derivePhase, holdsFault } from './experimentPhase';
import type { ExperimentSpan } from './monitorState';

/** When an experiment acted, as its object tells it; undefined when it never hit anything. */
export function toSpan(experiment: Experiment, nowMs: number): ExperimentSpan | undefined {
  const hit = experiment.targets.filter((target) => target.injectedCount > 0 || holdsFault(target));
  const fromMs = experiment.injectedAt ?? (hit.length > 0 ? experiment.createdAt : undefined);
  if (fromMs === undefined || fromMs <= 0) return undefined;
  const { phase } = derivePhase(experiment, nowMs);
  const held = experiment.targets.some((target) => holdsFault(target) && !target.lost);
  return {
    key: experiment.key,
    ref: experiment.ref,
    label: experiment.anomaly ?? experiment.ref.kind,
    ours: experiment.ours,
    nodes: [...new Set(hit.map((target) => target.pod))],
    fromMs,
    toMs:
      held && phase !== 'finished' ? undefined : (experiment.recoveredAt ?? (phase === 'finished' ? fromMs : nowMs)),
    phase,
  };
}

/**
 * The spans after a new list of experiments. An experiment that is no longer listed keeps its span for the session: it
 * ends when its targets were recovered, else when it was seen to be gone. The oldest are let go beyond `keep`.
 */
export function updateSpans(
  previous: readonly ExperimentSpan[],
  experiments: readonly Experiment[],
  nowMs: number,
  keep = 200,
): ExperimentSpan[] {
  const spans = new Map(previous.map((span) => [span.key, span]));
  const listed = new Set(experiments.map((experiment) => experiment.key));
  for (const span of previous) {
    if (!listed.has(span.key) && (span.toMs === undefined || span.phase !== 'finished')) {
      spans.set(span.key, { ...span, toMs: span.toMs ?? nowMs, phase: 'finished' });
    }
  }
  for (const experiment of experiments) {
    const span = toSpan(experiment, nowMs);
    if (!span) continue;
    const before = spans.get(span.key);
    // Without a date of recovery the end is the moment it was first seen to have ended.
    const toMs =
      span.toMs !== undefined && experiment.recoveredAt === undefined ? (before?.toMs ?? span.toMs) : span.toMs;
    spans.set(span.key, { ...span, toMs });
  }
  return [...spans.values()].sort((a, b) => a.fromMs - b.fromMs).slice(-keep);
}

/** Those that ended within a window: they act no more, but what they did is in its data. */
export function endedWithin<T extends { fromMs: number; toMs: number | undefined }>(
  spans: readonly T[],
  fromMs: number,
  toMs: number,
): (T & { toMs: number })[] {
  return spans.filter(
    (span): span is T & { toMs: number } => span.toMs !== undefined && span.toMs >= fromMs && span.fromMs <= toMs,
  );
}
