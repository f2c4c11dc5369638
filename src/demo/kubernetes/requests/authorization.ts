import { USER, type Allowed } from './reviews';
import { StatusError } from '../objects/status';

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Refuses with 403, in the API server's words, what the user may not do; paths of no resource are free. */
export function mayRequest(allowed: Allowed, method: string, url: URL): void {
  const attributes = attributesOf(method, url);
  if (!attributes || allowed(attributes)) return;
  const { verb, group, resource, subresource, namespace, name } = attributes;
  const what = subresource ? `${resource}/${subresource}` : resource;
  const named = name ? ` ${JSON.stringify(name)}` : '';
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  const message = `${group ? `${resource}.${group}` : resource}${named} is forbidden: User ${JSON.stringify(USER)} cannot ${verb} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}`;
  throw new StatusError(403, 'Forbidden', message, { ...(name ? { name } : {}), group, kind: resource });
}

/** What a request does, as a SelfSubjectAccessReview asks for it; undefined where it concerns no resource. */
function attributesOf(method: string, url: URL): Record<string, string> | undefined {
  const path =
    /^\/(?:api|apis\/([^/]+))\/[^/]+(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+)(?:\/([a-z]+)(?:\/.*)?)?)?$/.exec(
      url.pathname,
    );
  if (!path) return undefined;
  const [, group = '', namespace = '', resource = '', name = '', subresource = ''] = path;
  const read = url.searchParams.get('watch') === 'true' ? 'watch' : name === '' ? 'list' : 'get';
  const verb = method === 'DELETE' && name === '' ? 'deletecollection' : (VERBS[method] ?? read);
  return { verb, group, resource, namespace, name, ...(subresource ? { subresource } : {}) };
}
