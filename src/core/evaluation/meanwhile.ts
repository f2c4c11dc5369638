import type { Log } from '../base/log';
import type { AnomalyScorer } from '../diagnosis/scorer';
import type { Diagnosis, RankSeries } from '../diagnosis/types';
import type { PastDiagnosis } from './pastDiagnosis';
import type { MetricFrame } from '../metrics/series';
import { analyseAll } from '../monitoring/lookFrames';

/** What metrics and diagnosis say of a time that is over; undefined where it cannot be had any more. */
export interface Meanwhile {
  frame: MetricFrame | undefined;
  ranks: RankSeries | undefined;
  /** The diagnosis of each moment that was asked for. */
  diagnoses: readonly (Diagnosis | undefined)[];
}

/** Where that comes from. */
export interface MeanwhileSources {
  past: Pick<PastDiagnosis, 'at' | 'frame' | 'windowMs'>;
  scorer: AnomalyScorer;
  log: Log;
}

/** The result of some work for a report, undefined where it fails or is aborted: what was gathered before is kept. */
export async function attempt<T>(
  what: string,
  work: Promise<T>,
  log: Log,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!signal.aborted) log.warn(`the report has no ${what}: ${String(error)}`);
    return undefined;
  }
}

/** The diagnosis of each of these moments, asked for once where several are the same; undefined where it cannot be had. */
export async function diagnosesAt(
  moments: readonly number[],
  { past, log }: { past: Pick<PastDiagnosis, 'at'>; log: Log },
  signal: AbortSignal,
): Promise<(Diagnosis | undefined)[]> {
  const answers = new Map<number, Diagnosis | undefined>();
  for (const at of new Set(moments))
    answers.set(at, (await attempt('diagnosis', past.at(at, signal), log, signal))?.diagnosis);
  return moments.map((at) => answers.get(at));
}

/** What every report tells of the time of a fault: metrics, anomaly scores, and the diagnoses of some moments. */
export async function gatherMeanwhile(
  { fromMs, toMs, moments }: { fromMs: number; toMs: number; moments: readonly number[] },
  { past, scorer, log }: MeanwhileSources,
  signal: AbortSignal,
): Promise<Meanwhile> {
  const frame = await attempt('metrics', past.frame(fromMs, toMs, signal), log, signal);
  if (!frame) return { frame, ranks: undefined, diagnoses: moments.map(() => undefined) };
  const ranked = { timestamps: frame.timestamps, windowMs: past.windowMs };
  const ranks = (await attempt('ranks', analyseAll(scorer, frame, ranked, signal), log, signal))?.ranks;
  return { frame, ranks, diagnoses: await diagnosesAt(moments, { past, log }, signal) };
}
