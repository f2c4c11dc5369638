import { RESOURCES, type Resource } from '../../src/demo/kubernetes/objects/resources';

/** The resource of a kind, as the embedded cluster names it. */
export function resourceOf(kind: string): Resource {
  const found = RESOURCES.find((resource) => resource.kind === kind);
  if (!found) throw new Error(`no kind ${kind}`);
  return found;
}

/** Where a kind's objects are listed, in one namespace or in all. */
export function collection(resource: Resource, namespace?: string): string {
  const base = resource.group ? `/apis/${resource.group}/${resource.version}` : `/api/${resource.version}`;
  const within = resource.namespaced && namespace ? `/namespaces/${namespace}` : '';
  return `${base}${within}/${resource.plural}`;
}
