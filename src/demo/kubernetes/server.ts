import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { close, listen, respondJson } from '../http';
import { mayRequest } from './requests/authorization';
import { makeCertificates, type Certificates } from './certificates';
import { discoveryDocument } from './discovery';
import type { ObjectStore } from './objects/objects';
import { forward, proxiedService } from './requests/proxy';
import { serveReview, type Allowed } from './requests/reviews';
import { serveObjects } from './requests/serveObjects';
import { PlainError, StatusError } from './objects/status';

/** A running API server. */
export interface KubernetesServer {
  url: string;
  port: number;
  certificates: Certificates;
  token: string;
  stop(): Promise<void>;
}

/** What the API server serves, and to whom. */
export interface KubernetesOptions {
  store: ObjectStore;
  port?: number;
  /** Those of a server that ran before; new ones by default. */
  certificates?: Certificates | undefined;
  token?: string | undefined;
  /** `namespace/service`, or a pod's name in its place → backend's URL on loopback. */
  services: ReadonlyMap<string, string>;
  /** Real milliseconds between a watch's bookmarks: 5 s, more often than a real server's minute. */
  bookmarkMs?: number;
  /** Decides on every request and answers a SelfSubjectAccessReview; everything is allowed by default. */
  allowed?: Allowed;
}

/** Serves the Kubernetes API over TLS on loopback; a bearer token is needed for everything. */
export async function startKubernetes(options: KubernetesOptions): Promise<KubernetesServer> {
  const certificates = options.certificates ?? (await makeCertificates());
  const token = options.token ?? randomBytes(24).toString('base64url');
  const server = createServer({ cert: certificates.certificate, key: certificates.key }, (request, response) => {
    response.setHeader('date', new Date(options.store.clock.now()).toUTCString());
    handle(options, token, request, response).catch((error: unknown) => {
      if (error instanceof PlainError && !response.headersSent) {
        response.writeHead(error.code, { 'content-type': 'text/plain; charset=utf-8' });
        response.end(error.message);
        return;
      }
      const status =
        error instanceof StatusError
          ? error
          : new StatusError(500, 'InternalError', error instanceof Error ? error.message : String(error));
      if (response.headersSent) response.destroy();
      else respondJson(response, status.code, status.toStatus());
    });
  });
  const port = await listen(server, options.port ?? 0);
  return { url: `https://127.0.0.1:${port}`, port, certificates, token, stop: () => close(server) };
}

function authorised(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function handle(
  options: KubernetesOptions,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!URL.canParse(request.url ?? '/', 'https://127.0.0.1')) throw new PlainError(400, '400 Bad Request');
  const url = new URL(request.url ?? '/', 'https://127.0.0.1');
  if (['/healthz', '/readyz', '/livez'].includes(url.pathname)) {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end('ok');
    return;
  }
  if (!authorised(request, token)) throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  const document = request.method === 'GET' ? discoveryDocument(url.pathname.replace(/\/$/, '')) : undefined;
  if (document !== undefined) return respondJson(response, 200, document);
  if (await serveReview(url.pathname, options.allowed, request, response)) return;
  if (options.allowed) mayRequest(options.allowed, request.method ?? 'GET', url);
  const proxy = /^\/api\/v1\/namespaces\/([^/]+)\/(services|pods)\/([^/]+)\/proxy(\/.*)?$/.exec(url.pathname);
  if (proxy) {
    const [, namespace, resource, id, path] = proxy as unknown as [
      string,
      string,
      'services' | 'pods',
      string,
      string?,
    ];
    const backend = proxiedService(options.store, options.services, {
      resource,
      namespace,
      id: id.replaceAll(/%3a/gi, ':'),
    });
    return forward(request, response, backend, `${path ?? '/'}${url.search}`);
  }
  await serveObjects(options.store, options.bookmarkMs ?? 5000, request, response, url);
}
