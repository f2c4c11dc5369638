import { windowSteps } from '../diagnosis/stretches';
import type { Diagnosis } from '../diagnosis/types';
import { AppError } from '../base/errors';
import { newestRequest, withoutSilentNodes } from '../metrics/axis';
import type { MetricFrame, MetricProblem } from '../metrics/series';
import type { TargetGateway } from '../cluster/databasePod';
import type { MetricSource } from '../metrics/source';
import type { DatabasePod, TargetQuery } from '../cluster/databasePod';
import { placesUnknown } from '../monitoring/places';
import { untilAborted } from '../time/waiting';
import { withoutDoubt, type DiagnosisSample } from './sample';

/** The detector's answers for moments that are over. */
export interface PastScorer {
  /** Diagnoses the newest window of a frame. */
  diagnose(frame: MetricFrame, signal?: AbortSignal): Promise<Diagnosis>;
  /** Diagnoses a frame as it was at each of these moments, `windowMs` of it at a time; moments that it does not have are left out. */
  review(
    frame: MetricFrame,
    moments: { at: readonly number[]; windowMs: number },
    signal?: AbortSignal,
  ): Promise<DiagnosisSample[]>;
}

/** What a moment of the past looked like. */
export interface PastAnswer {
  diagnosis: Diagnosis;
  /** Pods of now that had no sample then, where it is not known which pods ran in their place. */
  unknown: readonly string[];
  /** What of the metrics was not answered, so that "no anomaly" is not known. */
  problems: readonly MetricProblem[];
}

/** Diagnoses moments that are over, by the same windows as the present. Times are the cluster's. */
export interface PastDiagnosis {
  /** How long before a moment its diagnosis looks back, milliseconds. */
  readonly windowMs: number;
  /** The diagnosis as it was at a moment, on the step before it. */
  at(ms: number, signal?: AbortSignal): Promise<PastAnswer>;
  /** Short diagnoses of several moments, in the order of their time. */
  looks(moments: readonly number[], signal?: AbortSignal): Promise<DiagnosisSample[]>;
  /** The metrics of a stretch, with what a diagnosis at its begin looks back on before it. */
  frame(fromMs: number, toMs: number, signal?: AbortSignal): Promise<MetricFrame>;
}

/** What it needs; how far it looks back and its step are those of the live diagnosis, milliseconds. */
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

/** The nodes are those of then: pods that were seen and are gone since have their place, pods that came later have none. */
export function createPastDiagnosis(options: PastOptions): PastDiagnosis {
  const { targets: gateway, query, metrics, scorer, windowMs, stepMs } = options;
  const fetch = async (
    fromMs: number,
    toMs: number,
    signal: AbortSignal,
  ): Promise<{ frame: MetricFrame; now: readonly DatabasePod[] }> => {
    const now = await untilAborted(gateway.list(query, signal), signal);
    const targets = [...now, ...(gateway.gone?.(query, fromMs - windowMs) ?? [])];
    if (targets.length === 0)
      throw new AppError('notFound', 'There are no database pods to diagnose.', {
        hint: 'Check distdiag.target.namespace and distdiag.target.labelSelector.',
      });
    const request = newestRequest(targets, { windowMs: windowMs + toMs - fromMs, stepMs, nowMs: toMs });
    return { frame: withoutSilentNodes(await untilAborted(metrics.fetch(request, signal), signal)), now };
  };
  return {
    windowMs,
    at: async (ms, signal = never()) => {
      const { frame, now } = await fetch(ms, ms, signal);
      const then = withoutSilentNodes(frame, windowSteps(stepMs));
      const diagnosis = await untilAborted(scorer.diagnose(then, signal), signal);
      return { diagnosis, unknown: placesUnknown(now, then.nodes), problems: frame.problems };
    },
    frame: async (fromMs, toMs, signal = never()) => (await fetch(fromMs, toMs, signal)).frame,
    looks: async (moments, signal = never()) => {
      const found: DiagnosisSample[] = [];
      for (const batch of batches(moments, AT_ONCE, WIDEST_MS)) {
        const { frame } = await fetch(batch[0] as number, batch.at(-1) as number, signal);
        for (const at of batches(batch, SCORED_AT_ONCE))
          found.push(
            ...(await untilAborted(scorer.review(frame, { at, windowMs }, signal), signal)).map((sample) =>
              withoutDoubt(sample, frame.problems),
            ),
          );
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
