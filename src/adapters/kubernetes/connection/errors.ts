import { AppError, type ErrorCode } from '../../../core/base/errors';
import { Message, msg, type Text } from '../../../core/base/text';
import { isRecord, recordsOf, textOf } from '../../../core/base/unknown';
import { codeOfStatus, type Peer } from '../../http/errors';

const HINTS: Partial<Record<ErrorCode, Text>> = {
  unauthorized: 'The credentials of this context are missing or expired. Sign in again, then refresh.',
  forbidden: 'Run DistDiag: Show Missing Permissions for the role to request from the administrator.',
  notFound: 'It may have been deleted in the meantime. Refresh.',
  conflict: 'It was changed or created by someone else in the meantime. Refresh and try again.',
  rateLimited: 'The server is limiting requests. Try again in a moment.',
  server: 'The API server or one of its webhooks failed. Check the log, then try again.',
  timeout: 'The server took too long to respond. Try again.',
};

/** What was asked, and what a server or the way to it says. */
class Answered extends Message {
  readonly what: string;
  readonly said: Text;

  constructor(what: string, said: Text) {
    super('{0}: {1}', [what, said]);
    this.what = what;
    this.said = said;
  }
}

/** What a server or the way to it says, behind what was asked. */
export const about = (what: string, said: Text): Message => new Answered(what, said);

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
  const code = denied || terminating ? 'invalid' : ahead ? 'gone' : codeOfStatus(status);
  const message = about(what, said === '' ? msg`the server responded with HTTP ${status}.` : said);
  const details = isRecord(parsed['details']) ? parsed['details'] : {};
  const fields = recordsOf(details['causes'])
    .map((cause) => textOf(cause['field']))
    .filter((field) => field !== '');
  const hint: Text | undefined = said.includes('failed calling webhook')
    ? 'The controller behind this webhook is not running. Restart it; if it was uninstalled, remove its webhook configurations first.'
    : terminating
      ? 'Its namespace is being deleted. Choose another namespace, or wait until it exists again.'
      : code === 'invalid'
        ? invalidHint(denied, fields)
        : HINTS[code];
  return new AppError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function invalidHint(denied: boolean, fields: readonly string[]): Text {
  if (fields.length > 0) return msg`Correct ${[...new Set(fields)].join(', ')} and try again.`;
  return denied
    ? 'An admission webhook rejected it. Change the fields it names and try again.'
    : 'Correct the object and try again.';
}

/** An API server that does not answer; `isRead` where nothing but an answer was asked of it. */
export const apiServerPeer = (what: string, server: string, isRead: boolean): Peer => ({
  name: server,
  about: (said) => about(what, said),
  ...(isRead ? { unreached: server } : {}),
  hints: {
    timeout: 'Check the network, a VPN or a proxy, then try again.',
    cutOff: 'Try again.',
    tls: () => 'Check certificate-authority-data and tls-server-name of this cluster in the kubeconfig.',
    unreachable: () => 'Check that the cluster is running and that this context points to it.',
  },
});

/** Codes of errors that are about the server as a whole, whatever was asked of it. */
const OF_SERVER: ReadonlySet<ErrorCode> = new Set(['unreachable', 'timeout', 'unauthorized', 'rateLimited']);

/** The same error without what was asked where that is not to blame: of many watches that break together one is heard first. */
export function withoutVictim(error: AppError, asked: readonly string[]): AppError {
  const { code, text, hint, retryAfterMs } = error;
  if (!(text instanceof Answered) || !asked.includes(text.what) || !OF_SERVER.has(code)) return error;
  return new AppError(code, text.said, {
    ...(hint === undefined ? {} : { hint }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
