import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { json } from '../adapters/server';
import type { Authority } from './certificates';

/** What a request showed of who sends it. */
export interface Seen {
  authorization: string | undefined;
  /** Common name of the client's certificate, where it is signed by the authority. */
  certificate: string | undefined;
  path: string;
  /** Headers of impersonation as they came, one by one. */
  impersonation: readonly string[];
}

function impersonationIn(raw: readonly string[]): string[] {
  return raw.flatMap((name, i) => (i % 2 === 0 && /^impersonate-/i.test(name) ? `${name}: ${raw[i + 1]}` : []));
}

/** An API server over TLS that tells what it sees, and lets in whom the test lets in. */
export class TlsApiServer {
  readonly #server: Server;
  readonly seen: Seen[] = [];
  allow: (seen: Seen) => boolean = () => true;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(authority: Authority): Promise<TlsApiServer> {
    const { certificate, key } = await authority.server();
    const options = { cert: certificate, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false };
    const server = createServer(options);
    const api = new TlsApiServer(server);
    server.on('request', (request: IncomingMessage, response) => {
      const socket = request.socket as TLSSocket;
      const name = socket.authorized ? String(socket.getPeerCertificate().subject.CN) : undefined;
      const seen = {
        authorization: request.headers.authorization,
        certificate: name,
        path: request.url ?? '',
        impersonation: impersonationIn(request.rawHeaders),
      };
      api.seen.push(seen);
      if (api.allow(seen)) return json(response, { metadata: { resourceVersion: '1' }, items: [] });
      json(response, { kind: 'Status', status: 'Failure', message: 'Unauthorized', code: 401 }, 401);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A proxy that tunnels to where it is asked to, whatever the host's name; it tells of each tunnel. */
export class TunnelProxy {
  readonly #server: HttpServer;
  readonly #sockets = new Set<Socket>();
  readonly tunnels: { to: string; authorization: string | undefined }[] = [];

  private constructor(port: number) {
    this.#server = createHttpServer();
    this.#server.on('connect', (request, client: Socket) => {
      this.tunnels.push({ to: request.url ?? '', authorization: request.headers['proxy-authorization'] });
      const upstream = connect(port, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
      }
      client.pipe(upstream).pipe(client);
    });
  }

  static async start(toPort: number): Promise<TunnelProxy> {
    const proxy = new TunnelProxy(toPort);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
