import type { Disposable } from '../base/disposable';
import type { RankedMoments } from './rankSeries';
import type { Diagnosis, RankSeries, ScorerInfo } from './types';
import type { MetricFrame } from '../metrics/series';

/** The result of scoring a frame. */
export interface Analysis {
  /** The rank (0 to 1) of every node and of the cluster at each of the moments. */
  ranks: RankSeries;
  /** Of the newest window of the frame. */
  diagnosis: Diagnosis;
}

/** The diagnosis: by a model, or by the distance from the baseline if there is none. */
export interface AnomalyScorer extends Disposable {
  /** Ranks as many moments of a frame as one call has time for (`ranks.pending`), and diagnoses its newest window. */
  analyse(frame: MetricFrame, ranked: RankedMoments, signal?: AbortSignal): Promise<Analysis>;
  /** Which backend and model answer, or why the fall-back does. */
  info(): Promise<ScorerInfo>;
}
