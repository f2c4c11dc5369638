import { joined, msg, type Text } from '../../../core/base/text';
import type { HttpEndpoint } from '../../../core/cluster/endpoint';
import { AppError, toAppError } from '../../../core/base/errors';
import type { Log } from '../../../core/base/log';
import { serviceName, type PrometheusService } from '../../../core/cluster/prometheusService';
import { PrometheusClient } from './client';
import { directEndpoint, exactEndpoint, type PrometheusAuth } from './direct';
import { of, survey, withTenant, type ServiceFinder } from '../series/survey';

/** Where a Prometheus may be found. */
export interface ResolveOptions {
  /** The setting; empty = look for a service in the cluster. */
  url: string;
  auth?: PrometheusAuth;
  cluster: ServiceFinder | undefined;
  /** The service that the user chose of several, for this cluster. */
  chosen?: PrometheusService | undefined;
  /** Several services answer, nothing was chosen, and this one is used. */
  onSeveral?: (answering: readonly PrometheusService[]) => void;
  /** A service of the cluster is used. */
  onUse?: (service: PrometheusService) => void;
  log: Log;
}

/** The setting's address, else the service that the user chose, else the best one of the cluster that answers. */
export async function resolvePrometheus(options: ResolveOptions, signal?: AbortSignal): Promise<HttpEndpoint> {
  const { url, auth, cluster, chosen, onSeveral, onUse, log } = options;
  if (url.trim() !== '') return addressed(url, auth, signal);
  const hint: Text = 'Set distdiag.prometheus.url, or PROMETHEUS_URL in the environment.';
  if (!cluster)
    throw new AppError('notConfigured', 'No Prometheus address is set, and there is no cluster to search.', { hint });
  const tenant = auth?.tenant;
  if (chosen) {
    onUse?.(chosen);
    return withTenant(await cluster.chosenService(of(chosen, tenant), signal), tenant);
  }
  const surveyed = await survey(cluster, tenant, signal);
  for (const { service, error } of surveyed)
    if (error) log.debug(`${serviceName(service)} is not used as Prometheus: ${error.message}`);
  const answering = surveyed.filter(({ error }) => error === undefined);
  const [best] = answering;
  if (best) {
    log.info(`Prometheus found: service ${serviceName(best.service)}`);
    onUse?.(best.service);
    if (answering.length > 1) onSeveral?.(answering.map(({ service }) => service));
    return best.endpoint;
  }
  const failure = surveyed[0]?.error;
  if (failure) {
    const look: Text = 'Run DistDiag: Check Prometheus to see each address that was tried.';
    throw new AppError(failure.code, msg`No Prometheus in the cluster responded. ${failure.text}`, {
      hint: joined([failure.hint ?? hint, look]),
    });
  }
  throw new AppError('notConfigured', 'No service in the cluster looks like a Prometheus.', { hint });
}

const TIMEOUT_MS = 5000;

/** The address of the settings; of a page of a web interface that of its API, unless there is an API below the page's path. */
async function addressed(url: string, auth: PrometheusAuth | undefined, signal?: AbortSignal): Promise<HttpEndpoint> {
  const exact = exactEndpoint(url, auth);
  if (!exact) return directEndpoint(url, auth);
  try {
    await new PrometheusClient({ endpoint: exact, timeoutMs: TIMEOUT_MS }).query('vector(1)', Date.now(), signal);
    return exact;
  } catch (thrown) {
    const { code } = toAppError(thrown);
    if (code === 'cancelled') throw thrown;
    return code === 'notFound' || code === 'badAnswer' || code === 'invalid' ? directEndpoint(url, auth) : exact;
  }
}
