import type { Topology } from '../../src/demo/topology';
import { scaledClock } from '../../src/core/base/clock';
import { ObjectStore, type KubeObject } from '../../src/demo/kubernetes/objects/objects';
import { RESOURCES } from '../../src/demo/kubernetes/objects/resources';
import { populate } from '../../src/demo/kubernetes/world';
import { until } from '../until';
import type { Api, Loose } from './api';
import { collection, resourceOf } from './paths';

/** In the order in which they need each other. */
const KINDS = ['CustomResourceDefinition', 'Namespace', 'Service', 'Node', 'Pod'];

/** Fills an empty API server with what the embedded cluster holds: kinds, namespaces, nodes, pods, and who may do what. */
export async function install(api: Api, topology: Topology): Promise<void> {
  const store = worldOf(topology);
  for (const crd of store.list(resourceOf('CustomResourceDefinition'))) knowNewerFields(crd);
  for (const kind of KINDS)
    await Promise.all(store.list(resourceOf(kind)).map((object) => createWithStatus(api, object)));
  await Promise.all([...permissions().map((object) => put(api, object)), kindsServed(api)]);
}

/** Makes the pods that are missing: an earlier suite may have ended before one that it deleted came again. */
export async function restorePods(api: Api, topology: Topology): Promise<void> {
  const pods = worldOf(topology).list(resourceOf('Pod'));
  await Promise.all(pods.map((pod) => createWithStatus(api, pod)));
}

function worldOf(topology: Topology): ObjectStore {
  const store = new ObjectStore(scaledClock(1));
  populate(store, topology, Date.now());
  return store;
}

/**
 * The webhooks' module is newer than the kinds: it fills in a field of network faults that their schema would drop,
 * and would then take every later update for a change of the spec.
 */
export function knowNewerFields(crd: Loose): void {
  if (crd.spec.names.kind !== 'NetworkChaos') return;
  crd.spec = structuredClone(crd.spec);
  for (const { schema } of crd.spec.versions)
    schema.openAPIV3Schema.properties.spec.properties.partitionBehavior = { type: 'string' };
}

/** Creates an object, and then writes its status where that is a subresource of its own; one that is there stays. */
export async function createWithStatus(api: Api, object: KubeObject): Promise<Loose> {
  const resource = resourceOf(object.kind);
  const { uid: _uid, resourceVersion: _version, generation: _generation, ...metadata } = object.metadata;
  delete metadata['creationTimestamp'];
  delete metadata['managedFields'];
  const at = collection(resource, metadata.namespace);
  const clean: KubeObject = { ...object, metadata };
  if (object.kind === 'Pod') clean.spec = withVolumes(object.spec ?? {});
  const { status, ...rest } = clean;
  const made = await api.call('POST', at, rest);
  if (made.status === 409) return undefined;
  if (made.status >= 300) throw new Error(`${object.kind} ${metadata.name}: ${made.body.message}`);
  if (!status || !['Pod', 'Node'].includes(object.kind)) return made.body;
  // The server says by itself which quality of service a pod has; nobody can say otherwise later.
  const { qosClass } = made.body.status;
  const next = object.kind === 'Pod' ? { ...status, qosClass } : status;
  return api.must('PUT', `${at}/${metadata.name}/status`, { ...made.body, status: next });
}

/** A real API server takes no mount without its volume. */
function withVolumes(spec: Record<string, unknown>): Record<string, unknown> {
  const containers = (spec['containers'] ?? []) as { volumeMounts?: { name: string }[] }[];
  const names = containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
  const volumes = (spec['volumes'] ?? []) as { name: string }[];
  const missing = [...new Set(names)].filter((name) => !volumes.some((volume) => volume.name === name));
  return { ...spec, volumes: [...volumes, ...missing.map((name) => ({ name, emptyDir: {} }))] };
}

async function put(api: Api, object: Loose): Promise<void> {
  const [group, version] = object.apiVersion.split('/');
  const within = object.metadata.namespace ? `/namespaces/${object.metadata.namespace}` : '';
  const at = `/apis/${group}/${version}${within}/${object.kind.toLowerCase()}s`;
  const { status, body } = await api.call('POST', at, object);
  if (status >= 300 && status !== 409) throw new Error(`${object.kind}: ${body.message}`);
}

/** The group `distdiag:viewers` sees everything and changes nothing; `distdiag:strangers` may do nothing. */
function permissions(): Loose[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const name = 'distdiag:viewer';
  const apiGroup = 'rbac.authorization.k8s.io';
  return [
    {
      apiVersion,
      kind: 'ClusterRole',
      metadata: { name },
      rules: [
        { apiGroups: ['chaos-mesh.org'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
        {
          apiGroups: [''],
          resources: ['pods', 'events', 'services', 'namespaces', 'nodes'],
          verbs: ['get', 'list', 'watch'],
        },
      ],
    },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup, kind: 'ClusterRole', name },
      subjects: [{ apiGroup, kind: 'Group', name: 'distdiag:viewers' }],
    },
  ];
}

/** Waits until all kinds of Chaos Mesh are served, and told of in the OpenAPI document that kubectl checks by. */
async function kindsServed(api: Api): Promise<void> {
  const base = '/apis/chaos-mesh.org/v1alpha1';
  const crds = resourceOf('CustomResourceDefinition');
  await until('the kinds of Chaos Mesh', async (): Promise<boolean> => {
    const { body } = await api.call('GET', collection(crds));
    return body.items?.every((crd: Loose) =>
      crd.status?.conditions?.some((one: Loose) => one.type === 'Established' && one.status === 'True'),
    );
  });
  await until('their OpenAPI document', async () => {
    const { status, body } = await api.call('GET', `/openapi/v3${base}`);
    return status === 200 && JSON.stringify(body).includes('"StressChaos"');
  });
  // A kind's first list is refused with 429 for a second or two: the server's cache of it is still being filled.
  for (const resource of RESOURCES.filter(({ group }) => group === 'chaos-mesh.org'))
    await until(`the first list of ${resource.plural}`, async () => {
      return (await api.call('GET', collection(resource))).status === 200;
    });
}
