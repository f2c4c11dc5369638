import { completed } from '../../core/chaosYaml/webhookRules';
import { isRecord, textOf } from '../../core/base/unknown';
import { resolved, type Schema } from './schema';

type Json = Record<string, unknown>;

/**
 * An object as the API server makes it before it looks whether it is right: without what is null, with the defaults of
 * its schema, and with what Chaos Mesh's mutating webhooks fill in.
 */
export function filledIn(schema: Schema, object: Readonly<Json>): Json {
  const filled = withDefaults(schema, withoutNulls(schema, object)) as Json;
  const { spec, metadata } = filled;
  if (!isRecord(spec)) return filled;
  const namespace = isRecord(metadata) ? textOf(metadata['namespace']) : '';
  return { ...filled, spec: completed(textOf(filled['kind']), spec, namespace) };
}

/** A value without the fields that are null, where a schema does not allow that: the API server takes them for missing. */
export function withoutNulls(given: Schema, value: unknown): unknown {
  const schema = resolved(given);
  if (Array.isArray(value)) return schema.items ? value.map((one) => withoutNulls(schema.items as Schema, one)) : value;
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, one]) => one !== null || nullable(schema.properties?.[key]))
      .map(([key, one]) => {
        const field = fieldOf(schema, key);
        return [key, field ? withoutNulls(field, one) : one];
      }),
  );
}

const nullable = (field: Schema | undefined): boolean =>
  field === undefined || [resolved(field).type].flat().includes('null');

function fieldOf(schema: Schema, key: string): Schema | undefined {
  if (schema.properties && Object.hasOwn(schema.properties, key)) return schema.properties[key];
  return isRecord(schema.additionalProperties) ? (schema.additionalProperties as Schema) : undefined;
}

function withDefaults(given: Schema, value: unknown): unknown {
  const schema = resolved(given);
  if (Array.isArray(value)) return schema.items ? value.map((one) => withDefaults(schema.items as Schema, one)) : value;
  if (!isRecord(value)) return value;
  const result: Json = { ...value };
  for (const [key, field] of Object.entries(schema.properties ?? {})) {
    const at = resolved(field);
    if (!Object.hasOwn(result, key) && at.default !== undefined) result[key] = structuredClone(at.default);
  }
  for (const key of Object.keys(result)) {
    const field = fieldOf(schema, key);
    if (field) result[key] = withDefaults(field, result[key]);
  }
  return result;
}
