import type { RankedMoments } from '../../core/diagnosis/rankSeries';
import type { Recording } from '../../core/learning/recording';
import type { PackedFrame } from './packedFrame';

/** What the host asks its scoring thread. */
export type ScorerCall = { id: number } & (
  | { method: 'analyse'; frame: PackedFrame; ranked: RankedMoments }
  | { method: 'diagnose'; frame: PackedFrame }
  | { method: 'review'; frame: PackedFrame; moments: { at: readonly number[]; windowMs: number } }
  | { method: 'info' }
  /** Fits the model further on recordings and writes the result to a folder, where it is better. */
  | { method: 'train'; recordings: readonly Recording[]; out: string }
  /** Ends another call early. */
  | { method: 'cancel'; call: number }
);

/** What the thread answers: how far a call is, and at last its result or error. */
export type ScorerAnswer =
  { id: number; progress: string } | { id: number; result: unknown } | { id: number; error: string; code: string };

/** What the thread is started with. */
export interface ScorerWorkerData {
  modelDirectory: string;
}
