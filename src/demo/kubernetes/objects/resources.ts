import { CHAOS_CRDS } from '../../chaos/definitions';

/** One kind of object that the API serves. */
export interface Resource {
  group: string;
  version: string;
  plural: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  shortNames: readonly string[];
  /** OpenAPI v3 schema for kinds that come from a CRD. */
  schema: Record<string, unknown> | undefined;
  /** Extra columns of the table form: [name, JSON path]. */
  columns: readonly { name: string; path: string }[];
}

const core = (plural: string, kind: string, namespaced: boolean, shortNames: string[] = []): Resource => ({
  group: '',
  version: 'v1',
  plural,
  singular: kind.toLowerCase(),
  kind,
  namespaced,
  shortNames,
  schema: undefined,
  columns: [],
});

const CORE: readonly Resource[] = [
  core('namespaces', 'Namespace', false, ['ns']),
  core('nodes', 'Node', false, ['no']),
  core('pods', 'Pod', true, ['po']),
  core('services', 'Service', true, ['svc']),
  core('events', 'Event', true, ['ev']),
];

const CRDS: Resource = {
  ...core('customresourcedefinitions', 'CustomResourceDefinition', false, ['crd', 'crds']),
  group: 'apiextensions.k8s.io',
};

const CHAOS: readonly Resource[] = CHAOS_CRDS.map((crd) => {
  const version = crd.spec.versions[0];
  return {
    group: crd.spec.group,
    version: version?.name ?? 'v1alpha1',
    plural: crd.spec.names.plural,
    singular: crd.spec.names.singular,
    kind: crd.spec.names.kind,
    namespaced: crd.spec.scope === 'Namespaced',
    shortNames: crd.spec.names.shortNames ?? [],
    schema: version?.schema.openAPIV3Schema,
    columns: (version?.additionalPrinterColumns ?? []).map((column) => ({ name: column.name, path: column.jsonPath })),
  };
});

/** Everything that this API serves. */
export const RESOURCES: readonly Resource[] = [...CORE, CRDS, ...CHAOS];

/** `stresschaos.chaos-mesh.org`, `pods`: how messages name a resource. */
export function qualifiedName(resource: Resource): string {
  return resource.group ? `${resource.plural}.${resource.group}` : resource.plural;
}

/** `v1`, `chaos-mesh.org/v1alpha1`. */
export function apiVersion(resource: Resource): string {
  return resource.group ? `${resource.group}/${resource.version}` : resource.version;
}
