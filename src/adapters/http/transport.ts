import type { Agent as HttpAgent } from 'node:http';
import axios, { type AxiosResponse } from 'axios';
import { untilAborted } from '../../core/time/waiting';
import type { EndpointAccess } from '../../core/cluster/endpoint';
import { networkError, type Peer } from './errors';

/** One request. */
export interface HttpRequest {
  method?: string;
  url: string;
  query?: Readonly<Record<string, string | number | undefined>> | undefined;
  /** Credentials and TLS. They may take longer than an answer: a program may wait for the user's sign-in. */
  access: () => Promise<EndpointAccess>;
  /** Sent as JSON. */
  body?: unknown;
  /** JSON's own where there is none. */
  contentType?: string | undefined;
  /** `text` is whole when it is read, a `stream` when its headers are there. */
  responseType: 'text' | 'stream';
  /** The longest answer that is taken, unpacked; of a stream, any. */
  maxBytes: number;
  /** Until the answer is read. */
  timeoutMs: number;
  /** Whether to use the environment's proxy if the agent has none. */
  environmentProxy: boolean;
  signal: AbortSignal | undefined;
  peer: Peer;
  /** The credentials are there, and the request goes out. */
  onSend?: () => void;
}

/**
 * Sends a request, follows no redirect, and has the answer read, whatever its status. What this throws is an AppError, and
 * holds nothing of the request.
 */
export async function exchange<T, R>(
  request: HttpRequest,
  read: (response: AxiosResponse<T>, sentHeaders: EndpointAccess['headers']) => R | Promise<R>,
): Promise<R> {
  const { method = 'GET', url, body, responseType, signal } = request;
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    const { headers, agent } = await (signal ? untilAborted(request.access(), signal) : request.access());
    timer = setTimeout(() => deadline.abort(), request.timeoutMs);
    request.onSend?.();
    const response = await axios.request<T>({
      method,
      url: `${url}${searchOf(request.query)}`,
      headers: {
        Accept: 'application/json',
        ...headers,
        ...(body === undefined ? {} : { 'Content-Type': request.contentType ?? 'application/json' }),
      },
      ...(body === undefined ? {} : { data: JSON.stringify(body) }),
      ...(agent === undefined ? {} : { httpAgent: agent as HttpAgent, httpsAgent: agent }),
      ...(request.environmentProxy && agent === undefined ? {} : { proxy: false }),
      maxRedirects: 0,
      maxContentLength: responseType === 'stream' ? Infinity : request.maxBytes,
      responseType,
      transformResponse: (data: T) => data,
      validateStatus: () => true,
      signal: signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal,
    });
    return await read(response, headers);
  } catch (thrown) {
    throw networkError(thrown, request.peer, deadline.signal.aborted, signal?.aborted ?? false);
  } finally {
    clearTimeout(timer);
  }
}

function searchOf(query: HttpRequest['query'] = {}): string {
  const given = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return given.length > 0 ? `?${new URLSearchParams(given).toString()}` : '';
}
