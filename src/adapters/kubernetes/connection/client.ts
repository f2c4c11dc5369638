import { msg } from '../../../core/base/text';
import type { Agent as HttpsAgent, RequestOptions } from 'node:https';
import type { Readable } from 'node:stream';
import type { KubeConfig } from '@kubernetes/client-node';
import type { AxiosResponse } from 'axios';
import { withoutSecrets } from '../../../core/cluster/connection';
import type { EndpointAccess } from '../../../core/cluster/endpoint';
import { AppError } from '../../../core/base/errors';
import { leadsElsewhere } from '../../../core/base/urlPart';
import { withoutCredentials } from '../../../core/base/withoutCredentials';
import { exchange } from '../../http/transport';
import { apiServerPeer, responseError } from './errors';
import { ExecCredentials } from './execCredential';
import { requestHeaders } from './requestHeaders';
import { retryAfterMs, withRetry } from './retry';

/** One request to the API server. */
export interface KubeRequest {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal | undefined;
  /** Until the whole answer is there; for a stream, until its headers are. */
  timeoutMs?: number;
  /** Told how long the text of an answer is. */
  heardLength?: (characters: number) => void;
  /** For messages: "list StressChaos". */
  what: string;
}

/** What the server sends for as long as it is read. */
export interface KubeStream {
  data: Readable;
  /** A piece of it, parsed, without what let us in. */
  cleaned: <T>(answer: T, kind: 'words' | 'data') => T;
}

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** What a client may be given besides its kubeconfig. */
export interface KubeClientOptions {
  /** Until a whole answer, or a stream's headers, must be there. */
  timeoutMs?: number;
  /** Reads the kubeconfig again after the server has rejected its credentials. */
  reload?: () => KubeConfig;
  /** Told the `Date` of every answer, and when its request went out and its answer came in (epoch milliseconds). */
  heardDate?: (serverMs: number, sentMs: number, receivedMs: number) => void;
  /** Waits between tries. */
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Speaks to one API server with a kubeconfig's credentials. Throws AppError only. */
export class KubeClient {
  #config: KubeConfig;
  readonly #options: KubeClientOptions;
  readonly server: string;
  #exec: ExecCredentials;
  #agent: { agent: HttpsAgent; material: string } | undefined;

  /** Prepares the credentials of the config's current user, which changes that config (in memory). */
  constructor(config: KubeConfig, options: KubeClientOptions = {}) {
    this.#config = config;
    this.#options = options;
    this.server = serverOf(config);
    this.#exec = new ExecCredentials(config);
  }

  /** Sends a request and parses its JSON answer. */
  async json(request: KubeRequest): Promise<unknown> {
    const response = await this.#send<string>(request, 'text');
    const { data } = response;
    request.heardLength?.(data.length);
    try {
      return withoutCredentials(JSON.parse(data) as unknown, sentWith(response), 'data');
    } catch {
      throw this.#notJson(request.what);
    }
  }

  #notJson(what: string): AppError {
    return new AppError('badAnswer', msg`${what}: the response of ${this.server} is not JSON.`, {
      hint: 'Check that this address is an API server and not a proxy’s sign-in page.',
    });
  }

  /** Opens a stream, such as a watch; its timeout ends with the headers. */
  async stream(request: KubeRequest): Promise<KubeStream> {
    const response = await this.#send<Readable>(request, 'stream');
    const { data, headers } = response;
    const own = sentWith(response);
    if (!/^text\/html/i.test(String(headers['content-type'])))
      return { data, cleaned: (answer, kind) => withoutCredentials(answer, own, kind) };
    data.destroy();
    throw this.#notJson(request.what);
  }

