import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { close, listen, readBody, sendJson } from '../http';
import { makeCertificates } from './certificates';
import { discoveryDocument } from './discovery';
import { admit } from './admission';
import type { KubeObject, ObjectStore } from './objects';
import { applyPatch } from './patch';
import { forward } from './proxy';
import { apiVersion, RESOURCES, type Resource } from './resources';
import { fieldPredicate, labelPredicate } from './selectors';
import { badRequest, noSuchPath, StatusError } from './status';
import { toTable } from './tables';
import { serveWatch } from './watch';

/** A running API server. */
export interface KubernetesServer {
  url: string;
  authority: string;
  token: string;
  stop(): Promise<void>;
}

export interface KubernetesOptions {
  store: ObjectStore;
  port?: number;
  /** `namespace/service` → backend's URL on loopback. */
  services: ReadonlyMap<string, string>;
  /** Answers a SelfSubjectAccessReview; everything is allowed by default. */
  allowed?: (attributes: Record<string, string>) => boolean;
}

/** Serves the Kubernetes API over TLS on loopback; a bearer token is needed for everything. */
export async function startKubernetes(options: KubernetesOptions): Promise<KubernetesServer> {
  const { authority, certificate, key } = await makeCertificates();
  const token = randomBytes(24).toString('base64url');
  const server = createServer({ cert: certificate, key }, (request, response) => {
    handle(options, token, request, response).catch((error: unknown) => {
      const status = error instanceof StatusError ? error : new StatusError(500, 'InternalError', error instanceof Error ? error.message : String(error));
      if (response.headersSent) response.destroy();
      else sendJson(response, status.code, status.toStatus());
    });
  });
  const port = await listen(server, options.port ?? 0);
  return { url: `https://127.0.0.1:${port}`, authority, token, stop: () => close(server) };
}

function authorised(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function handle(options: KubernetesOptions, token: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://127.0.0.1');
  if (['/healthz', '/readyz', '/livez'].includes(url.pathname)) {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end('ok');
    return;
  }
  if (!authorised(request, token)) throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  const document = request.method === 'GET' ? discoveryDocument(url.pathname.replace(/\/$/, '')) : undefined;
  if (document !== undefined) return sendJson(response, 200, document);
  if (url.pathname === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews' && request.method === 'POST') {
    return accessReview(options, await jsonBody(request), response);
  }
  const proxy = /^\/api\/v1\/namespaces\/([^/]+)\/services\/([^/]+)\/proxy(\/.*)?$/.exec(url.pathname);
  if (proxy) {
    const [, namespace, service, path] = proxy as unknown as [string, string, string, string | undefined];
    const name = /^(?:https?:)?([^:]+)(?::.*)?$/.exec(decodeURIComponent(service))?.[1] ?? '';
    const backend = options.services.get(`${namespace}/${name}`);
    if (!backend) throw new StatusError(503, 'ServiceUnavailable', `no endpoints available for service ${JSON.stringify(name)}`);
    return forward(request, response, backend, `${path ?? '/'}${url.search}`);
  }
  await serveObjects(options, request, response, url);
}

async function jsonBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const text = await readBody(request).catch((error: unknown) => {
    if (error instanceof RangeError) throw new StatusError(413, 'RequestEntityTooLarge', 'Request entity too large');
    throw error;
  });
  try {
    const parsed: unknown = JSON.parse(text === '' ? '{}' : text);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // The answer below says it.
  }
  throw badRequest('the object provided is unrecognized (must be of type Object)');
}

function accessReview(options: KubernetesOptions, body: Record<string, unknown>, response: ServerResponse): void {
  const spec = (body['spec'] ?? {}) as { resourceAttributes?: Record<string, string> };
  const allowed = options.allowed?.(spec.resourceAttributes ?? {}) ?? true;
  sendJson(response, 201, { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec, status: { allowed } });
}

