import type { RankedMoments } from '../diagnosis/rankSeries';
import type { UnjudgedNode } from '../diagnosis/types';
import { isEmptyFrame, newestRequest } from '../metrics/axis';
import { cutFrame, indexAt, stepAt, stepsIn } from '../metrics/frameSlice';
import type { FrameRequest, MetricFrame, MetricProblem } from '../metrics/series';
import type { Analysis, AnomalyScorer } from '../diagnosis/scorer';
import type { MetricSource } from '../metrics/source';
import type { DatabasePod } from '../cluster/databasePod';
import { untilAborted } from '../time/waiting';

/** The range and nodes of a refresh; the range ends at `toMs`. All times are milliseconds. */
export interface LookRange {
  windowMs: number;
  stepMs: number;
  toMs: number;
  shown: readonly DatabasePod[];
  /** Pods that are gone, but existed at or after a moment: peers of the shown nodes at that time. */
  gone: (sinceMs: number) => readonly DatabasePod[];
}

/** The window and step of every diagnosis. */
export interface LookBack {
  windowMs: number;
  stepMs: number;
}

/** The frame to show, and the frame to rank its moments by, at the diagnosis's step and including what it looks back on. */
export interface LookFrames {
  shown: MetricFrame;
  ranked: MetricFrame;
  moments: RankedMoments;
}

/**
 * Samples that are asked for at most to rank a range, beyond what the newest window and its look-back take: the begin of
 * a longer range has no rank. Three nodes with all metrics have room for 20 hours.
 */
const MOST_SAMPLES = 500_000;

/** Asks for what a look needs: one question for both frames where they have the same step. `metricCount`: of each node. */
export async function fetchLook(
  metrics: MetricSource,
  range: LookRange,
  back: LookBack,
  metricCount: number,
  signal: AbortSignal,
): Promise<LookFrames> {
  const { shown: targets, gone, windowMs, stepMs, toMs } = range;
  const fetch = (request: FrameRequest): Promise<MetricFrame> => untilAborted(metrics.fetch(request, signal), signal);
  const request = newestRequest(targets, { windowMs, stepMs, nowMs: toMs });
  const steps = stepsIn(back.windowMs, back.stepMs);
  const room = Math.floor(MOST_SAMPLES / Math.max(1, metricCount * targets.length)) - steps;
  const end = stepAt(toMs, back.stepMs);
  const first = Math.max(stepAt(request.fromMs, back.stepMs), end - Math.max(steps, room) * back.stepMs);
  const backTo = first - steps * back.stepMs;
  const looking: FrameRequest = {
    targets: [...targets, ...gone(backTo).filter(({ pod }) => !targets.some((one) => one.pod === pod))],
    fromMs: backTo,
    toMs: end,
    stepMs: back.stepMs,
  };
  const momentsOf = ({ timestamps }: MetricFrame): RankedMoments => ({ timestamps, windowMs: back.windowMs });
  if (stepMs !== back.stepMs) {
    const shown = await fetch(request);
    return { shown, ranked: isEmptyFrame(shown) ? shown : await fetch(looking), moments: momentsOf(shown) };
  }
  const whole = await fetch({ ...looking, fromMs: Math.min(backTo, request.fromMs) });
  const shown = cutFrame(
    ofNodes(whole, new Set(targets.map(({ pod }) => pod))),
    indexAt(whole, request.fromMs),
    Infinity,
  );
  return { shown, ranked: whole, moments: momentsOf(shown) };
}

/** A complete analysis, in several calls if needed: in between, the scorer can answer other requests. */
export async function analyseAll(
  scorer: AnomalyScorer,
  frame: MetricFrame,
  ranked: RankedMoments,
  signal: AbortSignal,
): Promise<Analysis> {
  for (;;) {
    const analysis = await untilAborted(scorer.analyse(frame, ranked, signal), signal);
    if (!analysis.ranks.pending) return analysis;
  }
}

/** The answer if there is nothing to diagnose. */
export const NO_ANSWER = { ranks: undefined, diagnosis: undefined, problems: [] } as const;

/** Problems with the metrics of some nodes of a frame. */
export const problemsOf = ({ problems }: MetricFrame, nodes: ReadonlySet<string>): MetricProblem[] =>
  problems.filter(({ node }) => node === undefined || nodes.has(node));

/** A frame reduced to some of its nodes. */
function ofNodes(frame: MetricFrame, nodes: ReadonlySet<string>): MetricFrame {
  if (frame.nodes.every((node) => nodes.has(node))) return frame;
  return {
    ...frame,
    nodes: frame.nodes.filter((node) => nodes.has(node)),
    series: frame.series.filter(({ node }) => nodes.has(node)),
    problems: problemsOf(frame, nodes),
  };
}

/** An analysis reduced to a frame's nodes, with the nodes that it could not judge. */
export function ofShown(
  { ranks, diagnosis }: Analysis,
  { nodes }: MetricFrame,
  expected: (one: Pick<UnjudgedNode, 'node' | 'why'>) => boolean,
): Pick<Analysis, 'ranks' | 'diagnosis'> {
  const shown = new Set(nodes);
  return {
    ranks: { ...ranks, nodes: ranks.nodes.filter(({ node }) => shown.has(node)) },
    diagnosis: { ...diagnosis, unjudged: diagnosis.unjudged.filter(expected) },
  };
}
