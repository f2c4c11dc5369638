import type { KubeObject, Metadata } from './objects';
import { qualifiedName, type Resource } from './resources';
import { badRequest, invalid, StatusError } from './status';

interface Cause {
  field: string;
  message: string;
  reason: string;
}

/** The fields of ObjectMeta and what a JSON decoder accepts in them. */
const FIELDS: Readonly<Record<string, 'text' | 'number' | 'texts' | 'map' | 'any'>> = {
  name: 'text',
  generateName: 'text',
  namespace: 'text',
  selfLink: 'text',
  uid: 'text',
  resourceVersion: 'text',
  generation: 'number',
  creationTimestamp: 'text',
  deletionTimestamp: 'text',
  deletionGracePeriodSeconds: 'number',
  labels: 'map',
  annotations: 'map',
  finalizers: 'texts',
  ownerReferences: 'any',
  managedFields: 'any',
};

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const PART = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const TOTAL_ANNOTATIONS = 256 * 1024;

/** True for `name` or `prefix/name`, as label keys, annotation keys and finalizers are written. */
export function isQualifiedName(text: string): boolean {
  const [first = '', second, ...more] = text.split('/');
  if (more.length > 0) return false;
  if (second === undefined) return first.length <= 63 && PART.test(first);
  return first.length <= 253 && NAME.test(first) && second.length <= 63 && PART.test(second);
}

/** True for the value of a label: empty, or up to 63 of the characters of a name. */
export function isLabelValue(text: string): boolean {
  return text === '' || (text.length <= 63 && PART.test(text));
}

/** Reads metadata as a server's decoder does: refuses a wrong type, drops nulls and what it does not know. */
export function decodeMetadata(resource: Resource, given: Metadata): { metadata: Metadata; unknown: string[] } {
  const unknown: string[] = [];
  const kept: Record<string, unknown> = {};
  const mustBe = (held: boolean, what: unknown, field: string, type: string): void => {
    if (held) return;
    const found = Array.isArray(what) ? 'array' : typeof what === 'boolean' ? 'bool' : typeof what;
    throw badRequest(
      `${resource.kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: json: cannot unmarshal ${found} into Go struct field ObjectMeta.metadata.${field} of type ${type}`,
    );
  };
  const text = (value: unknown): boolean => typeof value === 'string';
  for (const [field, value] of Object.entries(given)) {
    const type = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
    if (type === undefined) unknown.push(`metadata.${field}`);
    if (type === undefined || value === null) continue;
    if (type === 'text') mustBe(text(value), value, field, 'string');
    if (type === 'number') mustBe(typeof value === 'number', value, field, 'int64');
    if (type === 'texts') {
      mustBe(Array.isArray(value), value, field, '[]string');
      for (const one of value as unknown[]) mustBe(text(one), one, field, 'string');
    }
    if (type === 'map') {
      mustBe(typeof value === 'object' && !Array.isArray(value), value, field, 'map[string]string');
      for (const one of Object.values(value as object)) mustBe(text(one), one, field, 'string');
    }
    kept[field] = value;
  }
  return { metadata: kept as Metadata, unknown };
}

/** Refuses names, labels, annotations and finalizers that a server refuses, each with its field. */
export function validateMetadata(resource: Resource, { metadata }: KubeObject): void {
  const causes: Cause[] = [];
  const wrong = (field: string, value: unknown, why: string): void => {
    causes.push({
      field: `metadata.${field}`,
      message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
      reason: 'FieldValueInvalid',
    });
  };
  const subdomain =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  const part =
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  if (!metadata.name && !metadata.generateName) {
    const message = 'Required value: name or generateName is required';
    causes.push({ field: 'metadata.name', message, reason: 'FieldValueRequired' });
  } else {
    const field = metadata.name ? 'name' : 'generateName';
    const given = (metadata.name ?? '') || (metadata.generateName ?? '');
    // What is made up comes after a prefix, so that may end with a dash.
    const checked = field === 'name' ? given : `${given}x`;
    if (checked.length > 253) wrong(field, given, 'must be no more than 253 characters');
    else if (!NAME.test(checked)) wrong(field, given, subdomain);
  }
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    if (!isQualifiedName(key)) wrong('labels', key, part);
    if (!isLabelValue(value)) {
      const why =
        value.length > 63
          ? 'must be no more than 63 characters'
          : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
      wrong('labels', value, why);
    }
  }
  const annotations = Object.entries(metadata.annotations ?? {});
  for (const [key] of annotations) if (!isQualifiedName(key.toLowerCase())) wrong('annotations', key, part);
  if (annotations.reduce((sum, [key, value]) => sum + key.length + value.length, 0) > TOTAL_ANNOTATIONS) {
    const message = `Too long: may not be more than ${TOTAL_ANNOTATIONS} bytes`;
    causes.push({ field: 'metadata.annotations', message, reason: 'FieldValueTooLong' });
  }
  for (const one of metadata.finalizers ?? []) if (!isQualifiedName(one)) wrong('finalizers', one, part);
  if (causes.length > 0) throw invalid(resource, metadata.name || metadata.generateName || '', causes);
}

/** What no write changes: unless it is left out, it must be as it is. */
const IMMUTABLE = ['uid', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

/** What a write may not change of an object that is there: its identity, its end, and the finalizers while it goes. */
export function validateChange(
  resource: Resource,
  { metadata: next }: KubeObject,
  { metadata: old }: KubeObject,
): void {
  const causes: Cause[] = [];
  for (const field of IMMUTABLE) {
    const value = next[field];
    // Of an object that goes, the time is the server's, whatever the write says.
    if (!value || value === old[field] || (field === 'deletionTimestamp' && old[field])) continue;
    const message = `Invalid value: ${JSON.stringify(value)}: field is immutable`;
    causes.push({ field: `metadata.${field}`, message, reason: 'FieldValueInvalid' });
  }
  const added = (next.finalizers ?? []).filter((one) => !(old.finalizers ?? []).includes(one));
  if (old.deletionTimestamp && added.length > 0) {
    const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((one) => JSON.stringify(one)).join(', ')}}`;
    causes.push({ field: 'metadata.finalizers', message, reason: 'FieldValueForbidden' });
  }
  if (causes.length > 0) throw invalid(resource, old.name, causes);
}

/** Refuses to replace another object than the one that is meant: the same name, another uid. */
export function mustBeSame(resource: Resource, { uid }: Metadata, old: Metadata): void {
  if (!uid || uid === old.uid) return;
  throw new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedName(resource)} ${JSON.stringify(old.name)}: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.uid}`,
    { name: old.name, group: resource.group, kind: resource.plural },
  );
}
