import type { DatabasePod } from '../cluster/databasePod';

/** A pod with everything that a Chaos Mesh selector may ask of it. */
export interface SelectablePod {
  /** Its `phase` is `Terminating` while it is being deleted; `fields['status.phase']` is what selectors see. */
  target: DatabasePod;
  annotations: Readonly<Record<string, string>>;
  /** By the field selectors that an API server knows for pods, e.g. `spec.nodeName`; '' where a field is empty. */
  fields: Readonly<Record<string, string>>;
}

/** Field selectors that an API server supports for pods; it refuses a list by any other. */
export const POD_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'spec.hostNetwork',
  'status.phase',
  'status.podIP',
  'status.nominatedNodeName',
] as const;

/** A Kubernetes node's labels by its name. */
export type NodeLabels = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** `namespace/name`: as Chaos Mesh's records name a pod. */
export const podId = ({ target }: SelectablePod): string => `${target.namespace}/${target.pod}`;

/** Any pods, as Chaos Mesh's selectors see them. Throws AppError only. */
export interface PodGateway {
  /** All pods of a namespace; [] where there is no such namespace. */
  list(namespace: string, signal?: AbortSignal): Promise<SelectablePod[]>;
  nodeLabels(signal?: AbortSignal): Promise<NodeLabels>;
}
