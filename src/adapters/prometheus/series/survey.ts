import type { HttpEndpoint } from '../../../core/cluster/endpoint';
import { toAppError, type AppError } from '../../../core/base/errors';
import type { PrometheusService } from '../../../core/cluster/prometheusService';
import { urlPart } from '../../../core/base/urlPart';
import { PrometheusClient } from '../connection/client';
import { tenantHeader } from '../connection/direct';

/** The part of a cluster's connection that discovery needs. */
export interface ServiceFinder {
  listPrometheusServices(signal?: AbortSignal): Promise<readonly PrometheusService[]>;
  serviceProxy(service: PrometheusService): HttpEndpoint;
  chosenService(service: PrometheusService, signal?: AbortSignal): Promise<HttpEndpoint>;
}

/** A service and what it answered. */
export interface Surveyed {
  service: PrometheusService;
  endpoint: HttpEndpoint;
  error: AppError | undefined;
  oceanbase: boolean;
  container: boolean;
}

const TIMEOUT_MS = 5000;
/** More services than these look like Prometheus nowhere. */
const MOST = 12;

/** Asks every service that looks like Prometheus; those that answer first, of them those with our metrics. */
export async function survey(
  cluster: ServiceFinder,
  tenant: string | undefined,
  signal?: AbortSignal,
): Promise<Surveyed[]> {
  const services = await cluster.listPrometheusServices(signal);
  const asked = await Promise.all(
    services
      .slice(0, MOST)
      .map((service) => askOne(service, withTenant(cluster.serviceProxy(of(service, tenant)), tenant), signal)),
  );
  const worth = ({ error, oceanbase, container }: Surveyed): number =>
    (error ? 0 : 4) + (oceanbase ? 2 : 0) + (container ? 1 : 0);
  return asked.sort((a, b) => worth(b) - worth(a)); // stable: of equals the likelier stays first
}

/** VictoriaMetrics' cluster has its tenant in the path. */
export const of = (service: PrometheusService, tenant: string | undefined): PrometheusService =>
  tenant && service.flavour === 'victoriametrics' && service.path
    ? { ...service, path: service.path.replace('/select/0/', `/select/${urlPart(tenant)}/`) }
    : service;

/** Asks for a tenant behind the proxy as well. */
export function withTenant(endpoint: HttpEndpoint, tenant: string | undefined): HttpEndpoint {
  if (!tenant) return endpoint;
  return {
    baseUrl: endpoint.baseUrl,
    access: async () => {
      const { headers, agent } = await endpoint.access();
      return { headers: { ...headers, ...tenantHeader(tenant) }, agent };
    },
  };
}

async function askOne(service: PrometheusService, endpoint: HttpEndpoint, signal?: AbortSignal): Promise<Surveyed> {
  const client = new PrometheusClient({ endpoint, timeoutMs: TIMEOUT_MS });
  const has = async (name: string): Promise<boolean> => {
    const { data } = await client.query(`count(${name})`, Date.now(), signal);
    return data.some(({ points }) => points.some(([, value]) => value > 0));
  };
  try {
    await client.query('vector(1)', Date.now(), signal);
    const [oceanbase, container] = await Promise.all(
      ['ob_sysstat', 'container_cpu_usage_seconds_total'].map((name) => has(name).catch(() => false)),
    );
    return { service, endpoint, error: undefined, oceanbase: oceanbase === true, container: container === true };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'cancelled') throw error;
    return { service, endpoint, error, oceanbase: false, container: false };
  }
}
