import { AppError, isAbort, type ErrorCode } from '../../core/base/errors';
import { isRecord, recordsOf, textOf } from '../../core/base/unknown';

const CODES: Readonly<Record<number, ErrorCode>> = {
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

const HINTS: Partial<Record<ErrorCode, string>> = {
  unauthorized: 'The credentials of this context are missing or have expired: sign in again, then refresh.',
  forbidden: 'DistDiag: Show Missing Permissions writes the role to ask the administrator for.',
  notFound: 'It may have been deleted meanwhile: refresh.',
  conflict: 'It was changed or created by someone else meanwhile: refresh and try again.',
  rateLimited: 'The server asks to slow down: try again in a moment.',
  server: 'The API server or one of its webhooks failed: see the log, then try again.',
  timeout: 'The server took too long to answer: try again.',
};

/** An HTTP answer that is no success, as an AppError with the server's own words (a webhook's refusal is kept whole). */
export function responseError(status: number, body: unknown, what: string, retryAfterMs?: number): AppError {
  const parsed = isRecord(body) ? body : {};
  const isStatus = parsed['kind'] === 'Status' || typeof parsed['message'] === 'string';
  const said = isStatus ? textOf(parsed['message']) : '';
  // A webhook's refusal may come with any code; "denied the request" is the API server's phrase for it.
  const denied = said.includes('denied the request');
  // A version that this server has not reached yet, or never will: it was restored from a backup.
  const ahead = /too large resource version/i.test(said);
  const terminating = said.includes('because it is being terminated');
  const code =
    denied || terminating ? 'invalid' : ahead ? 'gone' : (CODES[status] ?? (status >= 500 ? 'server' : 'badAnswer'));
  const message = said === '' ? `${what}: the server answered with HTTP ${status}.` : `${what}: ${said}`;
  const details = isRecord(parsed['details']) ? parsed['details'] : {};
  const fields = recordsOf(details['causes'])
    .map((cause) => textOf(cause['field']))
    .filter((field) => field !== '');
  const hint = said.includes('failed calling webhook')
    ? 'The controller that answers for this webhook is not running. Start it again; where it was uninstalled, its webhook configurations have to be removed first.'
    : terminating
      ? 'Its namespace is being deleted: choose another namespace, or wait until it is there again.'
      : code === 'invalid'
        ? invalidHint(denied, fields)
        : HINTS[code];
  return new AppError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function invalidHint(denied: boolean, fields: readonly string[]): string {
  if (fields.length > 0) return `Correct ${[...new Set(fields)].join(', ')} and try again.`;
  return denied
    ? 'An admission webhook refused it: change what it names and try again.'
    : 'Correct the object and try again.';
}

const TLS = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO)/;

/** What a request threw before there was an answer. The original is not kept as its cause: it holds the request's headers. */
export function requestError(
  thrown: unknown,
  what: string,
  server: string,
  timedOut: boolean,
  aborted: boolean,
): AppError {
  if (thrown instanceof AppError) return thrown;
  if (aborted) return new AppError('cancelled', 'Cancelled.');
  if (timedOut || codeOf(thrown) === 'ECONNABORTED' || codeOf(thrown) === 'ETIMEDOUT') {
    return new AppError('timeout', `${what}: ${server} did not answer in time.`, {
      hint: 'Check the network, a VPN or a proxy, then try again.',
    });
  }
  // Cut off in the middle of an answer; an answer that is too long has the same code.
  const cut = thrown instanceof Error && /aborted/.test(thrown.message);
  if (isAbort(thrown) || cut)
    return new AppError('unreachable', `${what}: the connection to ${server} ended.`, { hint: 'Try again.' });
  const code = codeOf(thrown);
  if (TLS.test(code)) {
    return new AppError('unreachable', `${what}: the certificate of ${server} was not accepted (${code}).`, {
      hint: 'Check certificate-authority-data and tls-server-name of this cluster in the kubeconfig.',
    });
  }
  if (code === 'ERR_BAD_RESPONSE' || code === 'ERR_FR_MAX_CONTENT_LENGTH_EXCEEDED') {
    return new AppError('badAnswer', `${what}: the answer of ${server} could not be read.`);
  }
  const reason: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'refused the connection',
    ENOTFOUND: 'has no address (DNS)',
    EAI_AGAIN: 'has no address just now (DNS)',
    ECONNRESET: 'broke the connection',
    EHOSTUNREACH: 'cannot be reached',
    ENETUNREACH: 'cannot be reached',
  };
  return new AppError(
    'unreachable',
    `${what}: ${server} ${reason[code] ?? `cannot be reached${code ? ` (${code})` : ''}`}.`,
    {
      hint: 'Check that the cluster is running and that this context points to it.',
    },
  );
}

/** Codes of errors that are about the server as a whole, whatever was asked of it. */
const OF_SERVER: ReadonlySet<ErrorCode> = new Set(['unreachable', 'timeout', 'unauthorized', 'rateLimited']);

/** The same error without what was asked where that is not to blame: of many watches that break together one is heard first. */
export function withoutVictim(error: AppError, asked: readonly string[]): AppError {
  const { code, message, hint, retryAfterMs } = error;
  const prefix = asked.map((what) => `${what}: `).find((one) => message.startsWith(one));
  if (prefix === undefined || !OF_SERVER.has(code)) return error;
  return new AppError(code, message.slice(prefix.length), {
    ...(hint === undefined ? {} : { hint }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function codeOf(thrown: unknown): string {
  if (!isRecord(thrown) && !(thrown instanceof Error)) return '';
  const error = thrown as { code?: unknown; cause?: unknown };
  if (typeof error.code === 'string' && error.code !== 'ERR_NETWORK') return error.code;
  return error.cause === undefined ? '' : codeOf(error.cause);
}
