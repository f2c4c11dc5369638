import { RESOURCES, type Resource } from './objects/resources';
import { REVIEWS } from './requests/reviews';

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

/** What `kubectl get all` shows. */
const IN_ALL = ['Pod', 'Service'];

const groups = (): string[] =>
  [...new Set([...RESOURCES, ...REVIEWS].map(({ group }) => group))].filter((group) => group !== '');

function versionOf(group: string): string {
  return RESOURCES.find((resource) => resource.group === group)?.version ?? 'v1';
}

function resourceEntry(resource: Resource): Record<string, unknown> {
  return {
    name: resource.plural,
    singularName: resource.singular,
    namespaced: resource.namespaced,
    kind: resource.kind,
    verbs: VERBS,
    shortNames: resource.shortNames,
    ...(IN_ALL.includes(resource.kind) ? { categories: ['all'] } : {}),
  };
}

function resourceList(group: string, version: string): Record<string, unknown> {
  const resources = RESOURCES.filter((resource) => resource.group === group && resource.version === version).map(
    resourceEntry,
  );
  for (const { plural, kind } of REVIEWS.filter((review) => review.group === group))
    resources.push({ name: plural, singularName: kind.toLowerCase(), namespaced: false, kind, verbs: ['create'] });
  if (group === '')
    resources.push({
      name: 'services/proxy',
      singularName: '',
      namespaced: true,
      kind: 'ServiceProxyOptions',
      verbs: ['create', 'get'],
    });
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group ? `${group}/${version}` : version,
    resources,
  };
}

function groupEntry(group: string): Record<string, unknown> {
  const version = { groupVersion: `${group}/${versionOf(group)}`, version: versionOf(group) };
  return { name: group, versions: [version], preferredVersion: version };
}

/** Discovery and OpenAPI documents by path; undefined where there is none. */
export function discoveryDocument(path: string): unknown {
  if (path === '/version')
    return {
      major: '1',
      minor: '32',
      gitVersion: 'v1.32.0',
      gitCommit: '',
      gitTreeState: 'clean',
      buildDate: '',
      goVersion: '',
      compiler: 'gc',
      platform: 'linux/amd64',
    };
  if (path === '/api')
    return { kind: 'APIVersions', apiVersion: 'v1', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups().map(groupEntry) };
  if (path === '/api/v1') return resourceList('', 'v1');
  const one = /^\/apis\/([^/]+)$/.exec(path)?.[1];
  if (one && groups().includes(one)) return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(one) };
  const [, group, version] = /^\/apis\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (group && version && groups().includes(group) && version === versionOf(group)) return resourceList(group, version);
  if (path === '/openapi/v3') return openApiIndex();
  const document = /^\/openapi\/v3\/(apis?\/.*)$/.exec(path)?.[1];
  if (document) return openApiDocument(document);
  return undefined;
}

function openApiIndex(): unknown {
  const paths = ['api/v1', ...groups().map((group) => `apis/${group}/${versionOf(group)}`)];
  return {
    paths: Object.fromEntries(paths.map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=demo` }])),
  };
}

/** Enough for clients that ask which verbs validate fields on the server. */
function openApiDocument(path: string): unknown {
  const [, group = '', version = 'v1'] = /^apis\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string', uniqueItems: true },
  }));
  const kinds = RESOURCES.filter((resource) => resource.group === group);
  const paths: Record<string, unknown> = {};
  const schemas: Record<string, unknown> = {};
  for (const resource of kinds) {
    const gvk = { group, version, kind: resource.kind };
    const operation = (action: string): unknown => ({
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': gvk,
      parameters,
      responses: { 200: { description: 'OK' } },
    });
    const at = `/${path}/${resource.namespaced ? 'namespaces/{namespace}/' : ''}${resource.plural}`;
    paths[at] = { post: operation('post'), parameters };
    paths[`${at}/{name}`] = { patch: operation('patch'), put: operation('put'), parameters };
    schemas[`io.demo.${resource.kind}`] = {
      ...(resource.schema ?? { type: 'object' }),
      'x-kubernetes-group-version-kind': [gvk],
    };
  }
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: 'v1.32.0' }, paths, components: { schemas } };
}
