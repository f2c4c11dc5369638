import { mkdirSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as httpsRequest, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { makeCertificates, type Certificates } from '../../../src/demo/kubernetes/certificates';

/** A request on its way through. */
export interface Passing {
  method: string;
  path: string;
  query: URLSearchParams;
  isWatch: boolean;
}

/**
 * What happens to a request. `arrived` is asked before the real server sees it: answering true, it has dealt with the
 * response itself. `answered` is asked when the real server has done it, before anything of that reaches the client:
 * answering true, the client hears nothing more.
 */
export interface Mischief {
  arrived?: (passing: Passing, response: ServerResponse, request: IncomingMessage) => boolean | Promise<boolean>;
  answered?: (passing: Passing, response: ServerResponse, status: number) => boolean | Promise<boolean>;
}

/** An API server that misbehaves: HTTPS on loopback, before the embedded cluster's own. It can be restarted on its port. */
export class FaultyApi {
  readonly #upstream: { url: string; token: string };
  readonly #certificates: Certificates;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  mischief: Mischief = {};
  /** Every request, in order. */
  readonly requests: Passing[] = [];
  /** Watches open now, by path. */
  readonly watches = new Map<string, number>();

  private constructor(upstream: { url: string; token: string }, certificates: Certificates) {
    this.#upstream = upstream;
    this.#certificates = certificates;
  }

  /** Stands before the server of a kubeconfig. */
  static async before(kubeconfig: string): Promise<FaultyApi> {
    const config = JSON.parse(kubeconfig) as {
      clusters: { cluster: { server: string } }[];
      users: { user: { token: string } }[];
    };
    const url = config.clusters[0]?.cluster.server as string;
    const api = new FaultyApi({ url, token: config.users[0]?.user.token as string }, await makeCertificates());
    await api.start();
    return api;
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  /** A kubeconfig that leads here; returns its path. */
  writeKubeconfig(directory: string, user: unknown = { token: this.#upstream.token }, name = 'kubeconfig'): string {
    mkdirSync(directory, { recursive: true });
    const file = path.join(directory, name);
    const authority = Buffer.from(this.#certificates.authority).toString('base64');
    const content = {
      clusters: [{ name: 'faulty', cluster: { server: this.url, 'certificate-authority-data': authority } }],
      users: [{ name: 'faulty', user }],
      contexts: [{ name: 'faulty', context: { cluster: 'faulty', user: 'faulty', namespace: 'oceanbase' } }],
      'current-context': 'faulty',
    };
    writeFileSync(file, JSON.stringify(content));
    return file;
  }

  async start(): Promise<void> {
    const { certificate, key } = this.#certificates;
    this.#server = createServer({ cert: certificate, key }, (request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => this.#server?.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Goes away in the middle of whatever it was doing. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const isWatch = url.searchParams.get('watch') === 'true';
    const passing = { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams, isWatch };
    this.requests.push(passing);
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk as Buffer);
    if (await this.mischief.arrived?.(passing, response, request)) return;
    const { host: _host, ...headers } = request.headers;
    if (isWatch) this.#count(url.pathname, response);
    const outgoing = httpsRequest(
      `${this.#upstream.url}${request.url}`,
      { method: request.method, headers, rejectUnauthorized: false, agent: false },
      (answer) => {
        void (async () => {
          if (await this.mischief.answered?.(passing, response, answer.statusCode ?? 0)) return answer.destroy();
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          response.flushHeaders();
          answer.pipe(response);
          answer.on('error', () => response.destroy());
        })();
      },
    );
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    outgoing.end(Buffer.concat(body));
  }

  #count(of: string, response: ServerResponse): void {
    this.watches.set(of, (this.watches.get(of) ?? 0) + 1);
    response.on('close', () => this.watches.set(of, (this.watches.get(of) ?? 1) - 1));
  }
}

/** Answers as a Kubernetes Status. */
export function refuse(response: ServerResponse, code: number, message: string, headers: object = {}): true {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code }));
  return true;
}
