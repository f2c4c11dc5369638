import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { json } from '../adapters/server';
import type { Authority } from './certificates';

/** What a server lets in, and where its API is. */
export interface BackendOptions {
  /** Before `/api/v1`; elsewhere it is 404. */
  prefix?: string;
  /** The `Authorization` header that it wants. */
  authorization?: string;
  /** The tenant that it wants, as Mimir does. */
  tenant?: string;
  /** TLS with this authority; with `mutual` it wants a client certificate of it. */
  tls?: Authority;
  mutual?: boolean;
  /** Names of metrics that it has. */
  metrics?: readonly string[];
}

/** A server of Prometheus's HTTP API on loopback. */
export class Backend {
  readonly #server: Server;
  readonly #scheme: string;
  readonly #options: BackendOptions;
  /** `GET /path` and the headers of each request. */
  readonly requests: { line: string; headers: IncomingMessage['headers']; certificate: string | undefined }[] = [];

  private constructor(server: Server, scheme: string, options: BackendOptions) {
    this.#server = server;
    this.#scheme = scheme;
    this.#options = options;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response));
  }

  static async start(options: BackendOptions = {}): Promise<Backend> {
    const { tls, mutual } = options;
    const pair = await tls?.server();
    const server = pair
      ? createHttps({
          cert: pair.certificate,
          key: pair.key,
          ...(mutual ? { ca: tls?.certificate, requestCert: true, rejectUnauthorized: true } : {}),
        })
      : createHttp();
    const backend = new Backend(server as Server, pair ? 'https' : 'http', options);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return backend;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { prefix = '', authorization, tenant, metrics = [] } = this.#options;
    const certificate = this.#options.mutual
      ? String((request.socket as TLSSocket).getPeerCertificate().subject.CN)
      : undefined;
    this.requests.push({ line: `${request.method} ${request.url}`, headers: request.headers, certificate });
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (authorization !== undefined && request.headers.authorization !== authorization)
      return void response.writeHead(401, { 'www-authenticate': 'Basic' }).end('Unauthorized\n');
    if (tenant !== undefined && request.headers['x-scope-orgid'] !== tenant)
      return void response.writeHead(401).end('no org id\n');
    if (url.pathname === `${prefix}/api/v1/status/buildinfo`)
      return json(response, { status: 'success', data: { version: '9.9.9' } });
    if (url.pathname !== `${prefix}/api/v1/query`) return void response.writeHead(404).end('404 page not found\n');
    const name = /^count\((\w+)\)$/.exec(url.searchParams.get('query') ?? '')?.[1];
    const result = name === undefined || metrics.includes(name) ? [{ metric: {}, value: [1, '1'] }] : [];
    json(response, { status: 'success', data: { resultType: 'vector', result } });
  }
}
