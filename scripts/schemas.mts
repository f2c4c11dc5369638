// npm run schemas: writes media/schemas/chaos-mesh.schema.json from the CRDs that the demo cluster ships.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const CRDS = path.join(root, 'src/demo/chaos/crds');
/** What kinds and fields mean, in our words: the CRDs here have none. Fields by the end of their path; the longest counts. */
const TEXTS = JSON.parse(readFileSync(path.join(root, 'scripts/schemaTexts.json'), 'utf8')) as {
  kinds: Record<string, string>;
  fields: Record<string, string>;
};
export const SCHEMA_FILE = path.join(root, 'media/schemas/chaos-mesh.schema.json');

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The names of an object, and what people write besides. */
const METADATA = {
  type: 'object',
  description: 'The name of the object, its namespace, labels and annotations.',
  properties: {
    name: {
      type: 'string',
      description: 'Unique of its kind in the namespace: small letters, digits and dashes.',
      maxLength: 253,
    },
    generateName: { type: 'string', description: 'The beginning of a name whose rest is made up.' },
    namespace: {
      type: 'string',
      description: 'Where the object is; its selector looks here unless it names namespaces.',
    },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    annotations: { type: 'object', additionalProperties: { type: 'string' } },
    finalizers: { type: 'array', items: { type: 'string' } },
  },
};

/** Pieces of this many characters that are there twice are written once. */
const WORTH_SHARING = 300;

/** The JSON schema of all kinds of Chaos Mesh, for editors: it refuses fields that do not exist, and says what they are. */
export function chaosSchema(): Json {
  const crds = readdirSync(CRDS)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(path.join(CRDS, file), 'utf8')) as Json);
  const kinds = crds.map((crd) => {
    const spec = crd['spec'] as { names: { kind: string }; versions: { schema: { openAPIV3Schema: Json } }[] };
    const schema = spec.versions[0]?.schema.openAPIV3Schema as { properties: { spec?: Json } };
    return { kind: spec.names.kind, spec: schema.properties.spec ?? {} };
  });
  const known = new Map(kinds.map(({ kind, spec }) => [JSON.stringify(spec), kind]));
  const definitions: Json = { Metadata: METADATA };
  for (const { kind, spec } of kinds) {
    const refs = new Map(known);
    refs.delete(JSON.stringify(spec));
    definitions[kind] = { description: TEXTS.kinds[kind] ?? '', ...convert(spec, [kind], refs) };
  }
  const names = kinds.map(({ kind }) => kind);
  const shared = share(definitions);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Chaos Mesh (chaos-mesh.org/v1alpha1)',
    $comment: 'Generated from the CRDs of Chaos Mesh v2.8 (Apache-2.0) by npm run schemas.',
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    properties: {
      apiVersion: { type: 'string', const: 'chaos-mesh.org/v1alpha1', description: 'Group and version of Chaos Mesh.' },
      kind: { type: 'string', enum: names, description: 'What kind of object it is.' },
      metadata: { $ref: '#/definitions/Metadata' },
      spec: { type: 'object', description: 'What is done to whom.' },
      status: { type: 'object', description: 'Written by the controller.' },
    },
    additionalProperties: false,
    allOf: names.map((kind) => ({
      if: { required: ['kind'], properties: { kind: { const: kind } } },
      then: { properties: { spec: { $ref: `#/definitions/${kind}` } } },
    })),
    definitions: shared,
  };
}

/** Formats that refuse something. */
const FORMATS: ReadonlySet<string> = new Set(['int32', 'byte']);

/** OpenAPI's schema as JSON Schema's draft 7. A spec that another kind has too becomes a reference to that kind. */
function convert(schema: Json, at: readonly string[], refs: ReadonlyMap<string, string>): Json {
  const same = refs.get(JSON.stringify(schema));
  if (same !== undefined) return { $ref: `#/definitions/${same}` };
  const result: Json = {};
  const text = at.length > 1 ? textFor(at) : undefined;
  if (text !== undefined) result['description'] = text;
  for (const key of ['type', 'enum', 'pattern', 'minimum', 'maximum', 'required', 'default'])
    if (schema[key] !== undefined) result[key] = schema[key];
  if (schema['format'] !== undefined && FORMATS.has(String(schema['format']))) result['format'] = schema['format'];
  if (schema['nullable'] === true) result['type'] = [schema['type'], 'null'];
  if (schema['exclusiveMinimum'] === true) {
    result['exclusiveMinimum'] = schema['minimum'];
    delete result['minimum'];
  }
  if (schema['x-kubernetes-int-or-string'] === true) result['type'] = ['integer', 'string'];
  const { properties, items, additionalProperties } = schema;
  if (isObject(properties)) {
    result['properties'] = Object.fromEntries(
      Object.entries(properties).map(([key, inner]) => [key, convert(inner as Json, [...at, key], refs)]),
    );
    if (schema['x-kubernetes-preserve-unknown-fields'] !== true) result['additionalProperties'] = false;
  }
  if (isObject(additionalProperties))
    result['additionalProperties'] = convert(additionalProperties, [...at, '*'], refs);
  if (isObject(items)) result['items'] = convert(items, at, refs);
  return result;
}

function textFor(at: readonly string[]): string | undefined {
  for (let from = 0; from < at.length; from += 1) {
    const text = TEXTS.fields[at.slice(from).join('.')];
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Writes large pieces that are there more than once in one place. */
function share(definitions: Json): Json {
  const counts = new Map<string, number>();
  const count = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(count);
    if (!isObject(value)) return;
    if (isObject(value['properties'])) {
      const text = JSON.stringify(value);
      const seen = counts.get(text) ?? 0;
      counts.set(text, seen + 1);
      if (seen > 0) return;
    }
    Object.values(value).forEach(count);
  };
  Object.values(definitions).forEach(count);
  const names = new Map<string, string>();
  const result: Json = {};
  const replace = (value: unknown, key: string, top: boolean): unknown => {
    if (Array.isArray(value)) return value.map((one) => replace(one, key, false));
    if (!isObject(value)) return value;
    const inner = (): Json =>
      Object.fromEntries(
        Object.entries(value).map(([name, one]) => [
          name,
          name === 'properties' && isObject(one)
            ? Object.fromEntries(Object.entries(one).map(([field, schema]) => [field, replace(schema, field, false)]))
            : replace(one, key, false),
        ]),
      );
    const text = JSON.stringify(value);
    if (top || !isObject(value['properties']) || text.length < WORTH_SHARING || (counts.get(text) ?? 0) < 2)
      return inner();
    let name = names.get(text);
    if (name === undefined) {
      name = key;
      for (let i = 2; Object.hasOwn(definitions, name) || Object.hasOwn(result, name); i += 1) name = `${key}${i}`;
      names.set(text, name);
      result[name] = {};
      result[name] = inner();
    }
    return { $ref: `#/definitions/${name}` };
  };
  for (const [kind, schema] of Object.entries(definitions)) result[kind] = replace(schema, kind, true);
  return Object.fromEntries(Object.entries(result).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The text of the file. */
export const schemaText = (): string => `${JSON.stringify(chaosSchema())}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(path.dirname(SCHEMA_FILE), { recursive: true });
  writeFileSync(SCHEMA_FILE, schemaText());
  console.log(`${SCHEMA_FILE}: ${schemaText().length} characters`);
}
