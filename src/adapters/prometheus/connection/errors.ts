import { AppError, type ErrorCode } from '../../../core/base/errors';
import { msg, type Text } from '../../../core/base/text';
import { isRecord, textOf } from '../../../core/base/unknown';
import { codeOfStatus, type Peer } from '../../http/errors';
import { GRAFANA, hintFor, isGrafana, tlsHint } from './hints';

/** Of an answer, a body or an address. */
const TOO_LARGE: ReadonlySet<number> = new Set([413, 414, 431]);

const TYPES: Readonly<Record<string, ErrorCode>> = {
  bad_data: 'invalid',
  timeout: 'timeout',
  canceled: 'timeout',
  execution: 'invalid',
  unavailable: 'server',
  internal: 'server',
  not_found: 'notFound',
};

function appError(code: ErrorCode, message: Text, hint: Text | undefined, status = 0): AppError {
  return new AppError(code, message, { ...(hint === undefined ? {} : { hint }), tooLarge: TOO_LARGE.has(status) });
}

/** An answer that is no success: Prometheus's own error, a Kubernetes Status of the service proxy, or a page of something else (its text). */
export function answerError(status: number, body: unknown, baseUrl: string): AppError {
  if (isRecord(body) && body['status'] === 'error') {
    const code = TYPES[textOf(body['errorType'])] ?? (status < 400 ? 'server' : codeOfStatus(status));
    const said = textOf(body['error']) || textOf(body['errorType']) || 'an error without a message';
    return appError(code, msg`Prometheus: ${said}`, hintFor({ status, code, baseUrl, from: 'prometheus', said }));
  }
  const code = codeOfStatus(status);
  if (isRecord(body) && body['kind'] === 'Status') {
    const said = textOf(body['message']);
    const hint = hintFor({ status, code, baseUrl, from: 'api server', said });
    return appError(code, msg`The service proxy at ${baseUrl}: ${said}`, hint, status);
  }
  const said = (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 1000);
  const hint = hintFor({ status, code, baseUrl, from: 'other', said });
  return appError(code, msg`${baseUrl} responded with HTTP ${status}.`, hint, status);
}

/** An answer that is no JSON, or JSON of another shape. */
export function shapeError(baseUrl: string, html: boolean, said = ''): AppError {
  return new AppError(
    'badAnswer',
    msg`${baseUrl} responded with ${html ? 'a web page' : 'something'} that is not Prometheus JSON.`,
    {
      hint: isGrafana(baseUrl, said)
        ? GRAFANA
        : 'Check that distdiag.prometheus.url is the address of a Prometheus and not a sign-in page.',
    },
  );
}

/** A Prometheus that does not answer. */
export const prometheusPeer = (baseUrl: string): Peer => ({
  name: baseUrl,
  hints: {
    timeout: 'Prometheus, the network, a VPN or a proxy may be overloaded. Use a shorter window or a longer step.',
    cutOff: 'The query is retried automatically.',
    answer: 'Use a shorter window or a longer step.',
    tls: tlsHint,
    unreachable: (code) =>
      code === 'ECONNRESET' && baseUrl.startsWith('https:')
        ? 'It may require a client certificate: set distdiag.prometheus.clientCertificate. Otherwise check the network.'
        : 'Check distdiag.prometheus.url, the network, and that Prometheus is running.',
  },
});
