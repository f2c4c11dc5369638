import type { IncomingMessage, ServerResponse } from 'node:http';
import { respondJson } from '../../http';
import { admit } from './admission';
import { deleteObject, type DeleteOptions } from '../objects/deletion';
import { labelPredicate } from './labelSelector';
import { listPage } from './listing';
import { mustBeSame } from '../objects/metadata';
import type { KubeObject, ObjectStore } from '../objects/objects';
import { applyPatch, isListPatch, mustBePatch } from '../objects/patch';
import { completeNamespace, mustTakeContent } from '../objects/namespaces';
import { objectBody } from './protobuf';
import { jsonBody, mustBeDryRun, ofPath, warningHeader, wholeNumber, writeOptions } from './requests';
import { apiVersion, RESOURCES, type Resource } from '../objects/resources';
import { fieldPredicate } from './selectors';
import { badRequest, invalid, noSuchPath, PlainError, StatusError, tooLarge } from '../objects/status';
import { tableOf, toTable } from './tables';
import { serveWatch } from './watch';

const NAMESPACES = RESOURCES.find((one) => one.kind === 'Namespace') as Resource;

const BUILT_IN = /^\/(api\/v1|apis\/(apiextensions|authorization|authentication)\.k8s\.io\/v1)\//;

function decode(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part);
  } catch {
    // The HTTP server below the API refuses what is no URL.
    throw new PlainError(400, '400 Bad Request');
  }
}

function route(pathname: string): { resource: Resource; namespace: string | undefined; name: string | undefined } {
  const match = /^\/(?:api\/v1|apis\/([^/]+)\/([^/]+))(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?$/.exec(
    pathname,
  );
  const ofNamespace = /^\/api\/v1\/namespaces(?:\/([^/]+))?$/.exec(pathname);
  if (ofNamespace) return { resource: NAMESPACES, namespace: undefined, name: decode(ofNamespace[1]) };
  const resource =
    match &&
    RESOURCES.find(
      (one) => one.plural === match[4] && one.group === (match[1] ?? '') && one.version === (match[2] ?? 'v1'),
    );
  // Only the groups that the server has built in answer with a Status of what they do not know.
  if (!resource) throw BUILT_IN.test(pathname) ? noSuchPath() : new PlainError(404, '404 page not found\n');
  const [namespace, name] = [decode(match[3]), decode(match[5])];
  // Only a list spans the namespaces, and what has no namespace is in none.
  if (resource.namespaced ? namespace === undefined && name !== undefined : namespace !== undefined) throw noSuchPath();
  return { resource, namespace, name };
}

/** How long a watch lasts that asks for no time of its own, or for none. */
const LONGEST_WATCH_S = 1800;

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
  const table = tableOf(request.headers.accept, query);
  const labels = labelPredicate(query.get('labelSelector') ?? '');
  const fields = fieldPredicate(query.get('fieldSelector') ?? '', resource);
  const matches = (object: KubeObject): boolean => labels(object.metadata.labels ?? {}) && fields(object);
  const answer = (status: number, object: KubeObject, warnings: readonly string[] = []): void =>
    respondJson(
      response,
      status,
      table ? toTable(resource, [object], store.clock.now(), store.version, table) : object,
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
          timeoutMs: (wholeNumber(query, 'timeoutSeconds') || LONGEST_WATCH_S) * 1000,
        },
        response,
      );
    }
    mustBeKnown(store, query.get('resourceVersion'));
    const limit = wholeNumber(query, 'limit');
    return respondJson(
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
  const mayWrite = name !== undefined || namespace !== undefined || !resource.namespaced;
  if (request.method === 'POST' && !name && mayWrite) {
    const { dryRun, fieldValidation } = writeOptions(query, 'CreateOptions');
    const given = ofPath(resource, namespace, undefined, await objectBody(request, resource));
    if (given.metadata.resourceVersion) throw versioned();
    const called = given.metadata.name || given.metadata.generateName || '';
    if (namespace !== undefined) mustTakeContent(store, resource, namespace, called);
    const { object, warnings } = admit(resource, given, fieldValidation);
    const complete = resource === NAMESPACES ? completeNamespace(object) : object;
    return answer(201, store.create(resource, complete, dryRun), warnings);
  }
  if (request.method === 'PUT' && name) {
    const { dryRun, fieldValidation } = writeOptions(query, 'UpdateOptions');
    const given = ofPath(resource, namespace, name, await jsonBody(request, true));
    const current = store.get(resource, namespace, name);
    mustBeSame(resource, given.metadata, current.metadata);
    if (resource.schema && !given.metadata.resourceVersion) throw unversioned(resource, name);
    const { object, warnings } = admit(resource, given, fieldValidation, current);
    return answer(200, store.update(resource, object, dryRun), warnings);
  }
  if (request.method === 'PATCH' && name) {
    const { dryRun, fieldValidation } = writeOptions(query, 'PatchOptions');
    const type = request.headers['content-type'] ?? '';
    mustBePatch(type, resource);
    const patch = await jsonBody(request, false, isListPatch(type));
    const current = store.get(resource, namespace, name); // after the wait: the controller may write meanwhile
    const patched = applyPatch(type, resource, current, patch);
    const { object, warnings } = admit(resource, ofPath(resource, namespace, name, patched), fieldValidation, current);
    return answer(200, store.update(resource, object, dryRun), warnings);
  }
  if (request.method === 'DELETE' && mayWrite && (name !== undefined || resource !== NAMESPACES)) {
    const { dryRun } = writeOptions(query, 'DeleteOptions');
    const asked = (await jsonBody(request)) as DeleteOptions;
    mustBeDryRun(asked.dryRun, 'DeleteOptions');
    if (name) return respondJson(response, 200, deleteObject(store, resource, namespace, name, asked, dryRun));
    const all = store.list(resource, namespace).filter(matches);
    for (const { metadata } of all) deleteObject(store, resource, metadata.namespace, metadata.name, asked, dryRun);
    return respondJson(response, 200, {
      kind: `${resource.kind}List`,
      apiVersion: apiVersion(resource),
      metadata: { resourceVersion: String(store.version) },
      items: all,
    });
  }
  // Of a custom resource there is no such path.
  if (resource.schema && !mayWrite) throw new PlainError(404, '404 page not found\n');
  throw new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}

/** Refuses a list as of a version that is no number, or that is still to come. */
function mustBeKnown(store: ObjectStore, version: string | null): void {
  if (!version) return;
  if (!/^\d+$/.test(version))
    throw badRequest(`Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: invalid syntax`);
  if (Number(version) > store.version) throw tooLarge(Number(version), store.version);
}

/** The server gives no reason: it takes this for a fault of its own. */
const versioned = (): StatusError =>
  new StatusError(500, undefined, 'resourceVersion should not be set on objects to be created');

function unversioned(resource: Resource, name: string): StatusError {
  const message = 'Invalid value: 0x0: must be specified for an update';
  return invalid(resource, name, [{ field: 'metadata.resourceVersion', message, reason: 'FieldValueInvalid' }]);
}
