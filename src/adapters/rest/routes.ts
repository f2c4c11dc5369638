import { AppError } from '../../core/base/errors';
import { isRecord } from '../../core/base/unknown';
import type { DistDiagApi, StartAnomaly } from '../../../types/index';

/** What the endpoints do, behind every guard. */
export type RestBackend = Omit<DistDiagApi, 'version' | 'activationMs'>;

/** One endpoint: what it answers to a body that is not checked yet. The signal is aborted when the caller leaves. */
export interface Route {
  method: 'GET' | 'POST';
  path: string;
  run(backend: RestBackend, body: unknown, signal: AbortSignal): Promise<unknown>;
}

/** Every endpoint that asks for the token. Those that the FastAPI demo had keep their names. */
export const ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/anomaly/start',
    // Whoever leaves before it is created has nothing injected later; what is created by then stays, and has its end.
    run: (backend, body, signal) =>
      backend.startAnomaly(
        (isRecord(body) && body['signal'] === undefined ? { ...body, signal } : body) as StartAnomaly,
      ),
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
