import { isRecord } from '../../core/base/unknown';
import type { Schema } from './schema';

const COPIED = [
  'type',
  'enum',
  'pattern',
  'minimum',
  'maximum',
  'required',
  'default',
  'description',
  'format',
] as const;

/** A schema of a cluster's OpenAPI document as JSON Schema's draft 7 has it: it refuses fields that it does not know. */
export function fromOpenApi(given: unknown): Schema {
  if (!isRecord(given)) return {};
  const schema: Record<string, unknown> = {};
  for (const key of COPIED) if (given[key] !== undefined) schema[key] = given[key];
  if (given['nullable'] === true) schema['type'] = [given['type'], 'null'];
  if (given['exclusiveMinimum'] === true) {
    schema['exclusiveMinimum'] = given['minimum'];
    delete schema['minimum'];
  }
  if (given['x-kubernetes-int-or-string'] === true) schema['type'] = ['integer', 'string'];
  const { properties, items, additionalProperties } = given;
  if (isRecord(properties)) {
    schema['properties'] = Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, fromOpenApi(one)]));
    if (given['x-kubernetes-preserve-unknown-fields'] !== true) schema['additionalProperties'] = false;
  }
  if (isRecord(additionalProperties)) schema['additionalProperties'] = fromOpenApi(additionalProperties);
  if (isRecord(items)) schema['items'] = fromOpenApi(items);
  return schema as Schema;
}
