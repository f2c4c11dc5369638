import type { KubeObject, ObjectStore } from '../objects/objects';
import { apiVersion, type Resource } from '../objects/resources';
import { badRequest, StatusError } from '../objects/status';
import { toTable, type IncludeObject } from './tables';

/** What a list request asks for; `limit` 0 or less means all. */
export interface ListRequest {
  resource: Resource;
  namespace: string | undefined;
  matches: (object: KubeObject) => boolean;
  limit: number;
  continueToken: string | undefined;
  table: IncludeObject | undefined;
}

/** Where the next page begins: after this key, as of this version; -1 is the newest. */
interface Position {
  version: number;
  after: string;
}

const NEWEST = -1;
const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** As a real server writes it, which says it by the key before which nothing is left to list. */
const encode = ({ version, after }: Position): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: version, start: `${after}\u0000` })).toString('base64url');

function decode(token: string): Position {
  try {
    const { v, rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString()) as Record<string, unknown>;
    if (v === 'meta.k8s.io/v1' && typeof rv === 'number' && typeof start === 'string')
      return { version: rv, after: start.replace(/\0$/, '') };
  } catch {
    // Refused below.
  }
  throw badRequest('continue key is not valid');
}

/** 410 with a token for clients that prefer an inconsistent rest to starting again. */
function mustRemember(store: ObjectStore, { version, after }: Position): void {
  if (version === NEWEST || store.remembers(version)) return;
  throw new StatusError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    undefined,
    { continue: encode({ version: NEWEST, after }) },
  );
}

/**
 * One page of a list, or its table form. A page as of a version that is forgotten is refused with 410.
 * Unlike there, later pages show the objects as they are now; objects never appear twice.
 */
export function listPage(store: ObjectStore, request: ListRequest): Record<string, unknown> {
  const { resource, limit } = request;
  const from = request.continueToken ? decode(request.continueToken) : undefined;
  if (from) mustRemember(store, from);
  const all = store
    .list(resource, request.namespace)
    .filter(request.matches)
    .filter((object) => !from || keyOf(object) > from.after);
  const page = limit > 0 ? all.slice(0, limit) : all;
  const version = from && from.version !== NEWEST ? from.version : store.version;
  // A list of custom resources says that it ends; a list of a core kind, or a table, says nothing.
  const end = resource.schema && !request.table ? { continue: '' } : {};
  const metadata: Record<string, unknown> = { ...end, resourceVersion: String(version) };
  const last = page.at(-1);
  if (last && all.length > page.length) {
    metadata['continue'] = encode({ version, after: keyOf(last) });
    metadata['remainingItemCount'] = all.length - page.length;
  }
  if (request.table) return { ...toTable(resource, page, store.clock.now(), version, request.table), metadata };
  return { kind: `${resource.kind}List`, apiVersion: apiVersion(resource), metadata, items: page };
}
