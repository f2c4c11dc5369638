import { StatusError, unsupportedMediaType } from './status';
import type { KubeObject } from './objects';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON merge patch (RFC 7396). */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Json = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

const pointer = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** JSON patch (RFC 6902): add, replace, remove, test. */
export function jsonPatch(target: KubeObject, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw new StatusError(400, 'BadRequest', 'a JSON patch must be a list');
  const copy = structuredClone(target) as unknown;
  for (const { op, path, value } of operations as { op: string; path: string; value?: unknown }[]) {
    const parts = pointer(path);
    const last = parts.pop() as string;
    let parent: unknown = copy;
    for (const part of parts) parent = (parent as Json | undefined)?.[part];
    const refused = new StatusError(
      422,
      'Invalid',
      `the server rejected our request due to an error in our request: ${op} ${path}`,
    );
    if (typeof parent !== 'object' || parent === null) throw refused;
    const holder = parent as Json;
    if (op === 'test') {
      if (JSON.stringify(holder[last]) !== JSON.stringify(value)) throw refused;
    } else if (op === 'remove') {
      if (Array.isArray(parent)) parent.splice(Number(last), 1);
      else if (last in holder) delete holder[last];
      else throw refused;
    } else if (op === 'add' || op === 'replace') {
      if (Array.isArray(parent) && op === 'add') parent.splice(last === '-' ? parent.length : Number(last), 0, value);
      else holder[last] = value;
    } else throw refused;
  }
  return copy;
}

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

/** Refuses strategic merge and server-side apply with 415, before anything else is looked at. */
export function mustBePatch(contentType: string): void {
  if (![MERGE, JSON_PATCH].some((type) => contentType.startsWith(type))) throw unsupportedMediaType(JSON_PATCH, MERGE);
}

/** Applies a patch by its content type; 415 for one that is neither a merge nor a JSON patch. */
export function applyPatch(contentType: string, current: KubeObject, body: unknown): Record<string, unknown> {
  mustBePatch(contentType);
  return (contentType.startsWith(MERGE) ? mergePatch(current, body) : jsonPatch(current, body)) as Json;
}
