import type { KubeObject, ObjectStore } from './objects';
import { apiVersion, type Resource } from './resources';
import { badRequest } from './status';
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

/** Where the next page begins: after this key, as of this version. */
interface Position {
  version: number;
  after: string;
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
const encode = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url');

function decode(token: string): Position {
  try {
    const parsed = JSON.parse(Buffer.from(token, 'base64url').toString()) as Partial<Position>;
    if (typeof parsed.version === 'number' && typeof parsed.after === 'string') return parsed as Position;
  } catch {
    // Refused below.
  }
  throw badRequest('continue key is not valid');
}

/**
 * One page of a list, or its table form. A page after a compaction is refused with 410, as on a real server.
 * Unlike there, later pages show the objects as they are now; objects never appear twice.
 */
export function listPage(store: ObjectStore, request: ListRequest): Record<string, unknown> {
  const { resource, limit } = request;
  const from = request.continueToken ? decode(request.continueToken) : undefined;
  if (from) store.mustRemember(from.version);
  const all = store
    .list(resource, request.namespace)
    .filter(request.matches)
    .filter((object) => !from || keyOf(object) > from.after);
  const page = limit > 0 ? all.slice(0, limit) : all;
  const version = from?.version ?? store.version;
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
