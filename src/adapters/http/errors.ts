import { msg, type Text } from '../../core/base/text';
import { AppError, isAbort, type ErrorCode } from '../../core/base/errors';
import { isRecord } from '../../core/base/unknown';

/** What is said of a server that does not answer. */
export interface Peer {
  /** Its address. */
  name: string;
  /** Its address where nothing but an answer was asked of it: see `AppError.unreached`. */
  unreached?: string;
  /** Puts what was asked of it before what is said. */
  about?: (said: Text) => Text;
  hints: {
    timeout: Text;
    cutOff: Text;
    /** An answer that is too long, or damaged. */
    answer?: Text;
    /** By the code of TLS's error. */
    tls: (code: string) => Text;
    unreachable: (code: string) => Text;
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

const REASONS: Readonly<Record<string, Text>> = {
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
export function networkError(thrown: unknown, peer: Peer, timedOut: boolean, aborted: boolean): AppError {
  if (thrown instanceof AppError) return thrown;
  if (aborted) return new AppError('cancelled', 'Cancelled.');
  const { name, hints, unreached, about = (said: Text) => said } = peer;
  const failed = (code: ErrorCode, said: Text, hint: Text | undefined, more: { tooLarge?: true } = {}): AppError =>
    new AppError(code, about(said), {
      ...(hint === undefined ? {} : { hint }),
      ...(unreached === undefined || code === 'badAnswer' ? {} : { unreached }),
      ...more,
    });
  const code = codeOf(thrown);
  if (timedOut || code === 'ECONNABORTED' || code === 'ETIMEDOUT')
    return failed('timeout', msg`${name} did not respond in time.`, hints.timeout);
  const message = thrown instanceof Error ? thrown.message : '';
  // An answer that is too long has the same code as one that is cut off.
  if (isAbort(thrown) || /aborted/.test(message))
    return failed('unreachable', msg`${name} closed the connection in the middle of a response.`, hints.cutOff);
  if (TLS.test(code)) return failed('unreachable', msg`${name} cannot be reached over TLS (${code}).`, hints.tls(code));
  if (/maxContentLength/.test(message))
    return failed('badAnswer', msg`The response of ${name} exceeded the size limit.`, hints.answer, {
      tooLarge: true,
    });
  if (DAMAGED.test(code)) return failed('badAnswer', msg`${name} sent a damaged response.`, hints.answer);
  const reason = REASONS[code] ?? (code ? msg`cannot be reached (${code})` : 'cannot be reached');
  return failed('unreachable', msg`${name} ${reason}.`, hints.unreachable(code));
}

function codeOf(thrown: unknown): string {
  if (!isRecord(thrown) && !(thrown instanceof Error)) return '';
  const error = thrown as { code?: unknown; cause?: unknown };
  if (typeof error.code === 'string' && error.code !== 'ERR_NETWORK') return error.code;
  return error.cause === undefined ? '' : codeOf(error.cause);
}
