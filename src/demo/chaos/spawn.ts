import { CONTROLLED_BY_LABEL, embeddedKey } from '../../core/workflows/embedded';
import { admit } from '../kubernetes/requests/admission';
import type { KubeObject, ObjectStore } from '../kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../kubernetes/objects/resources';

/** The resource of a kind; undefined for one that the cluster does not have. */
export const resourceOf = (kind: string): Resource | undefined => RESOURCES.find((resource) => resource.kind === kind);

/** What a controller gives to what it starts. */
export interface Parent {
  object: KubeObject;
  labels: Record<string, string>;
}

/** Creates an object through admission, owned by another. Throws what the API server refuses it with. */
export function spawn(
  store: ObjectStore,
  kind: string,
  parent: Parent,
  metadata: { name?: string; generateName?: string; finalizers?: string[] },
  spec: Record<string, unknown>,
): KubeObject {
  const resource = resourceOf(kind);
  if (!resource) throw new Error(`no kind ${kind}`);
  const { namespace, name, uid } = parent.object.metadata;
  const owner = { apiVersion: parent.object.apiVersion, kind: parent.object.kind, name, uid };
  const given = {
    apiVersion: parent.object.apiVersion,
    kind,
    metadata: {
      name: '',
      ...metadata,
      ...(namespace === undefined ? {} : { namespace }),
      labels: parent.labels,
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    spec: structuredClone(spec),
  } as KubeObject;
  return store.create(resource, admit(resource, given, 'Ignore').object);
}

/** The spec that a template or a schedule holds for a kind; undefined where it holds none. */
export function embeddedSpec(holder: Record<string, unknown>, kind: string): Record<string, unknown> | undefined {
  return holder[embeddedKey(kind)] as Record<string, unknown> | undefined;
}

/** What another object controls, oldest first. */
export function controlledBy(store: ObjectStore, kind: string, { metadata }: KubeObject): KubeObject[] {
  const resource = resourceOf(kind);
  if (!resource) return [];
  return store
    .list(resource, metadata.namespace)
    .filter((one) => one.metadata.labels?.[CONTROLLED_BY_LABEL] === metadata.name && isOwnedBy(one, metadata.uid))
    .sort((a, b) => versionOf(a) - versionOf(b));
}

/** True where the owner is that very object. */
export const isOwnedBy = ({ metadata }: KubeObject, uid: string | undefined): boolean =>
  ((metadata['ownerReferences'] as { uid?: string }[] | undefined) ?? []).some((owner) => owner.uid === uid);

// Objects of one second are told apart by the order in which their names were made.
const versionOf = ({ metadata }: KubeObject): number => Date.parse(metadata.creationTimestamp ?? '') || 0;
