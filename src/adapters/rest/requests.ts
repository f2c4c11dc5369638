import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AppError } from '../../core/base/errors';

/** A body beyond this is refused unread. */
const MOST_BODY_BYTES = 16 * 1024;

/** A refusal that is of HTTP and not of the cluster. */
export class HttpRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/**
 * Refuses what did not come from this machine's own programs: another host name (a page of another site whose name was
 * made to lead here) or another origin (a page that sends without asking).
 */
export function checkOrigin({ headers }: IncomingMessage, port: number): void {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (headers.host === undefined || !own.includes(headers.host.toLowerCase()))
    throw new HttpRefusal(421, `This server answers as ${own[0]} only.`);
  // Browsers say so also where they send no origin, as for a picture or a script.
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new HttpRefusal(403, 'Requests from other pages are refused.');
  const { origin } = headers;
  if (origin !== undefined && !own.some((name) => origin.toLowerCase() === `http://${name}`))
    throw new HttpRefusal(403, 'Requests from other pages are refused.');
}

/** Is this header's value the token? Takes as long for a wrong one as for a right one. */
export function isToken(header: string | undefined, token: string): boolean {
  const [, given = ''] = /^\s*Bearer +(\S+)\s*$/i.exec(header ?? '') ?? [];
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Refuses a request without the token. */
export function checkToken({ headers }: IncomingMessage, token: string): void {
  if (isToken(headers.authorization, token)) return;
  throw new HttpRefusal(
    401,
    'The header "Authorization: Bearer <token>" is missing or wrong. Copy the token from the editor.',
    {
      'WWW-Authenticate': 'Bearer',
    },
  );
}

/** The JSON of a request's body; undefined where it is empty. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const tooLarge = new HttpRefusal(413, `The body must not be larger than ${MOST_BODY_BYTES} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) throw tooLarge;
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    throw new HttpRefusal(415, 'The body must be JSON, sent as "Content-Type: application/json".');
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw new AppError('invalid', 'The body is no JSON.');
  }
}