function route(pathname: string): { resource: Resource; namespace: string | undefined; name: string | undefined } {
  const match = /^\/(?:api\/v1|apis\/([^/]+)\/([^/]+))(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?$/.exec(pathname);
  const ofNamespace = /^\/api\/v1\/namespaces(?:\/([^/]+))?$/.exec(pathname);
  if (ofNamespace) return { resource: RESOURCES.find((one) => one.kind === 'Namespace') as Resource, namespace: undefined, name: ofNamespace[1] };
  const resource = match && RESOURCES.find((one) => one.plural === match[4] && one.group === (match[1] ?? '') && one.version === (match[2] ?? 'v1'));
  if (!resource) throw noSuchPath();
  return { resource, namespace: match[3] === undefined ? undefined : decodeURIComponent(match[3]), name: match[5] === undefined ? undefined : decodeURIComponent(match[5]) };
}

async function serveObjects(options: KubernetesOptions, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const { store } = options;
  const { resource, namespace, name } = route(url.pathname);
  const query = url.searchParams;
  const table = (request.headers.accept ?? '').includes('as=Table');
  const dryRun = query.get('dryRun') === 'All';
  const fieldValidation = query.get('fieldValidation') ?? 'Warn';
  const matches = (object: KubeObject): boolean => labels(object.metadata.labels ?? {}) && fields(object);
  const labels = labelPredicate(query.get('labelSelector') ?? '');
  const fields = fieldPredicate(query.get('fieldSelector') ?? '');
  const answer = (status: number, object: KubeObject, warnings: readonly string[] = []): void =>
    sendJson(response, status, table ? toTable(resource, [object], store.clock.now(), store.version) : object, warnings.length > 0 ? { warning: warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', ') } : {});

  if (request.method === 'GET' && !name) {
    if (query.get('watch') === 'true' || query.get('watch') === '1') {
      const timeoutMs = Number(query.get('timeoutSeconds') ?? 1800) * 1000;
      return serveWatch(store, { resource, namespace, matches, resourceVersion: query.get('resourceVersion') ?? undefined, bookmarks: query.get('allowWatchBookmarks') === 'true', table, timeoutMs }, response);
    }
    return list(store, resource, store.list(resource, namespace).filter(matches), query, table, response);
  }
  if (request.method === 'GET' && name) return answer(200, store.get(resource, namespace, name));
  if (request.method === 'POST' && !name) {
    const body = (await jsonBody(request)) as KubeObject;
    const given = { ...body, metadata: { ...body.metadata, ...(namespace === undefined ? {} : { namespace }) } };
    if (body.kind && body.kind !== resource.kind) throw badRequest(`the object provided is unrecognized: kind ${JSON.stringify(body.kind)} does not match ${resource.kind}`);
    if (namespace !== undefined) store.get(RESOURCES.find((one) => one.kind === 'Namespace') as Resource, undefined, namespace);
    const { object, warnings } = admit(resource, given, fieldValidation);
    return answer(201, store.create(resource, object, dryRun), warnings);
  }
  if (request.method === 'PUT' && name) {
    const body = (await jsonBody(request)) as KubeObject;
    const { object, warnings } = admit(resource, { ...body, metadata: { ...body.metadata, name, ...(namespace === undefined ? {} : { namespace }) } }, fieldValidation, store.get(resource, namespace, name));
    return answer(200, store.update(resource, object, dryRun), warnings);
  }
  if (request.method === 'PATCH' && name) {
    const body = await jsonBody(request);
    const current = store.get(resource, namespace, name);
    const patched = applyPatch(request.headers['content-type'] ?? '', current, body);
    const { object, warnings } = admit(resource, patched, fieldValidation, current);
    return answer(200, store.update(resource, object, dryRun), warnings);
  }
  if (request.method === 'DELETE' && name) {
    await readBody(request);
    if (dryRun) return answer(200, store.get(resource, namespace, name));
    const { object, removed } = store.delete(resource, namespace, name);
    if (!removed) return answer(200, object);
    return sendJson(response, 200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: { name, group: resource.group, kind: resource.plural, uid: object.metadata.uid } });
  }
  throw new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}

function list(store: ObjectStore, resource: Resource, all: KubeObject[], query: URLSearchParams, table: boolean, response: ServerResponse): void {
  const limit = Number(query.get('limit') ?? 0);
  const offset = query.get('continue') ? Number(Buffer.from(query.get('continue') as string, 'base64url').toString()) : 0;
  if (!Number.isInteger(offset)) throw badRequest('continue key is not valid');
  const page = limit > 0 ? all.slice(offset, offset + limit) : all.slice(offset);
  const rest = all.length - offset - page.length;
  const metadata: Record<string, unknown> = { resourceVersion: String(store.version) };
  if (rest > 0) Object.assign(metadata, { continue: Buffer.from(String(offset + page.length)).toString('base64url'), remainingItemCount: rest });
  if (table) return sendJson(response, 200, { ...toTable(resource, page, store.clock.now(), store.version), metadata });
  sendJson(response, 200, { kind: `${resource.kind}List`, apiVersion: apiVersion(resource), metadata, items: page });
}
