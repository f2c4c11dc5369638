import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../../core/base/errors';
import type { Disposable } from '../../core/base/disposable';
import type { Log } from '../../core/base/log';
import { send, sendError, sendJson } from './answers';
import { keepRoom } from './connections';
import { docsPage, type StaticPage } from './docsPage';
import { openApi } from './openApi';
import { checkOrigin, checkToken, HttpRefusal, isToken, readJson } from './requests';
import { ROUTES, type RestBackend } from './routes';

export type { RestBackend } from './routes';

/** A server that runs. */
export interface RunningRestApi extends Disposable {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** What requests must carry; it lives as long as the server and is kept nowhere. */
  readonly token: string;
}

const READ_MS = 10_000;
const MOST_HEAD_BYTES = 8192;

/** What all requests of one server share. */
interface Shared {
  backend: RestBackend;
  log: Log;
  port: number;
  token: string;
  /** Built once: requests for them need no token, and may be frequent. */
  pages: ReadonlyMap<string, StaticPage>;
}

/**
 * Starts the REST API on loopback, on a port that is free where `port` is 0. Rejects with AppError `conflict` when the
 * port is taken.
 */
export async function startRestApi(options: {
  backend: RestBackend;
  version: string;
  log: Log;
  port: number;
}): Promise<RunningRestApi> {
  const { backend, version, log } = options;
  const token = randomBytes(32).toString('base64url');
  const server = createServer({
    requestTimeout: READ_MS,
    headersTimeout: READ_MS,
    connectionsCheckingInterval: 1000,
    maxHeaderSize: MOST_HEAD_BYTES,
  });
  server.maxRequestsPerSocket = 1; // what is asked for without reading the answers must not grow here
  const hasToken = (head: string): boolean => isToken(/^authorization:(.*)$/im.exec(head)?.[1], token);
  keepRoom(server, hasToken, { bytes: MOST_HEAD_BYTES, ms: READ_MS });
  const port = await listen(server, options.port);
  const document = openApi(version, `http://127.0.0.1:${port}`);
  const pages = new Map<string, StaticPage>([
    ['/openapi.json', { type: 'application/json; charset=utf-8', text: JSON.stringify(document), headers: {} }],
    ['/docs', docsPage(document)],
  ]);
  const shared: Shared = { backend, log, port, token, pages };
  server.on('request', (request, response) => {
    void answer(shared, request, response).catch((thrown: unknown) => {
      log.debug(`REST API: ${request.method ?? ''} ${pathOf(request)} failed`);
      sendError(response, thrown);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    dispose: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new AppError('conflict', `Port ${port} of 127.0.0.1 cannot be used: ${error.code ?? error.message}.`)),
    );
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?')[0] as string;

async function answer(
  { backend, log, port, token, pages }: Shared,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  checkOrigin(request, port);
  const path = pathOf(request);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const page = pages.get(path);
  if (page) {
    if (method !== 'GET') throw notAllowed('GET');
    return send(response, 200, page.type, page.text, page.headers);
  }
  checkToken(request, token);
  const routes = ROUTES.filter((one) => one.path === path);
  const route = routes.find((one) => one.method === method);
  if (routes.length === 0) throw new HttpRefusal(404, `There is no ${path}. See /docs.`);
  if (!route) throw notAllowed(routes.map((one) => one.method).join(', '));
  const body = await readJson(request);
  if (route.method === 'GET' && body !== undefined) throw new HttpRefusal(400, `GET ${path} takes no body.`);
  const left = new AbortController();
  response.once('close', () => left.abort());
  const result = await route.run(backend, body, left.signal);
  log.info(`REST API: ${route.method} ${path}`);
  sendJson(response, 200, result);
}

const notAllowed = (allow: string): HttpRefusal => new HttpRefusal(405, `Allowed here: ${allow}.`, { Allow: allow });
