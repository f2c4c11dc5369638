import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from './objects';
import type { Resource } from './resources';
import { badRequest, StatusError, unsupportedMediaType } from './status';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON merge patch (RFC 7396). */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Json = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(Object.hasOwn(result, key) ? result[key] : undefined, value);
  }
  return result;
}

const pointer = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** An item of an object or a list, by what is theirs only: a path through `__proto__` leads nowhere. */
function item(holder: unknown, key: string): { found: boolean; value: unknown } {
  if (Array.isArray(holder)) {
    const found = /^(0|[1-9]\d*)$/.test(key) && Number(key) < holder.length;
    return { found, value: found ? (holder[Number(key)] as unknown) : undefined };
  }
  const found = isObject(holder) && Object.hasOwn(holder, key);
  return { found, value: found ? (holder as Json)[key] : undefined };
}

function put(holder: unknown, key: string, value: unknown): void {
  if (Array.isArray(holder)) holder.splice(key === '-' ? holder.length : Number(key), 0, value);
  else Object.defineProperty(holder, key, { value, enumerable: true, writable: true, configurable: true });
}

/** JSON patch (RFC 6902): add, replace, remove, test; 422 where it does not fit the object. */
export function jsonPatch(target: KubeObject, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw badRequest('a JSON patch must be a list');
  const copy = structuredClone(target) as unknown;
  for (const operation of operations as unknown[]) {
    const { op, path, value } = (isObject(operation) ? operation : {}) as {
      op?: unknown;
      path?: unknown;
      value?: unknown;
    };
    const refused = new StatusError(
      422,
      'Invalid',
      `the server rejected our request due to an error in our request: ${String(op)} ${String(path)}`,
    );
    if (typeof path !== 'string' || !path.startsWith('/')) throw refused;
    const parts = pointer(path);
    const last = parts.pop() as string;
    const holder = parts.reduce<unknown>((at, part) => item(at, part).value, copy);
    if (typeof holder !== 'object' || holder === null) throw refused;
    const { found, value: present } = item(holder, last);
    const fitsList = !Array.isArray(holder) || found || last === '-' || last === String(holder.length);
    if (op === 'add' && fitsList) put(holder, last, value);
    else if (op === 'test' && found && isDeepStrictEqual(present, value)) continue;
    else if ((op === 'remove' || op === 'replace') && found) {
      if (Array.isArray(holder)) holder.splice(Number(last), 1);
      else delete (holder as Json)[last];
      if (op === 'replace') put(holder, last, value);
    } else throw refused;
  }
  return copy;
}

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';

/** Refuses server-side apply, and strategic merge of a custom resource, with 415, before anything else is looked at. */
export function mustBePatch(contentType: string, resource: Resource): void {
  const known = resource.schema ? [JSON_PATCH, MERGE] : [JSON_PATCH, MERGE, STRATEGIC];
  if (!known.some((type) => contentType.startsWith(type))) throw unsupportedMediaType(...known);
}

/** True where the body is a list of operations. */
export function isListPatch(contentType: string): boolean {
  return contentType.startsWith(JSON_PATCH);
}

/** Without lists and directives a strategic merge is a merge; with them it needs the kind's own keys, which are not known here. */
function mustBePlain(patch: unknown): void {
  if (Array.isArray(patch)) throw unsupportedMediaType(JSON_PATCH, MERGE);
  if (!isObject(patch)) return;
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) throw unsupportedMediaType(JSON_PATCH, MERGE);
    mustBePlain(value);
  }
}

/** Applies a patch by its content type. */
export function applyPatch(contentType: string, resource: Resource, current: KubeObject, body: unknown): Json {
  mustBePatch(contentType, resource);
  if (isListPatch(contentType)) return jsonPatch(current, body) as Json;
  if (contentType.startsWith(STRATEGIC)) mustBePlain(body);
  return mergePatch(current, body) as Json;
}
