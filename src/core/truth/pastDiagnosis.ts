import type { Diagnosis } from '../diagnosis/types';
import { AppError } from '../errors';
import { newestRequest } from '../metrics/axis';
import type { MetricFrame } from '../metrics/series';
import type { MetricSource, TargetGateway } from '../ports';
import type { TargetQuery } from '../target';
import { untilAborted } from '../waiting';
import type { DiagnosisLook } from './look';

/** The detector's answers for moments that are over. */
export interface PastScorer {
  /** Diagnoses the newest window of a frame. */
  diagnose(frame: MetricFrame, signal?: AbortSignal): Promise<Diagnosis>;
  /** Diagnoses a frame as it was at each of these moments, `windowMs` of it at a time; moments that it does not have are left out. */
  review(
    frame: MetricFrame,
    moments: { at: readonly number[]; windowMs: number },
    signal?: AbortSignal,
  ): Promise<DiagnosisLook[]>;
}

/** Diagnoses moments that are over, by the same windows as the present. Times are the cluster's. */
export interface PastDiagnosis {
  /** The diagnosis as it was at a moment, on the step before it. */
  at(ms: number, signal?: AbortSignal): Promise<Diagnosis>;
  /** Short diagnoses of several moments, in the order of their time. */
  looks(moments: readonly number[], signal?: AbortSignal): Promise<DiagnosisLook[]>;
  /** The metrics of a stretch, with what a diagnosis at its begin looks back on before it. */
  frame(fromMs: number, toMs: number, signal?: AbortSignal): Promise<MetricFrame>;
}

/** What it needs; window and step are those of the live diagnosis, milliseconds. */
export interface PastOptions {
  targets: TargetGateway;
  query: TargetQuery;
  metrics: MetricSource;
  scorer: PastScorer;
  windowMs: number;
  stepMs: number;
}

/** Moments that one question to Prometheus covers, so that its answer stays small. */
const AT_ONCE = 120;
/** The longest stretch of such a question. */
const WIDEST_MS = 2 * 3_600_000;
/** Moments for which the scoring thread is held at a time: a live look must not wait long behind them. */
const SCORED_AT_ONCE = 20;

const never = (): AbortSignal => new AbortController().signal;

/** The nodes are those of now: one that is gone has no place in the answer. */
export function createPastDiagnosis(options: PastOptions): PastDiagnosis {
  const { targets: gateway, query, metrics, scorer, windowMs, stepMs } = options;
  const fetch = async (fromMs: number, toMs: number, signal: AbortSignal): Promise<MetricFrame> => {
    const targets = await untilAborted(gateway.list(query, signal), signal);
    if (targets.length === 0)
      throw new AppError('notFound', 'No pod of the database is there to diagnose.', {
        hint: 'Correct distdiag.target.namespace or distdiag.target.labelSelector.',
      });
    const request = newestRequest(targets, { windowMs: windowMs + toMs - fromMs, stepMs, nowMs: toMs });
    return untilAborted(metrics.fetch(request, signal), signal);
  };
  return {
    at: async (ms, signal = never()) => untilAborted(scorer.diagnose(await fetch(ms, ms, signal), signal), signal),
    frame: (fromMs, toMs, signal = never()) => fetch(fromMs, toMs, signal),
    looks: async (moments, signal = never()) => {
      const found: DiagnosisLook[] = [];
      for (const batch of batches(moments, AT_ONCE, WIDEST_MS)) {
        const frame = await fetch(batch[0] as number, batch.at(-1) as number, signal);
        for (const at of batches(batch, SCORED_AT_ONCE))
          found.push(...(await untilAborted(scorer.review(frame, { at, windowMs }, signal), signal)));
      }
      return found;
    },
  };
}

/** Ascending values in lists of at most `most`, none of which spans more than `widest`. */
function batches(values: readonly number[], most: number, widest = Infinity): number[][] {
  const result: number[][] = [];
  for (const value of [...values].sort((a, b) => a - b)) {
    const last = result.at(-1);
    if (last && last.length < most && value - (last[0] as number) <= widest) last.push(value);
    else result.push([value]);
  }
  return result;
}
