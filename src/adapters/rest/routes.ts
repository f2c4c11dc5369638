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
    // If the caller disconnects before the creation, nothing is injected; an existing experiment stays until its end.
    run: (backend, body, signal) =>
      backend.startAnomaly(
        (isRecord(body) && body['signal'] === undefined ? { ...body, signal } : body) as StartAnomaly,
      ),
  },
  {
    method: 'POST',
    path: '/api/anomaly/stop',
    run: (backend, body = {}) => {
      // A request for a single experiment must not stop all.
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
