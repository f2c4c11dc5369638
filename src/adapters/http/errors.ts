import { AppError, isAbort, type ErrorCode } from '../../core/base/errors';
import { isRecord } from '../../core/base/unknown';

/** What is said of a server that does not answer. */
export interface Peer {
  /** The server, after what was asked of it where that is known: "list StressChaos: https://host". */
  name: string;
  hints: {
    timeout: string;
    cutOff: string;
    /** An answer that is too long, or damaged. */
    answer?: string;
    /** By the code of TLS's error. */
    tls: (code: string) => string;
    unreachable: (code: string) => string;
  };
}

const STATUSES: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  405: 'invalid',
  409: 'conflict',
  410: 'gone',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
  429: 'rateLimited',
  504: 'timeout',
};

/** The kind of error that a status is where the answer does not say more. */
export const codeOfStatus = (status: number): ErrorCode => STATUSES[status] ?? (status >= 500 ? 'server' : 'badAnswer');

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ENOTFOUND: 'has no address (DNS)',
  EAI_AGAIN: 'has no address just now (DNS)',
  ECONNRESET: 'broke the connection',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
};

const TLS = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO)/;
const DAMAGED = /^(ERR_BAD_RESPONSE$|ERR_FR_MAX_CONTENT_LENGTH_EXCEEDED$|Z_|HPE_)/;

/** What a request threw before its answer was there. The original is not kept as its cause: it holds the request's headers. */
export function networkError(thrown: unknown, { name, hints }: Peer, timedOut: boolean, aborted: boolean): AppError {
  if (thrown instanceof AppError) return thrown;
  if (aborted) return new AppError('cancelled', 'Cancelled.');
  const code = codeOf(thrown);
  if (timedOut || code === 'ECONNABORTED' || code === 'ETIMEDOUT')
    return new AppError('timeout', `${name} did not answer in time.`, { hint: hints.timeout });
  const message = thrown instanceof Error ? thrown.message : '';
  // An answer that is too long has the same code as one that is cut off.
  if (isAbort(thrown) || /aborted/.test(message))
    return new AppError('unreachable', `${name} broke the connection in the middle of an answer.`, {
      hint: hints.cutOff,
    });
  if (TLS.test(code))
    return new AppError('unreachable', `${name} cannot be reached over TLS (${code}).`, { hint: hints.tls(code) });
  const answer = hints.answer === undefined ? {} : { hint: hints.answer };
  if (/maxContentLength/.test(message))
    return new AppError('badAnswer', `${name} sent more than we take in one answer, and was cut off.`, answer);
  if (DAMAGED.test(code)) return new AppError('badAnswer', `${name} sent a damaged answer.`, answer);
  const reason = REASONS[code] ?? `cannot be reached${code ? ` (${code})` : ''}`;
  return new AppError('unreachable', `${name} ${reason}.`, { hint: hints.unreachable(code) });
}

function codeOf(thrown: unknown): string {
  if (!isRecord(thrown) && !(thrown instanceof Error)) return '';
  const error = thrown as { code?: unknown; cause?: unknown };
  if (typeof error.code === 'string' && error.code !== 'ERR_NETWORK') return error.code;
  return error.cause === undefined ? '' : codeOf(error.cause);
}
