import type { ServerResponse } from 'node:http';
import { toAppError, type ErrorCode } from '../../core/base/errors';
import { HttpRefusal } from './requests';

const STATUS: Partial<Record<ErrorCode, number>> = {
  invalid: 422,
  notConfigured: 503,
  unreachable: 502,
  unauthorized: 502, // the cluster's refusal of the editor, not ours of the caller
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  notInstalled: 503,
  rateLimited: 503,
  timeout: 504,
  badAnswer: 502,
  server: 502,
  injectionFailed: 502,
  stuck: 504,
};

/** Sends JSON. Typed arrays become lists, and what is no number becomes null. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body, (_, value: unknown) => (value instanceof Float64Array ? [...value] : value));
  send(response, status, 'application/json; charset=utf-8', text, headers);
}

/** Sends a text of a content type and closes; nothing is kept by anybody, nothing is guessed. */
export function send(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    Connection: 'close', // one connection per request: none is kept open
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}

/** Sends what went wrong as `{code, detail, hint?}`, with the status that fits. */
export function sendError(response: ServerResponse, thrown: unknown): void {
  if (thrown instanceof HttpRefusal)
    return sendJson(response, thrown.status, { code: 'refused', detail: thrown.message }, thrown.headers);
  const { code, message, hint } = toAppError(thrown);
  sendJson(response, STATUS[code] ?? 500, { code, detail: message, ...(hint === undefined ? {} : { hint }) });
}
