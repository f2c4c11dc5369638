import { AppError, isAbort, type ErrorCode } from '../../core/base/errors';
import { isRecord, textOf } from '../../core/base/unknown';
import { GRAFANA, hintFor, isGrafana, tlsHint } from './hints';

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  422: 'invalid',
  429: 'rateLimited',
  504: 'timeout',
};
const TYPES: Readonly<Record<string, ErrorCode>> = {
  bad_data: 'invalid',
  timeout: 'timeout',
  canceled: 'timeout',
  execution: 'invalid',
  unavailable: 'server',
  internal: 'server',
  not_found: 'notFound',
};

function appError(code: ErrorCode, message: string, hint: string | undefined): AppError {
  return new AppError(code, message, hint === undefined ? {} : { hint });
}

/** An answer that is no success: Prometheus's own error, a Kubernetes Status of the service proxy, or a page of something else (its text). */
export function answerError(status: number, body: unknown, baseUrl: string): AppError {
  if (isRecord(body) && body['status'] === 'error') {
    const code = TYPES[textOf(body['errorType'])] ?? CODES[status] ?? 'server';
    const said = textOf(body['error']) || textOf(body['errorType']) || 'an error without a message';
    return appError(code, `Prometheus: ${said}`, hintFor({ status, code, baseUrl, from: 'prometheus', said }));
  }
  const code = CODES[status] ?? (status >= 500 ? 'server' : 'badAnswer');
  if (isRecord(body) && body['kind'] === 'Status') {
    const said = textOf(body['message']);
    const hint = hintFor({ status, code, baseUrl, from: 'api server', said });
    return appError(CODES[status] ?? 'server', `The service proxy at ${baseUrl}: ${said}`, hint);
  }
  const said = (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 1000);
  const hint = hintFor({ status, code, baseUrl, from: 'other', said });
  return appError(code, `${baseUrl} answered with HTTP ${status}.`, hint);
}

/** An answer that is no JSON, or JSON of another shape. */
export function shapeError(baseUrl: string, html: boolean, said = ''): AppError {
  return new AppError(
    'badAnswer',
    `${baseUrl} answered with ${html ? 'a web page' : 'something'} that is not Prometheus's JSON.`,
    {
      hint: isGrafana(baseUrl, said)
        ? GRAFANA
        : 'Is distdiag.prometheus.url the address of a Prometheus, or does a sign-in page stand before it?',
    },
  );
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ENOTFOUND: 'has no address (DNS)',
  EAI_AGAIN: 'has no address just now (DNS)',
  ECONNRESET: 'broke the connection',
};

/** What a request threw before there was an answer. The original is not kept as its cause: it holds the request's headers. */
export function transportError(thrown: unknown, baseUrl: string, timedOut: boolean, aborted: boolean): AppError {
  if (thrown instanceof AppError) return thrown;
  if (aborted) return new AppError('cancelled', 'Cancelled.');
  if (timedOut) {
    return new AppError('timeout', `${baseUrl} did not answer in time.`, {
      hint: 'Prometheus may be overloaded, or a network, VPN or proxy on the way: choose a shorter window or a longer step.',
    });
  }
  if (thrown instanceof Error && /aborted/.test(thrown.message))
    return new AppError('unreachable', `${baseUrl} broke the connection in the middle of an answer.`, {
      hint: 'It is asked again by itself.',
    });
  const code = thrown instanceof Error ? String((thrown as { code?: unknown }).code ?? '') : '';
  const tls = tlsHint(code);
  if (tls !== undefined)
    return new AppError('unreachable', `There is no trust between us and ${baseUrl} (${code}).`, { hint: tls });
  if (thrown instanceof Error && /maxContentLength/.test(thrown.message)) {
    return new AppError('badAnswer', `${baseUrl} sent more than we take in one answer, and was cut off.`, {
      hint: 'Choose a shorter window or a longer step.',
    });
  }
  if (
    code === 'ERR_BAD_RESPONSE' ||
    code === 'ERR_FR_MAX_CONTENT_LENGTH_EXCEEDED' ||
    code.startsWith('Z_') ||
    code.startsWith('HPE_')
  ) {
    return new AppError('badAnswer', `The answer of ${baseUrl} is too large or damaged.`, {
      hint: 'Choose a shorter window or a longer step.',
    });
  }
  const why = isAbort(thrown) || code === '' ? '' : ` (${code})`;
  const hint =
    code === 'ECONNRESET' && baseUrl.startsWith('https:')
      ? 'It may want a client certificate that it knows: set distdiag.prometheus.clientCertificate; else check the network.'
      : 'Check distdiag.prometheus.url, that Prometheus runs, and the network.';
  return new AppError('unreachable', `${baseUrl} ${REASONS[code] ?? `cannot be reached${why}`}.`, { hint });
}
