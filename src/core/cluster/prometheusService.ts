import type { Text } from '../base/text';

/** Whose servers speak Prometheus's HTTP API, and what a service of theirs is told by. */
export type PrometheusFlavour =
  | 'prometheus'
  | 'prometheus-operator'
  | 'kube-prometheus-stack'
  | 'oceanbase-dashboard'
  | 'thanos'
  | 'victoriametrics'
  | 'mimir'
  | 'cortex';

/** A service of the cluster behind which Prometheus's HTTP API probably is. */
export interface PrometheusService {
  namespace: string;
  service: string;
  port: string;
  /** Where the service speaks TLS itself. */
  scheme?: 'https';
  /** Before `/api/v1`: `/select/0/prometheus`. */
  path?: string;
  /** Where no port of the service leads to it: the pod that it runs in, asked by its own proxy. */
  pod?: string;
  flavour: PrometheusFlavour;
}

/** What a service answered when it was asked. */
export interface PrometheusCandidate {
  service: PrometheusService;
  /** Why it cannot be used; undefined when it answers. */
  problem: Text | undefined;
  /** Has it metrics of the database, of the containers? */
  oceanbase: boolean;
  container: boolean;
}

/** One address that was tried, what came back, and what to do. */
export interface PrometheusAttempt {
  /** Of the query, without credentials. */
  url: string;
  /** Its address, without credentials. */
  server: string;
  ok: boolean;
  /** Undefined where it did not say. */
  version: string | undefined;
  /** `HTTP 401`, or a description if there was no answer. */
  cameBack: Text;
  /** What to do next; undefined when there is nothing to do. */
  next: Text | undefined;
  ms: number;
}

/** What a check of the way to Prometheus found. */
export interface PrometheusCheck {
  /** Where the address comes from. */
  source: 'address' | 'chosen' | 'found';
  /** How we let ourselves in: `a token`; undefined = not at all. */
  credentials: string | undefined;
  attempts: readonly PrometheusAttempt[];
  /** What has to be said beyond the attempts: nothing was found, the address is none. */
  problem: Text | undefined;
}

/** The way to Prometheus, for those who show and choose it. Throws AppError only. */
export interface PrometheusAccess {
  /** The services that look like Prometheus, each asked once; the best first. */
  candidates(signal?: AbortSignal): Promise<PrometheusCandidate[]>;
  check(signal?: AbortSignal): Promise<PrometheusCheck>;
  /** The service in use, by its name; undefined before one is. */
  used(): string | undefined;
}

/** The same service, whatever pod it runs in at the moment. */
export const sameService = (a: PrometheusService, b: PrometheusService): boolean =>
  a.namespace === b.namespace && a.service === b.service && a.port === b.port && (a.path ?? '') === (b.path ?? '');

/** `monitoring/prometheus-operated:9090/prefix`. */
export const serviceName = ({ namespace, service, port, path = '' }: PrometheusService): string =>
  `${namespace}/${service}:${port}${path}`;

/** Reads what `serviceName` writes, as a user may type it; undefined when it is none. */
export function parseServiceName(text: string): PrometheusService | undefined {
  const match = /^([a-z0-9-]+)\/(?:(https):)?([a-z0-9-]+):([a-z0-9-]+)(\/[^\s?#]*)?$/.exec(text.trim());
  if (!match) return undefined;
  const [, namespace = '', scheme, service = '', port = '', path = ''] = match;
  const prefix = path.replace(/\/+$/, '');
  return {
    namespace,
    service,
    port,
    ...(scheme ? { scheme: 'https' as const } : {}),
    ...(prefix === '' ? {} : { path: prefix }),
    flavour: 'prometheus',
  };
}

/** A remembered choice, from a store that may hold anything. */
export function toPrometheusService(value: unknown): PrometheusService | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { namespace, service, port, path, pod, scheme } = value as Partial<Record<string, unknown>>;
  const whole =
    [namespace, service, port].every((one) => typeof one === 'string' && one !== '') &&
    [path, pod].every((one) => one === undefined || typeof one === 'string') &&
    (scheme === undefined || scheme === 'https');
  return whole ? (value as PrometheusService) : undefined;
}
