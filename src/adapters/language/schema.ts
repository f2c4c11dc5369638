import type { KindSchemas } from '../../core/chaosYaml/findings';
import { isRecord } from '../../core/base/unknown';
import { fromOpenApi } from './openApi';
import file from '../../../media/schemas/chaos-mesh.schema.json';

/** As much of JSON Schema's draft 7 as Chaos Mesh's schema uses. */
export interface Schema {
  $ref?: string;
  description?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  format?: string;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
}

const root = file as unknown as Schema & { definitions: Record<string, Schema> };

/** Follows a reference; a field's own description goes before that of what it refers to. */
export function resolved(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  return root.definitions[schema.$ref.replace('#/definitions/', '')] ?? {};
}

const ofClusters = new WeakMap<object, Map<string, Schema>>();

/**
 * The schema of an object of a kind; of all kinds where it is none of them. A connected cluster knows its own version of
 * Chaos Mesh: its schemas of specs go before the one that is shipped.
 */
export function schemaOf(kind: string, cluster?: KindSchemas): Schema {
  const own = cluster?.[kind];
  if (cluster && own !== undefined) {
    const converted = ofClusters.get(cluster) ?? new Map<string, Schema>();
    ofClusters.set(cluster, converted);
    let schema = converted.get(kind);
    if (!schema) converted.set(kind, (schema = fromOpenApi(own)));
    const kinds = { type: 'string', enum: [...new Set([...KINDS, kind])] };
    return { ...root, properties: { ...root.properties, kind: kinds, spec: schema } };
  }
  const spec = Object.hasOwn(root.definitions, kind) && KINDS.includes(kind) ? root.definitions[kind] : undefined;
  return spec ? { ...root, properties: { ...root.properties, spec } } : root;
}

/** All kinds, in the order of their names. */
export const KINDS: readonly string[] = (root.properties?.['kind']?.enum ?? []).map(String);

/** The schema of a place inside an object of a kind; undefined where there is no such place. */
export function schemaAt(kind: string, path: readonly (string | number)[]): Schema | undefined {
  let schema: Schema | undefined = schemaOf(kind);
  for (const key of path) {
    if (!schema) return undefined;
    const at: Schema = resolved(schema);
    if (typeof key === 'number') schema = at.items;
    else if (at.properties && Object.hasOwn(at.properties, key)) schema = at.properties[key];
    else schema = isRecord(at.additionalProperties) ? (at.additionalProperties as Schema) : undefined;
  }
  return schema && resolved(schema);
}