  /** Credentials and TLS of one request: for a service behind the API server's proxy too. */
  async access(): Promise<EndpointAccess> {
    const options: RequestOptions = {};
    try {
      await this.#config.applyToHTTPSOptions(options);
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      const context = this.#config.getCurrentContext();
      const { path: file, code } = thrown as NodeJS.ErrnoException;
      if (file !== undefined)
        throw new AppError(
          'notConfigured',
          msg`A file of the context "${context}" cannot be read: ${file} (${String(code)}).`,
          {
            hint: 'Correct the kubeconfig, or put the file at that path.',
          },
        );
      throw new AppError('unauthorized', msg`Could not get credentials for the context "${context}".`, {
        hint: 'Check that kubectl works with this context; the credential program may need you to sign in.',
      });
    }
    return { headers: requestHeaders(this.#config.getCurrentUser(), options), agent: this.#sameAgent(options) };
  }

  /** Closes idle connections. */
  dispose(): void {
    this.#agent?.agent.destroy();
    this.#agent = undefined;
  }

  /** One agent, so that connections are reused, until the certificates, what is asked of the server's, or the proxy change. */
  #sameAgent(options: RequestOptions): HttpsAgent {
    const { skipTLSVerify, proxyUrl } = this.#config.getCurrentCluster() ?? {};
    const material = JSON.stringify(
      [options.ca, options.cert, options.key, options.pfx, options.servername, skipTLSVerify, proxyUrl].map((one) =>
        String(one ?? ''),
      ),
    );
    if (this.#agent?.material !== material) {
      this.#agent?.agent.destroy(); // its idle connections are of no use any more
      const agent = options.agent as HttpsAgent & { keepAlive?: boolean };
      agent.keepAlive = true;
      this.#agent = { agent, material };
    }
    return this.#agent.agent;
  }

  async #send<T>(request: KubeRequest, responseType: 'text' | 'stream'): Promise<AxiosResponse<T>> {
    const { method = 'GET', path, query, body, contentType, what, signal } = request;
    if (leadsElsewhere(path)) throw new AppError('invalid', msg`The path ${path} is not allowed.`);
    let started = 0;
    let sentMs: number | undefined;
    const whole = {
      ...{ method, url: `${this.server}${path}`, query, body, contentType, responseType, signal },
      access: () => this.access(),
      maxBytes: MAX_BYTES,
      timeoutMs: request.timeoutMs ?? this.#options.timeoutMs ?? TIMEOUT_MS,
      environmentProxy: false, // the agent knows the kubeconfig's proxy
      peer: apiServerPeer(what, this.server, method === 'GET' || query?.['dryRun'] === 'All'),
      onSend: () => void (sentMs = Date.now()),
    };
    const send = (): Promise<AxiosResponse<T>> => {
      started = performance.now();
      sentMs = undefined;
      return exchange<T, AxiosResponse<T>>(whole, async (response, sentHeaders) => {
        const date = Date.parse(String(response.headers['date']));
        if (Number.isFinite(date)) this.#options.heardDate?.(date, sentMs ?? NaN, Date.now());
        if (response.status >= 200 && response.status < 300) return response;
        const text = responseType === 'stream' ? await readAll(response.data as Readable) : (response.data as string);
        const after = retryAfterMs(response.headers['retry-after'], Date.now());
        throw responseError(response.status, withoutCredentials(parse(text), sentHeaders), what, after);
      });
    };
    return withRetry(send, {
      safe: method === 'GET',
      signal,
      // What was refused by the server, not what could not be had: a credential that a program gave may be revoked
      // before its end, and the kubeconfig may hold another token by now.
      renew: () => sentMs !== undefined && (this.#exec.forget(started) || this.#reload()),
      wait: this.#options.wait,
    });
  }

  /** Takes up the kubeconfig as it is now, and with it new tokens and certificates. */
  #reload(): boolean {
    try {
      const config = this.#options.reload?.();
      // Another cluster under the old name: only a new session may go there.
      if (!config || serverOf(config) !== this.server) return false;
      this.#config = config;
      this.#exec = new ExecCredentials(config);
      return true;
    } catch {
      return false;
    }
  }
}

/** What no answer may bring back: what was sent with this very request, for the next one may have a newer credential. */
const sentWith = ({ config }: AxiosResponse): Record<string, string> => ({
  Authorization: String(config.headers.get('Authorization') ?? ''),
});

const serverOf = (config: KubeConfig): string =>
  withoutSecrets(config.getCurrentCluster()?.server ?? '').replace(/\/+$/, '');

async function readAll(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.length > 1_000_000) break;
  }
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
