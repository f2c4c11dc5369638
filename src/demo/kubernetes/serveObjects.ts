import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from '../http';
import { admit } from './admission';
import { deleteObject, type DeleteOptions } from './deletion';
import { listPage } from './listing';
import type { KubeObject, ObjectStore } from './objects';
import { applyPatch, mustBePatch } from './patch';
import { jsonBody, ofPath, warningHeader, wholeNumber } from './requests';
import { apiVersion, RESOURCES, type Resource } from './resources';
import { fieldPredicate, labelPredicate } from './selectors';
import { noSuchPath, StatusError } from './status';
import { toTable } from './tables';
import { serveWatch } from './watch';

function route(pathname: string): { resource: Resource; namespace: string | undefined; name: string | undefined } {
  const match = /^\/(?:api\/v1|apis\/([^/]+)\/([^/]+))(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?$/.exec(
    pathname,
  );
  const ofNamespace = /^\/api\/v1\/namespaces(?:\/([^/]+))?$/.exec(pathname);
  if (ofNamespace)
    return {
      resource: RESOURCES.find((one) => one.kind === 'Namespace') as Resource,
      namespace: undefined,
      name: ofNamespace[1],
    };
  const resource =
    match &&
    RESOURCES.find(
      (one) => one.plural === match[4] && one.group === (match[1] ?? '') && one.version === (match[2] ?? 'v1'),
    );
  if (!resource) throw noSuchPath();
  return {
    resource,
    namespace: match[3] === undefined ? undefined : decodeURIComponent(match[3]),
    name: match[5] === undefined ? undefined : decodeURIComponent(match[5]),
  };
}

/** Serves get, list, watch, create, update, patch and delete of every kind. */
export async function serveObjects(
  store: ObjectStore,
  bookmarkMs: number,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { resource, namespace, name } = route(url.pathname);
  const query = url.searchParams;
  const table = (request.headers.accept ?? '').includes('as=Table');
  const dryRun = query.get('dryRun') === 'All';
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  const labels = labelPredicate(query.get('labelSelector') ?? '');
  const fields = fieldPredicate(query.get('fieldSelector') ?? '', resource);
  const matches = (object: KubeObject): boolean => labels(object.metadata.labels ?? {}) && fields(object);
  const answer = (status: number, object: KubeObject, warnings: readonly string[] = []): void =>
    sendJson(
      response,
      status,
      table ? toTable(resource, [object], store.clock.now(), store.version) : object,
      warningHeader(warnings),
    );

  if (request.method === 'GET' && !name) {
    if (['true', '1'].includes(query.get('watch') ?? '')) {
      return serveWatch(
        store,
        {
          resource,
          namespace,
          matches,
          resourceVersion: query.get('resourceVersion') ?? undefined,
          bookmarks: query.get('allowWatchBookmarks') === 'true',
          bookmarkMs,
          initialEvents: query.get('sendInitialEvents') === 'true',
          table,
          timeoutMs: wholeNumber(query, 'timeoutSeconds', 1800) * 1000,
        },
        response,
      );
    }
    const limit = wholeNumber(query, 'limit', 0);
    return sendJson(
      response,
      200,
      listPage(store, {
        resource,
        namespace,
        matches,
        limit,
        continueToken: query.get('continue') ?? undefined,
        table,
      }),
    );
  }
  if (request.method === 'GET' && name) return answer(200, store.get(resource, namespace, name));
  if (request.method === 'POST' && !name) {
    const given = ofPath(resource, namespace, undefined, await jsonBody(request, true));
    if (namespace !== undefined)
      store.get(RESOURCES.find((one) => one.kind === 'Namespace') as Resource, undefined, namespace);
    const { object, warnings } = admit(resource, given, fieldValidation);
    return answer(201, store.create(resource, object, dryRun), warnings);
  }
  if (request.method === 'PUT' && name) {
    const given = ofPath(resource, namespace, name, await jsonBody(request, true));
    const { object, warnings } = admit(resource, given, fieldValidation, store.get(resource, namespace, name));
    return answer(200, store.update(resource, object, dryRun), warnings);
  }
  if (request.method === 'PATCH' && name) {
    const type = request.headers['content-type'] ?? '';
    mustBePatch(type);
    const patch = await jsonBody(request);
    const current = store.get(resource, namespace, name); // after the wait: the controller may write meanwhile
    const patched = applyPatch(type, current, patch);
    const { object, warnings } = admit(resource, ofPath(resource, namespace, name, patched), fieldValidation, current);
    return answer(200, store.update(resource, object, dryRun), warnings);
  }
  if (request.method === 'DELETE') {
    const asked = (await jsonBody(request)) as DeleteOptions;
    if (name) return sendJson(response, 200, deleteObject(store, resource, namespace, name, asked, dryRun));
    const all = store.list(resource, namespace).filter(matches);
    for (const { metadata } of all) deleteObject(store, resource, metadata.namespace, metadata.name, asked, dryRun);
    return sendJson(response, 200, {
      kind: `${resource.kind}List`,
      apiVersion: apiVersion(resource),
      metadata: { resourceVersion: String(store.version) },
      items: all,
    });
  }
  throw new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}
