import { isReadable } from '../core/cluster/connection';
import type { CliOptions } from './commandLine/arguments';

/** What lets us in at a Prometheus, from options and environment. */
export interface PrometheusWay {
  /** '' = found in the cluster. */
  url: string;
  auth: {
    tenant?: string;
    token?: string;
    username?: string;
    password?: string;
    tls?: { certificate: string; key: string; authority: string };
  };
  /** What the user should know of it; holds no secret. */
  warnings: readonly string[];
}

/**
 * Secrets come from the environment alone: everybody on the machine can read a command line. Only the server that is named
 * is shown them.
 */
export function prometheusWay(
  options: CliOptions,
  environment: Readonly<Record<string, string | undefined>>,
): PrometheusWay {
  const from = (name: string): string => (environment[`DISTDIAG_PROMETHEUS_${name}`] ?? '').trim();
  const [token, username, password] = [
    from('TOKEN'),
    from('USERNAME'),
    environment['DISTDIAG_PROMETHEUS_PASSWORD'] ?? '',
  ];
  const url = (options.prometheus ?? environment['PROMETHEUS_URL'] ?? '').trim();
  const tenant = options['prometheus-tenant'];
  const has = token !== '' || username !== '' || password !== '';
  const tls = {
    certificate: options['prometheus-cert'],
    key: options['prometheus-key'],
    authority: options['prometheus-ca'],
  };
  if (url === '') {
    const ignored = has || Object.values(tls).some((file) => file !== '');
    return {
      url,
      auth: { tenant },
      warnings: ignored
        ? ['The credentials for Prometheus are not used: give --prometheus URL. Only that server is shown them.']
        : [],
    };
  }
  if (token === '' && (username === '') !== (password === ''))
    throw new TypeError('DISTDIAG_PROMETHEUS_USERNAME and DISTDIAG_PROMETHEUS_PASSWORD belong together: set both.');
  return {
    url,
    auth: { tenant, tls, ...(token !== '' ? { token } : username !== '' ? { username, password } : {}) },
    warnings:
      has && isReadable(url)
        ? ['The credentials for Prometheus are sent over plain http: anybody on the way can read them.']
        : [],
  };
}
