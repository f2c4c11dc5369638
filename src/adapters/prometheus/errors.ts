import { AppError, isAbort, type ErrorCode } from '../../core/errors';
import { isRecord, textOf } from '../../core/unknown';

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

const HINTS: Partial<Record<ErrorCode, string>> = {
  unauthorized: 'Set the Prometheus token or password again.',
  forbidden: 'Reading through the API server needs "get" on services/proxy; or set distdiag.prometheus.url.',
  notFound: 'Is distdiag.prometheus.url the address of a Prometheus?',
  timeout: 'Prometheus may be overloaded: choose a shorter window or a longer step.',
  rateLimited: 'Refresh less often: distdiag.metrics.refreshSeconds.',
};

function appError(code: ErrorCode, message: string): AppError {
  const hint = HINTS[code];
  return new AppError(code, message, hint === undefined ? {} : { hint });
}

/** An answer that is no success: Prometheus's own error, a Kubernetes Status of the service proxy, or a page of something else. */
export function answerError(status: number, body: unknown, baseUrl: string): AppError {
  if (isRecord(body) && body['status'] === 'error') {
    const code = TYPES[textOf(body['errorType'])] ?? CODES[status] ?? 'server';
    return appError(
      code,
      `Prometheus: ${textOf(body['error']) || textOf(body['errorType']) || 'an error without a message'}`,
    );
  }
  if (isRecord(body) && body['kind'] === 'Status') {
    const code = CODES[status] ?? 'server';
    return appError(code, `The service proxy at ${baseUrl}: ${textOf(body['message'])}`);
  }
  return appError(
    CODES[status] ?? (status >= 500 ? 'server' : 'badAnswer'),
    `${baseUrl} answered with HTTP ${status}.`,
  );
}

/** An answer that is no JSON, or JSON of another shape. */
export function shapeError(baseUrl: string, html: boolean): AppError {
  return new AppError(
    'badAnswer',
    `${baseUrl} answered with ${html ? 'a web page' : 'something'} that is not Prometheus's JSON.`,
    {
      hint: 'Is distdiag.prometheus.url the address of a Prometheus, or does a sign-in page stand before it?',
    },
  );
}

/** What a request threw before there was an answer. The original is not kept as its cause: it holds the request's headers. */
export function transportError(thrown: unknown, baseUrl: string, timedOut: boolean, aborted: boolean): AppError {
  if (thrown instanceof AppError) return thrown;
  if (aborted) return new AppError('cancelled', 'Cancelled.');
  if (timedOut) return appError('timeout', `${baseUrl} did not answer in time.`);
  const code = thrown instanceof Error ? String((thrown as { code?: unknown }).code ?? '') : '';
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
  return new AppError('unreachable', `${baseUrl} cannot be reached${why}.`, {
    hint: 'Check distdiag.prometheus.url and the network.',
  });
}
