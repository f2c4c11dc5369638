import type { KubeObject } from '../objects/objects';
import { completeChaos, validateChaos } from '../../chaos/webhook';
import { withDefaults, withoutForbiddenNulls } from '../objects/defaults';
import { decodeMetadata, validateChange, validateMetadata } from '../objects/metadata';
import type { Resource } from '../objects/resources';
import { pruneUnknown, validateSchema } from '../objects/validation';
import { badRequest } from '../objects/status';

/** What a write does before it is kept: field validation, defaults, schema, Chaos Mesh's webhooks. Returns the object and warnings. */
export function admit(
  resource: Resource,
  given: KubeObject,
  fieldValidation: string,
  old?: KubeObject,
): { object: KubeObject; warnings: string[] } {
  const decoded = decodeMetadata(resource, given.metadata);
  const pruned = pruneUnknown(resource, { ...given, metadata: decoded.metadata });
  const unknown = [...decoded.unknown, ...pruned.unknown];
  if (unknown.length > 0 && fieldValidation === 'Strict') {
    const list = unknown.map((field) => `unknown field ${JSON.stringify(field)}`).join(', ');
    throw badRequest(
      `${resource.kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: strict decoding error: ${list}`,
    );
  }
  const chaos = resource.group === 'chaos-mesh.org';
  let object = pruned.object;
  if (resource.schema)
    object = withDefaults(resource.schema, withoutForbiddenNulls(resource.schema, object)) as KubeObject;
  if (resource.schema && chaos) object = completeChaos(resource.kind, object);
  validateMetadata(resource, object);
  if (old) validateChange(resource, object, old);
  validateSchema(resource, object);
  if (chaos) validateChaos(resource.kind, object, old);
  const warnings = fieldValidation === 'Ignore' ? [] : unknown.map((field) => `unknown field ${JSON.stringify(field)}`);
  return { object, warnings };
}
