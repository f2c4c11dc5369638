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
  'This is Grafana, not Prometheus: set distdiag.prometheus.url to the Prometheus behind it, or to Grafana’s way to that (…/api/datasources/proxy/uid/<uid of the data source>) with the token of a service account.';

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
    return 'This server keeps its tenants apart: set distdiag.prometheus.tenant to the one that has the metrics.';
  if (/HTTP request to an HTTPS server/i.test(said)) return 'This server speaks TLS: write https:// in the address.';
  if (from === 'api server') return ofApiServer(status, code);
  if (isGrafana(baseUrl, said)) return GRAFANA;
  const proxied = PROXIED.test(baseUrl);
  if (status >= 300 && status < 400)
    return 'It sends us elsewhere, to a sign-in page or another path: set distdiag.prometheus.url to where its API is.';
  if (code === 'unauthorized')
    return proxied
      ? 'This Prometheus wants credentials, and the API server passes none on: set distdiag.prometheus.url to an address of its own, then its token or password.'
      : 'Set its token or its password: DistDiag: Set Prometheus Token, DistDiag: Set Prometheus Password.';
  if (code === 'forbidden')
    return 'Who we are may not read this server: set another token or password, or ask for the right to query it.';
  if (code === 'notFound')
    return proxied
      ? 'Its API may lie below a path: name it as namespace/service:port/path with DistDiag: Choose Prometheus.'
      : hasPath(baseUrl)
        ? 'Leave the path of a page out of distdiag.prometheus.url, or correct it: its API may lie below a path, such as /prometheus or /select/0/prometheus.'
        : 'Its API may lie below a path, such as /prometheus or /select/0/prometheus: write it into distdiag.prometheus.url.';
  if (code === 'timeout') return 'Prometheus may be overloaded: choose a shorter window or a longer step.';
  if (code === 'rateLimited') return 'Refresh less often: distdiag.metrics.refreshSeconds.';
  if (status === 502 || status === 503) return 'What stands before Prometheus does not reach it: see whether it runs.';
  return undefined;
}

function ofApiServer(status: number, code: ErrorCode): Text | undefined {
  if (code === 'unauthorized')
    return 'The credentials of this context are missing or have expired: sign in again, then refresh.';
  if (code === 'forbidden')
    return 'DistDiag: Show Missing Permissions writes the role to ask for; or set distdiag.prometheus.url.';
  if (code === 'notFound') return 'This service is gone: DistDiag: Choose Prometheus shows those that are there.';
  if (status >= 500)
    return 'No pod of this service answers: see whether it runs, or choose another: DistDiag: Choose Prometheus.';
  return undefined;
}

/** What to do about a failure of TLS. */
export function tlsHint(code: string): string {
  if (/CERT(IFICATE)?_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|CERTIFICATE_UNKNOWN/.test(code))
    return 'The server wants a client certificate that it knows: set distdiag.prometheus.clientCertificate and distdiag.prometheus.clientKey.';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'The server’s certificate is for another name: use that name in distdiag.prometheus.url.';
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return 'The server’s certificate is not valid now: it has to be renewed, or this machine’s clock is wrong.';
  if (code === 'EPROTO' || /WRONG_VERSION|SSL_(WRONG|PACKET)/.test(code))
    return 'The server does not speak TLS there: write http:// in the address, or correct its port.';
  return 'The server’s certificate is not known here: set distdiag.prometheus.certificateAuthority to the PEM file of its authority.';
}
