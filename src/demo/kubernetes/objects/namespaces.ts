import { timestamp, type KubeObject, type Metadata, type ObjectStore } from './objects';
import { qualifiedName, RESOURCES, type Resource } from './resources';
import { StatusError } from './status';

const NAMESPACES = RESOURCES.find((one) => one.kind === 'Namespace') as Resource;
/** What no server lets go. */
const IMMORTAL: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** A new namespace as the server keeps it: with its name as a label, held by the server until it is empty, active. */
export function completeNamespace(given: KubeObject): KubeObject {
  const { name, labels } = given.metadata;
  return {
    ...given,
    metadata: { ...given.metadata, labels: { ...labels, [NAME_LABEL]: name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

/** Refuses new content where the namespace is not there (404) or is going (403). */
export function mustTakeContent(store: ObjectStore, resource: Resource, namespace: string, name: string): void {
  if (!isGoing(store.get(NAMESPACES, undefined, namespace))) return;
  const { group, plural } = resource;
  throw new StatusError(
    403,
    'Forbidden',
    `${qualifiedName(resource)} ${JSON.stringify(name)} is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    {
      name,
      ...(group ? { group } : {}),
      kind: plural,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  );
}

/**
 * Begins the end of a namespace: it is going from now on, and so is all that is in it; it is gone when that is, which
 * finalizers may hold up. Answers with the namespace as it is then.
 */
export function deleteNamespace(store: ObjectStore, name: string, dryRun: boolean): KubeObject {
  const current = store.get(NAMESPACES, undefined, name);
  if (IMMORTAL.has(name))
    throw new StatusError(
      403,
      'Forbidden',
      `namespaces ${JSON.stringify(name)} is forbidden: this namespace may not be deleted`,
      { name, kind: 'namespaces' },
    );
  if (isGoing(current) || dryRun) return current;
  const going = store.terminate(NAMESPACES, {
    ...current,
    metadata: { ...current.metadata, deletionTimestamp: timestamp(store.clock.now()) },
    status: { ...current.status, phase: 'Terminating' },
  });
  // In the namespace controller's own time: the answer comes first.
  setImmediate(() => empty(store, current.metadata));
  return going;
}

function empty(store: ObjectStore, { uid, name }: Metadata): void {
  const kinds = RESOURCES.filter(({ namespaced }) => namespaced);
  const left = (): [Resource, KubeObject][] =>
    kinds.flatMap((kind) => store.list(kind, name).map((object): [Resource, KubeObject] => [kind, object]));
  const end = (): boolean => {
    if (store.find(NAMESPACES, undefined, name)?.metadata.uid !== uid) return true;
    // Also what others put there meanwhile without asking the server.
    for (const [kind, { metadata }] of left())
      if (store.find(kind, name, metadata.name)) store.delete(kind, name, metadata.name);
    if (left().length > 0) return false;
    store.delete(NAMESPACES, undefined, name);
    return true;
  };
  if (end()) return;
  let soon = false;
  const stop = store.onChange(({ type, object }) => {
    if (soon || type === 'MODIFIED' || object.metadata.namespace !== name) return;
    soon = true;
    setImmediate(() => {
      soon = false;
      if (end()) stop();
    });
  });
}

const isGoing = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;
