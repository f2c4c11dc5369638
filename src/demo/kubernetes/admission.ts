import type { KubeObject } from './objects';
import { validateChaos } from '../chaos/webhook';
import type { Resource } from './resources';
import { pruneUnknown, validateSchema } from './validation';
import { badRequest, StatusError } from './status';

/** What a write does before it is kept: field validation, schema, Chaos Mesh's webhooks. Returns the object and warnings. */
export function admit(
  resource: Resource,
  given: KubeObject,
  fieldValidation: string,
  old?: KubeObject,
): { object: KubeObject; warnings: string[] } {
  if (!given.metadata?.name && !given.metadata?.generateName) throw badRequest('name or generateName is required');
  const label = given.metadata.name ?? given.metadata.generateName ?? '';
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(label.replace(/-$/, '')) || label.length > 253) {
    throw new StatusError(
      422,
      'Invalid',
      `${resource.kind} ${JSON.stringify(label)} is invalid: metadata.name: Invalid value: ${JSON.stringify(label)}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
    );
  }
  const { object, unknown } = pruneUnknown(resource, given);
  if (unknown.length > 0 && fieldValidation === 'Strict') {
    const list = unknown.map((field) => `unknown field ${JSON.stringify(field)}`).join(', ');
    throw badRequest(
      `${resource.kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: strict decoding error: ${list}`,
    );
  }
  validateSchema(resource, object);
  if (resource.group === 'chaos-mesh.org') validateChaos(resource.kind, object, old);
  const warnings = fieldValidation === 'Ignore' ? [] : unknown.map((field) => `unknown field ${JSON.stringify(field)}`);
  return { object, warnings };
}
