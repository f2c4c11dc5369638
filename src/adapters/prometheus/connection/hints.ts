import type { Text } from '../../../core/base/text';
import type { ErrorCode } from '../../../core/base/errors';
import { isGrafanaPage } from './address';

/** Who said no, where, and in which words. */
export interface Refusal {
  status: number;
  code: ErrorCode;
  baseUrl: string;
  /** Prometheus in its JSON, Kubernetes' API server, or whatever else stands on the way. */
  from: 'prometheus' | 'api server' | 'other';
  said: string;
}

/** What to do where Grafana answers, or one of its pages was given. */
export const GRAFANA: Text =
  'This is Grafana, not Prometheus. Set distdiag.prometheus.url to the Prometheus behind it, or to Grafana’s data source proxy (…/api/datasources/proxy/uid/<uid of the data source>) with a service account token.';

/** Through the API server. */
const PROXIED = /\/(services|pods)\/[^/]+\/proxy(\/|$)/;

const pathOf = (baseUrl: string): string => (URL.canParse(baseUrl) ? new URL(baseUrl).pathname : '');
const hasPath = (baseUrl: string): boolean => pathOf(baseUrl) !== '/' && pathOf(baseUrl) !== '';

/** True where the address or what came back is Grafana's. */
export const isGrafana = (baseUrl: string, said: string): boolean =>
  (!PROXIED.test(baseUrl) && isGrafanaPage(pathOf(baseUrl))) ||
  /<title>\s*Grafana|grafana-app|"messageId":"/i.test(said);

/** What to do about an answer that is no success. */
export function hintFor(refusal: Refusal): Text | undefined {
  const { status, code, from, said, baseUrl } = refusal;
  if (/no org id/i.test(said))
    return 'This server is multi-tenant. Set distdiag.prometheus.tenant to the tenant that has the metrics.';
  if (/HTTP request to an HTTPS server/i.test(said)) return 'This server requires TLS: use https:// in the address.';
  if (from === 'api server') return ofApiServer(status, code);
  if (isGrafana(baseUrl, said)) return GRAFANA;
  const proxied = PROXIED.test(baseUrl);
  if (status >= 300 && status < 400)
    return 'It redirects to a sign-in page or another path. Set distdiag.prometheus.url to the address of its API.';
  if (code === 'unauthorized')
    return proxied
      ? 'This Prometheus requires credentials, which the API server does not forward. Set distdiag.prometheus.url to a direct address, then set its token or password.'
      : 'Set a token or a password: DistDiag: Set Prometheus Token, DistDiag: Set Prometheus Password.';
  if (code === 'forbidden')
    return 'These credentials are not allowed to query this server. Set another token or password, or request access.';
  if (code === 'notFound')
    return proxied
      ? 'Its API may have a path prefix. Enter it as namespace/service:port/path with DistDiag: Choose Prometheus.'
      : hasPath(baseUrl)
        ? 'Remove the page path from distdiag.prometheus.url, or correct it. The API may have a path prefix such as /prometheus or /select/0/prometheus.'
        : 'Its API may have a path prefix such as /prometheus or /select/0/prometheus. Add it to distdiag.prometheus.url.';
  if (code === 'timeout') return 'Prometheus may be overloaded. Use a shorter window or a longer step.';
  if (code === 'rateLimited') return 'Refresh less often (distdiag.metrics.refreshSeconds).';
  if (status === 502 || status === 503)
    return 'A proxy in front of Prometheus cannot reach it. Check that Prometheus is running.';
  return undefined;
}

function ofApiServer(status: number, code: ErrorCode): Text | undefined {
  if (code === 'unauthorized')
    return 'The credentials of this context are missing or expired. Sign in again, then refresh.';
  if (code === 'forbidden')
    return 'Run DistDiag: Show Missing Permissions for the role to request, or set distdiag.prometheus.url.';
  if (code === 'notFound') return 'This service no longer exists. Choose another with DistDiag: Choose Prometheus.';
  if (status >= 500)
    return 'No pod of this service responds. Check that it is running, or choose another with DistDiag: Choose Prometheus.';
  return undefined;
}

/** What to do about a failure of TLS. */
export function tlsHint(code: string): Text {
  if (/CERT(IFICATE)?_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|CERTIFICATE_UNKNOWN/.test(code))
    return 'The server requires a client certificate. Set distdiag.prometheus.clientCertificate and distdiag.prometheus.clientKey.';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'The server’s certificate is for another name. Use that name in distdiag.prometheus.url.';
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return 'The server’s certificate has expired or is not yet valid, or this machine’s clock is wrong.';
  if (code === 'EPROTO' || /WRONG_VERSION|SSL_(WRONG|PACKET)/.test(code))
    return 'The server does not use TLS on this port. Use http:// in the address, or correct the port.';
  return 'The server’s certificate is not trusted. Set distdiag.prometheus.certificateAuthority to the PEM file of its authority.';
}
