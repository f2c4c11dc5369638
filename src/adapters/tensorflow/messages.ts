import type { DiagnosisRequest } from '../../core/diagnosis/types';
import type { MetricFrame } from '../../core/metrics/series';

/** What the host asks its scoring thread. */
export type ScorerCall = { id: number } & (
  { method: 'diagnose'; request: DiagnosisRequest } | { method: 'ranks'; frame: MetricFrame } | { method: 'info' }
);

/** What the thread answers. */
export type ScorerAnswer = { id: number; result: unknown } | { id: number; error: string };

/** What the thread is started with. */
export interface ScorerWorkerData {
  modelDirectory: string;
}
