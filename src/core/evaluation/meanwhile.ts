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
  /** The diagnosis of each fault that was asked for. */
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

/** A fault of which a report tells what the diagnosis said. */
export interface DiagnosedFault {
  type: string;
  nodes: readonly string[];
  /** When it was named first, or else was looked at. */
  atMs: number;
  /** Until when evidence is looked for, where there was none yet. */
  toMs: number;
}

/** A diagnosis may name a fault before any metric speaks for it: later ones are asked this far apart, and not many. */
const EVIDENCE_EVERY_MS = 10_000;
const MOST_TRIES = 6;

/**
 * The diagnosis of each of these faults: the first that has evidence for it, else the first; undefined where it cannot be
 * had. A moment is asked for once, however many faults share it.
 */
export async function diagnosesOf(
  faults: readonly DiagnosedFault[],
  { past, log }: { past: Pick<PastDiagnosis, 'at'>; log: Log },
  signal: AbortSignal,
): Promise<(Diagnosis | undefined)[]> {
  const answers = new Map<number, Promise<Diagnosis | undefined>>();
  const at = (ms: number): Promise<Diagnosis | undefined> => {
    const known = answers.get(ms);
    if (known) return known;
    const asked = attempt('diagnosis', past.at(ms, signal), log, signal).then((answer) => answer?.diagnosis);
    answers.set(ms, asked);
    return asked;
  };
  const found: (Diagnosis | undefined)[] = [];
  for (const { type, nodes, atMs, toMs } of faults) {
    const told = await at(atMs);
    const named = (one: Diagnosis | undefined): Diagnosis['ranking'] =>
      one?.ranking.filter((pair) => pair.named && pair.type === type && nodes.includes(pair.node)) ?? [];
    const speaks = (one: Diagnosis | undefined): boolean => named(one).some(({ reasons }) => reasons.length > 0);
    let best = told;
    for (let i = 1; i < MOST_TRIES && named(told).length > 0 && !speaks(best) && !signal.aborted; i++) {
      const later = atMs + i * EVIDENCE_EVERY_MS;
      if (later > toMs) break;
      const next = await at(later);
      if (speaks(next)) best = next;
    }
    found.push(best);
  }
  return found;
}

/** What every report tells of the time of a fault: metrics, anomaly scores, and the diagnoses of some moments. */
export async function gatherMeanwhile(
  { fromMs, toMs, faults }: { fromMs: number; toMs: number; faults: readonly DiagnosedFault[] },
  { past, scorer, log }: MeanwhileSources,
  signal: AbortSignal,
): Promise<Meanwhile> {
  const frame = await attempt('metrics', past.frame(fromMs, toMs, signal), log, signal);
  if (!frame) return { frame, ranks: undefined, diagnoses: faults.map(() => undefined) };
  const ranked = { timestamps: frame.timestamps, windowMs: past.windowMs };
  const ranks = (await attempt('ranks', analyseAll(scorer, frame, ranked, signal), log, signal))?.ranks;
  return { frame, ranks, diagnoses: await diagnosesOf(faults, { past, log }, signal) };
}
