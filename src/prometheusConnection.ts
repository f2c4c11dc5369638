import type { KubernetesConnection } from './adapters/kubernetes/index';
import type { ResolveOptions } from './adapters/prometheus/index';
import type { AccessScope } from './core/cluster/access';
import { isReadable } from './core/cluster/connection';
import type { HttpEndpoint } from './core/cluster/endpoint';
import type { Log } from './core/base/log';
import { serviceName, type PrometheusAccess, type PrometheusService } from './core/cluster/prometheusService';
import type { Config } from './ui/session/config';

/** A cluster, by what the user calls it. */
interface Where {
  context: string;
  server: string;
}

/** What the way to Prometheus needs of the extension. */
export interface PrometheusParts {
  log: Log;
  /** What lets us in at a Prometheus of this address, from secret storage. */
  prometheusCredential: (
    url: string,
  ) => Promise<{ token: string } | { username: string; password: string } | undefined>;
  /** Which of the cluster's services the user chose as Prometheus. */
  prometheusChoice: (where: Where) => PrometheusService | undefined;
  /** What lets us in is sent to this address, and whoever is on the way can read it. */
  onReadableCredential: (address: string) => void;
  /** Several of them answer, the first of which is used. */
  onSeveralPrometheus: (where: Where, answering: readonly PrometheusService[]) => void;
}

/** The way to one session's Prometheus. */
export interface PrometheusConnection {
  resolve: (signal?: AbortSignal) => Promise<HttpEndpoint>;
  access: PrometheusAccess;
  /** What the user must be allowed for it, as far as is known. */
  scope: () => AccessScope['prometheus'];
}

/** By the settings, the secrets, the user's choice and the cluster. */
export function prometheusConnection(
  { log, prometheusCredential, prometheusChoice, onReadableCredential, onSeveralPrometheus }: PrometheusParts,
  config: Config,
  connection: KubernetesConnection,
  prometheus: typeof import('./adapters/prometheus/index'),
): PrometheusConnection {
  const { prometheusUrl: url, prometheusTls: tls, prometheusTenant: tenant } = config;
  let used = url === '' ? prometheusChoice(connection) : undefined;
  const options = async (): Promise<ResolveOptions> => {
    // Only the server that the address names is shown a secret or our certificate.
    const credential = url === '' ? undefined : await prometheusCredential(url);
    if (isReadable(url) && prometheus.credentialsText(url, credential)) onReadableCredential(url);
    return {
      url,
      auth: { tenant, ...(url === '' ? {} : { tls, ...credential }) },
      cluster: connection,
      chosen: prometheusChoice(connection),
      onSeveral: (answering) => onSeveralPrometheus(connection, answering),
      onUse: (service) => (used = service),
      log,
    };
  };
  return {
    resolve: async (signal) => prometheus.resolvePrometheus(await options(), signal),
    access: {
      candidates: async (signal) => prometheus.prometheusCandidates(await options(), signal),
      check: async (signal) => prometheus.checkPrometheus(await options(), signal),
      used: () => (used ? serviceName(used) : undefined),
    },
    scope: () => {
      if (url !== '') return undefined;
      if (!used) return 'unknown';
      return { namespace: used.namespace, resource: used.pod === undefined ? 'services/proxy' : 'pods/proxy' };
    },
  };
}
