import { deleteNamespace } from './namespaces';
import type { KubeObject, ObjectStore } from './objects';
import { qualifiedName, type Resource } from './resources';
import { StatusError } from './status';

/** The body of a DELETE, as far as it is honoured. */
export interface DeleteOptions {
  dryRun?: string[];
  preconditions?: { uid?: string; resourceVersion?: string };
}

/** Deletes one object, or marks it while finalizers hold it; answers with the object or a Success status. */
export function deleteObject(
  store: ObjectStore,
  resource: Resource,
  namespace: string | undefined,
  name: string,
  options: DeleteOptions,
  dryRun: boolean,
): Record<string, unknown> {
  const current = store.get(resource, namespace, name);
  mustMeet(resource, current, options.preconditions ?? {});
  if (resource.kind === 'Namespace')
    return deleteNamespace(store, name, dryRun || (options.dryRun ?? []).includes('All'));
  const { object, removed } =
    dryRun || options.dryRun?.includes('All')
      ? { object: current, removed: (current.metadata.finalizers ?? []).length === 0 }
      : store.delete(resource, namespace, name);
  if (!removed) return object;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, group: resource.group, kind: resource.plural, uid: object.metadata.uid },
  };
}

function mustMeet(
  resource: Resource,
  { metadata }: KubeObject,
  wanted: { uid?: string; resourceVersion?: string },
): void {
  for (const field of ['uid', 'resourceVersion'] as const) {
    const value = wanted[field];
    if (value === undefined || value === metadata[field]) continue;
    const title = field === 'uid' ? 'UID' : 'ResourceVersion';
    throw new StatusError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${qualifiedName(resource)} ${JSON.stringify(metadata.name)}: Precondition failed: ${title} in precondition: ${value}, ${title} in object meta: ${metadata[field]}`,
      { name: metadata.name, kind: qualifiedName(resource) },
    );
  }
}
