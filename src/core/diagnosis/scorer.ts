import type { Disposable } from '../base/disposable';
import type { RankedMoments } from './rankSeries';
import type { Diagnosis, RankSeries, ScorerInfo } from './types';
import type { MetricFrame } from '../metrics/series';

/** What a look at a frame gives. */
export interface Analysis {
  /** The rank (0 to 1) of every node and of the cluster at each of the moments. */
  ranks: RankSeries;
  /** Of the newest window of the frame. */
  diagnosis: Diagnosis;
}

/** The diagnosis: a model, or the distance from the baseline where there is none. */
export interface AnomalyScorer extends Disposable {
  /** Ranks moments of a frame, as many as one call has time for (`ranks.pending`), and diagnoses its newest window. */
  analyse(frame: MetricFrame, ranked: RankedMoments, signal?: AbortSignal): Promise<Analysis>;
  /** Who answers: which backend and model, or the fall-back and why. */
  info(): Promise<ScorerInfo>;
}
