import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import type { KubeObject } from './objects';
import type { Resource } from './resources';
import { invalid } from './status';

type Schema = Record<string, unknown>;

const ajv = new Ajv({ strict: false, allErrors: true, verbose: true, logger: false });
ajv.addFormat('int32', { type: 'number', validate: (value) => value >= -(2 ** 31) && value < 2 ** 31 });
ajv.addFormat('byte', { type: 'string', validate: isBase64 });
ajv.addFormat('int64', true);
ajv.addFormat('date-time', true);
const compiled = new Map<string, ValidateFunction>();

/** As Go's `base64.StdEncoding` reads it. */
function isBase64(text: string): boolean {
  return /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(text.replace(/[\r\n]/g, ''));
}

/** Workflows and schedules hold the schemas of all kinds of Chaos Mesh: whole, each would take seconds to compile. */
const LARGE: ReadonlySet<string> = new Set(['Workflow', 'WorkflowNode', 'Schedule']);

function validatorOf({ kind }: Resource, schema: Schema, object: KubeObject): ValidateFunction {
  const needed = LARGE.has(kind) ? narrowed(schema, [object]) : schema;
  const key = LARGE.has(kind) ? `${kind} ${JSON.stringify(needed)}` : kind;
  let validate = compiled.get(key);
  if (!validate) compiled.set(key, (validate = ajv.compile(nullable(needed) as Schema)));
  return validate;
}

/** A schema without the properties that none of the values has: what is not there is not checked, but for being required. */
function narrowed(schema: Schema, values: readonly unknown[]): Schema {
  const result: Schema = { ...schema };
  const items = schema['items'];
  const inner = values.filter(Array.isArray).flat() as unknown[];
  if (typeof items === 'object' && items !== null) result['items'] = narrowed(items as Schema, inner);
  const objects = values.filter(
    (value): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value),
  );
  const { properties } = schema;
  if (typeof properties !== 'object' || properties === null) return result;
  const there = Object.entries(properties).filter(([name]) => objects.some((one) => Object.hasOwn(one, name)));
  const of = (name: string): unknown[] => objects.flatMap((one) => (Object.hasOwn(one, name) ? [one[name]] : []));
  result['properties'] = Object.fromEntries(there.map(([name, one]) => [name, narrowed(one as Schema, of(name))]));
  return result;
}

/** Checks an object against its kind's CRD schema; throws a 422 Status that names the fields. */
export function validateSchema(resource: Resource, object: KubeObject): void {
  if (!resource.schema) return;
  const validate = validatorOf(resource, resource.schema, object);
  if (validate(object as unknown)) return;
  const causes = (validate.errors ?? []).map(cause);
  throw invalid(resource, object.metadata.name || object.metadata.generateName || '', causes);
}

/** OpenAPI's schema as JSON Schema understands it. */
function nullable(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(nullable);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, nullable(value)])) as Schema;
  if (copy['nullable'] === true && typeof copy['type'] === 'string') copy['type'] = [copy['type'], 'null'];
  delete copy['nullable'];
  // OpenAPI 3.0 says by true or false whether the limit itself is out; JSON Schema names the limit.
  for (const [limit, of] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof copy[limit] !== 'boolean') continue; // a property may have that name too
    if (copy[limit] && typeof copy[of] === 'number') {
      copy[limit] = copy[of];
      delete copy[of];
    } else delete copy[limit];
  }
  return copy;
}

const typeNames: Readonly<Record<string, string>> = { number: 'integer', string: 'string', boolean: 'boolean' };

function cause(error: ErrorObject): { field: string; message: string; reason: string } {
  const path = error.instancePath
    .slice(1)
    .split('/')
    .filter((part) => part !== '')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const field = (extra?: string): string =>
    [...path, ...(extra ? [extra] : [])].join('.').replace(/\.(\d+)(?=\.|$)/g, '[$1]') || '<root>';
  const value = JSON.stringify(error.data) ?? 'null';
  switch (error.keyword) {
    case 'required':
      return {
        field: field(String(error.params['missingProperty'])),
        message: 'Required value',
        reason: 'FieldValueRequired',
      };
    case 'type': {
      // The API server quotes the type that it found, not the value.
      const found =
        error.data === null ? 'null' : Array.isArray(error.data) ? 'array' : (typeNames[typeof error.data] ?? 'object');
      const number = found === 'integer' && !Number.isInteger(error.data) ? 'number' : found;
      return {
        field: field(),
        message: `Invalid value: "${number}": ${field()} in body must be of type ${[error.params['type']].flat().join(',')}: "${number}"`,
        reason: 'FieldValueTypeInvalid',
      };
    }
    case 'enum':
      return {
        field: field(),
        message: `Unsupported value: ${value}: supported values: ${(error.params['allowedValues'] as unknown[]).map((one) => JSON.stringify(one)).join(', ')}`,
        reason: 'FieldValueNotSupported',
      };
    default:
      return {
        field: field(),
        message: `Invalid value: ${value}: ${field()} in body ${rule(error)}`,
        reason: 'FieldValueInvalid',
      };
  }
}

/** What a value has to be, in the API server's words. */
function rule({ keyword, params, message }: ErrorObject): string {
  if (keyword === 'maximum') return `should be less than or equal to ${String(params['limit'])}`;
  if (keyword === 'minimum') return `should be greater than or equal to ${String(params['limit'])}`;
  if (keyword === 'pattern') return `should match '${String(params['pattern'])}'`;
  return message ?? 'is wrong';
}

/** Paths of fields that the schema does not know, and the object without them, as structural schemas prune. */
export function pruneUnknown(resource: Resource, object: KubeObject): { object: KubeObject; unknown: string[] } {
  if (!resource.schema) return { object, unknown: [] };
  const unknown: string[] = [];
  const properties = {
    ...((resource.schema['properties'] as Schema | undefined) ?? {}),
    metadata: { 'x-kubernetes-preserve-unknown-fields': true },
  };
  const pruned = prune({ ...resource.schema, properties }, object, '', unknown);
  return { object: pruned as KubeObject, unknown };
}

function prune(schema: Schema, value: unknown, path: string, unknown: string[]): unknown {
  if (Array.isArray(value)) {
    const items = schema['items'] as Schema | undefined;
    return items ? value.map((item, i) => prune(items, item, `${path}[${i}]`, unknown)) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (schema['x-kubernetes-preserve-unknown-fields'] || schema['x-kubernetes-embedded-resource']) return value;
  const properties = schema['properties'] as Record<string, Schema> | undefined;
  const additional = schema['additionalProperties'] as Schema | boolean | undefined;
  if (!properties && !additional) return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const at = path ? `${path}.${key}` : key;
    const inner =
      properties && Object.hasOwn(properties, key)
        ? properties[key]
        : typeof additional === 'object'
          ? additional
          : undefined;
    if (inner) result[key] = prune(inner, item, at, unknown);
    else if (additional === true) result[key] = item;
    else unknown.push(at);
  }
  return result;
}
