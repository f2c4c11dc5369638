import { AppError } from '../../core/errors';
import { isRecord } from '../../core/unknown';
import type {
  DiagnosisAnswer,
  ListedExperiment,
  MetricsRow,
  RanksRow,
  StartAnomaly,
  StartedAnomaly,
} from '../../../types/index';

/** What the endpoints do, behind every guard. */
export interface RestBackend {
  startAnomaly(request: StartAnomaly): Promise<StartedAnomaly>;
  stopAllAnomalies(): Promise<{ stopped: number; failed: number }>;
  listExperiments(): Promise<ListedExperiment[]>;
  getMetrics(): Promise<MetricsRow[]>;
  getAnomalyRanks(): Promise<RanksRow[]>;
  diagnose(): Promise<DiagnosisAnswer>;
}

/** One endpoint: what it answers to a body that is not checked yet. */
export interface Route {
  method: 'GET' | 'POST';
  path: string;
  run(backend: RestBackend, body: unknown): Promise<unknown>;
}

/** Every endpoint that asks for the token. Those of the first system have its names. */
export const ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/anomaly/start',
    // Left by the caller, the wait goes on: an injection is not half done.
    run: (backend, body) => backend.startAnomaly(body as StartAnomaly),
  },
  {
    method: 'POST',
    path: '/api/anomaly/stop',
    run: (backend, body = {}) => {
      // Whoever asks for one only must not have all stopped.
      if (!isRecord(body) || Object.keys(body).length > 0)
        throw new AppError('invalid', 'Everything of ours is stopped: the body must be empty.');
      return backend.stopAllAnomalies();
    },
  },
  { method: 'GET', path: '/api/anomaly/ranks', run: (backend) => backend.getAnomalyRanks() },
  { method: 'GET', path: '/api/metrics', run: (backend) => backend.getMetrics() },
  { method: 'GET', path: '/api/diagnosis', run: (backend) => backend.diagnose() },
  { method: 'GET', path: '/api/experiments', run: (backend) => backend.listExperiments() },
];
