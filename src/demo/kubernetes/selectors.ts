import { badRequest } from './status';
import type { KubeObject } from './objects';
import type { Resource } from './resources';

/** One requirement of a label selector. */
interface Requirement {
  key: string;
  operator: 'in' | 'notin' | 'exists' | 'absent';
  values: readonly string[];
}

/** Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k`. */
function parseLabelSelector(text: string): Requirement[] {
  const parts = text.match(/[^,(]+(\([^)]*\))?/g) ?? [];
  return parts.map((part): Requirement => {
    const trimmed = part.trim();
    const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(trimmed);
    if (set)
      return {
        key: set[1] as string,
        operator: set[2] as 'in' | 'notin',
        values: (set[3] as string).split(',').map((value) => value.trim()),
      };
    const equal = /^([^=!\s]+)\s*(==?|!=)\s*(\S*)$/.exec(trimmed);
    if (equal)
      return { key: equal[1] as string, operator: equal[2] === '!=' ? 'notin' : 'in', values: [equal[3] as string] };
    if (/^!\s*\S+$/.test(trimmed)) return { key: trimmed.slice(1).trim(), operator: 'absent', values: [] };
    if (/^[A-Za-z0-9][-A-Za-z0-9_./]*$/.test(trimmed)) return { key: trimmed, operator: 'exists', values: [] };
    throw badRequest(`unable to parse requirement: ${JSON.stringify(trimmed)}`);
  });
}

/** A label selector as a predicate over labels. */
export function labelPredicate(text: string): (labels: Readonly<Record<string, string>>) => boolean {
  const requirements = text.trim() === '' ? [] : parseLabelSelector(text);
  return (labels) =>
    requirements.every(({ key, operator, values }) => {
      const value = labels[key];
      if (operator === 'exists') return value !== undefined;
      if (operator === 'absent') return value === undefined;
      if (operator === 'in') return value !== undefined && values.includes(value);
      return value === undefined || !values.includes(value);
    });
}

const get = (object: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      object,
    );

/** The fields that a kind can be selected by; any kind by name and namespace. */
const SELECTABLE: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  Event: ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']
    .map((field) => `involvedObject.${field}`)
    .concat('reason', 'reportingComponent', 'source', 'type'),
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
};

/** A field selector (`metadata.name=x,status.phase!=y`) as a predicate over objects of a kind; 400 on a field that the kind has no index for. */
export function fieldPredicate(text: string, resource: Resource): (object: KubeObject) => boolean {
  const tests = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const match = /^([^=!]+)(==?|!=)(.*)$/.exec(part.trim());
      if (!match) throw badRequest(`invalid field selector: ${JSON.stringify(part)}`);
      const [, path, operator, wanted] = match as unknown as [string, string, string, string];
      const known = ['metadata.name', 'metadata.namespace', ...(SELECTABLE[resource.kind] ?? [])];
      if (!known.includes(path)) throw badRequest(`field label not supported: ${path}`);
      return (object: KubeObject) => (String(get(object, path) ?? '') === wanted) === (operator !== '!=');
    });
  return (object) => tests.every((test) => test(object));
}
