import { POD_FIELDS } from '../../../core/impact/pod';
import { badRequest } from '../objects/status';
import type { KubeObject } from '../objects/objects';
import type { Resource } from '../objects/resources';

/** The field at a path such as `status.phase`. */
export const fieldAt = (object: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      object,
    );

/** The fields that a kind can be selected by; any kind by name and namespace. */
const SELECTABLE: Readonly<Record<string, readonly string[]>> = {
  Pod: [...POD_FIELDS, 'status.podIPs'],
  Event: ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']
    .map((field) => `involvedObject.${field}`)
    .concat('reason', 'reportingComponent', 'source', 'type'),
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
};

/** A field selector (`metadata.name=x,status.phase!=y`) as a predicate over objects of a kind; 400 on a field that the kind has no index for. */
export function fieldPredicate(text: string, resource: Resource): (object: KubeObject) => boolean {
  const tests = (text.match(/(?:[^,\\]|\\.)+/gs) ?? [])
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const match = /^([^=!]+)(==?|!=)(.*)$/s.exec(part.trim());
      if (!match) throw badRequest(`invalid field selector: ${JSON.stringify(part)}`);
      const [, path, operator, written] = match as unknown as [string, string, string, string];
      const wanted = written.replace(/\\([\\,=])/g, '$1');
      const known = ['metadata.name', 'metadata.namespace', ...(SELECTABLE[resource.kind] ?? [])];
      if (!known.includes(path)) throw badRequest(`field label not supported: ${path}`);
      return (object: KubeObject) => (String(fieldAt(object, path) ?? '') === wanted) === (operator !== '!=');
    });
  return (object) => tests.every((test) => test(object));
}
