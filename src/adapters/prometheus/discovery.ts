import type { HttpEndpoint } from '../../core/endpoint';
import { AppError, toAppError } from '../../core/errors';
import type { Log } from '../../core/ports';
import { PrometheusClient } from './client';

/** What authenticates us to a Prometheus that is reached directly. */
export interface PrometheusAuth {
  token?: string;
  username?: string;
  password?: string;
}

/** A service that may be a Prometheus. */
export interface ServiceCandidate {
  namespace: string;
  service: string;
  port: string;
}

/** The part of a cluster's connection that discovery needs. */
export interface ServiceFinder {
  listPrometheusServices(signal?: AbortSignal): Promise<readonly ServiceCandidate[]>;
  serviceProxy(namespace: string, service: string, port: string): HttpEndpoint;
}

export interface ResolveOptions {
  /** The setting; empty = look for a service in the cluster. */
  url: string;
  auth?: PrometheusAuth;
  cluster: ServiceFinder | undefined;
  log: Log;
}

/** A Prometheus at an address; credentials in the address move into its headers. Throws `notConfigured`. */
export function directEndpoint(url: string, auth: PrometheusAuth = {}): HttpEndpoint {
  const parsed = URL.canParse(url.trim()) ? new URL(url.trim()) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new AppError('notConfigured', 'The address of Prometheus is no http or https URL.', {
      hint: 'Correct distdiag.prometheus.url or PROMETHEUS_URL.',
    });
  }
  const username = auth.username ?? decodeURIComponent(parsed.username);
  const password = auth.password ?? decodeURIComponent(parsed.password);
  parsed.username = parsed.password = parsed.search = parsed.hash = '';
  const headers: Record<string, string> = {};
  if (auth.token) headers['Authorization'] = `Bearer ${auth.token}`;
  else if (username !== '')
    headers['Authorization'] = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const baseUrl = parsed.href.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
  return { baseUrl, access: () => Promise.resolve({ headers, agent: undefined }) };
}

/** The setting's address, else the first service of the cluster that answers as a Prometheus. */
export async function resolvePrometheus(options: ResolveOptions, signal?: AbortSignal): Promise<HttpEndpoint> {
  const { url, auth, cluster, log } = options;
  if (url.trim() !== '') return directEndpoint(url, auth);
  const hint = 'Set distdiag.prometheus.url, or PROMETHEUS_URL in the environment.';
  if (!cluster)
    throw new AppError('notConfigured', 'There is no address of a Prometheus and no cluster to look in.', { hint });
  const candidates = await cluster.listPrometheusServices(signal);
  const failures: AppError[] = [];
  for (const { namespace, service, port } of candidates.slice(0, 6)) {
    const endpoint = cluster.serviceProxy(namespace, service, port);
    try {
      await new PrometheusClient({ endpoint, timeoutMs: 5000 }).query('vector(1)', Date.now(), signal);
      log.info(`Prometheus found: service ${namespace}/${service}:${port}`);
      return endpoint;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === 'cancelled') throw error;
      log.debug(`${namespace}/${service}:${port} is not used as Prometheus: ${error.message}`);
      failures.push(error);
    }
  }
  if (failures[0])
    throw new AppError(failures[0].code, `No Prometheus in the cluster answered. ${failures[0].message}`, { hint });
  throw new AppError('notConfigured', 'No service in the cluster looks like a Prometheus.', { hint });
}
