import { joined, msg, type Text } from '../../../core/base/text';
import { AppError, toAppError } from '../../../core/base/errors';
import type { HttpEndpoint } from '../../../core/cluster/endpoint';
import type { PrometheusAttempt, PrometheusCandidate, PrometheusCheck } from '../../../core/cluster/prometheusService';
import { isRecord, textOf } from '../../../core/base/unknown';
import { PrometheusClient } from './client';
import { credentialsText, directEndpoint, exactEndpoint } from './direct';
import type { ResolveOptions } from './discovery';
import { of, survey, withTenant } from '../series/survey';

const TIMEOUT_MS = 10_000;
const PATH = '/api/v1/query?query=vector(1)';

/** Tries the way to Prometheus that would be taken, or every one that might be, and says what came back. Rejects only when cancelled. */
export async function checkPrometheus(
  options: Pick<ResolveOptions, 'url' | 'auth' | 'cluster' | 'chosen'> & { timeoutMs?: number },
  signal?: AbortSignal,
): Promise<PrometheusCheck> {
  const { url, auth, cluster, chosen, timeoutMs = TIMEOUT_MS } = options;
  const attempt = (endpoint: HttpEndpoint): Promise<PrometheusAttempt> => tryOnce(endpoint, timeoutMs, signal);
  const source = url.trim() !== '' ? 'address' : chosen ? 'chosen' : 'found';
  const credentials = source === 'address' ? credentialsText(url.trim(), auth) : undefined;
  const result = (attempts: readonly PrometheusAttempt[], problem?: Text): PrometheusCheck => ({
    source,
    credentials,
    attempts,
    problem,
  });
  try {
    if (source === 'address') {
      const exact = exactEndpoint(url, auth);
      const asWritten = exact && (await attempt(exact));
      if (asWritten?.ok) return result([asWritten]);
      const atApi = await attempt(directEndpoint(url, auth));
      return result(atApi.ok || !asWritten ? [atApi] : [asWritten, atApi]);
    }
    if (!cluster)
      throw new AppError('notConfigured', 'No Prometheus address is set, and there is no cluster to search.');
    const tenant = auth?.tenant;
    if (chosen) {
      const endpoint = withTenant(await cluster.chosenService(of(chosen, tenant), signal), tenant);
      return result([await attempt(endpoint)]);
    }
    const services = await cluster.listPrometheusServices(signal);
    const endpoints = services.map((service) => withTenant(cluster.serviceProxy(of(service, tenant)), tenant));
    const attempts = await Promise.all(endpoints.map(attempt));
    return result(attempts, attempts.length === 0 ? 'No service in the cluster looks like a Prometheus.' : undefined);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'cancelled') throw error;
    return result([], joined([error.text, error.hint ?? '']));
  }
}

/** The services to choose from, with what each answered. */
export async function prometheusCandidates(
  options: Pick<ResolveOptions, 'auth' | 'cluster'>,
  signal?: AbortSignal,
): Promise<PrometheusCandidate[]> {
  if (!options.cluster) return [];
  const surveyed = await survey(options.cluster, options.auth?.tenant, signal);
  return surveyed.map(({ service, error, oceanbase, container }) => ({
    service,
    problem: error?.text,
    oceanbase,
    container,
  }));
}

async function tryOnce(
  endpoint: HttpEndpoint,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<PrometheusAttempt> {
  const client = new PrometheusClient({ endpoint, timeoutMs });
  const started = performance.now();
  const done = (ok: boolean, cameBack: Text, next: Text | undefined, version?: string): PrometheusAttempt => ({
    url: `${endpoint.baseUrl}${PATH}`,
    server: endpoint.baseUrl,
    ok,
    version,
    cameBack,
    next,
    ms: Math.round(performance.now() - started),
  });
  try {
    await client.query('vector(1)', Date.now(), signal);
    const version = await client.get('/api/v1/status/buildinfo', {}, signal).then(
      ({ data }) => (isRecord(data) ? textOf(data['version']) : ''),
      () => '',
    );
    return version === ''
      ? done(true, 'It responds.', undefined)
      : done(true, msg`It responds: version ${version}.`, undefined, version);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'cancelled') throw error;
    return done(false, error.text, error.hint);
  }
}
