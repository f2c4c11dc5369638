import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a test's server answers. */
export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

/** A server on loopback that answers as a test likes, badly above all. */
export class TestServer {
  readonly #server: Server;
  /** Method and path with query of every request, in order. */
  readonly requests: string[] = [];
  handler: Handler = (_request, response) => void response.writeHead(404).end();

  constructor() {
    this.#server = createServer((request, response) => {
      this.requests.push(`${request.method} ${request.url}`);
      this.handler(request, response, new URL(request.url ?? '/', 'http://localhost'));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Answers with JSON. */
export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
