import type { KubeObject } from '../kubernetes/objects';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** True for the kinds that Chaos Mesh's admission webhooks fill in and check. */
export function hasWebhooks(kind: string): boolean {
  return kind.endsWith('Chaos') && (!kind.startsWith('Pod') || kind === 'PodChaos');
}

/** Chaos Mesh's mutating webhooks: the object with what is missing of it, as its Go structs hold it. */
export function completeChaos(kind: string, schema: Json, object: KubeObject): KubeObject {
  if (!hasWebhooks(kind)) return object;
  const specSchema = (schema['properties'] as Json | undefined)?.['spec'] as Json;
  const spec = withZeros(specSchema, object.spec ?? {}) as Json;
  for (const selects of [spec, ...(kind === 'NetworkChaos' ? [spec['target']] : [])])
    if (isObject(selects) && selectsPods(specSchema)) ownNamespace(selects, object.metadata.namespace);
  if (kind === 'NetworkChaos') completeNetwork(spec);
  if (kind === 'TimeChaos' && !(Array.isArray(spec['clockIds']) && spec['clockIds'].length > 0))
    spec['clockIds'] = ['CLOCK_REALTIME'];
  return { ...object, spec, status: object.status ?? { experiment: {} } };
}

/** A struct without pointers always has its fields: what is required and missing is the zero of its type. */
function withZeros(schema: Json, value: unknown): unknown {
  if (!isObject(value)) return value;
  const properties = (schema['properties'] ?? {}) as Record<string, Json>;
  const result = { ...value };
  for (const name of (schema['required'] ?? []) as string[]) {
    const zero = ZEROS[String(properties[name]?.['type'])];
    if (!Object.hasOwn(result, name) && zero !== undefined) result[name] = structuredClone(zero);
  }
  for (const [name, inner] of Object.entries(properties))
    if (Object.hasOwn(result, name)) result[name] = withZeros(inner, result[name]);
  return result;
}

const ZEROS: Readonly<Record<string, unknown>> = { integer: 0, number: 0, string: '', boolean: false, object: {} };

/** Machines are selected too, by a selector of another kind. */
function selectsPods(schema: Json): boolean {
  const selector = (schema['properties'] as Record<string, Json> | undefined)?.['selector'];
  return isObject(selector?.['properties']) && Object.hasOwn(selector['properties'], 'pods');
}

function ownNamespace(selects: Json, namespace: string | undefined): void {
  const selector = isObject(selects['selector']) ? selects['selector'] : {};
  const given = selector['namespaces'];
  if (namespace === undefined || (Array.isArray(given) && given.length > 0)) return;
  selects['selector'] = { ...selector, namespaces: [namespace] };
}

function completeNetwork(spec: Json): void {
  spec['direction'] ||= 'to';
  for (const block of ['delay', 'loss', 'duplicate', 'corrupt']) {
    const given = spec[block];
    if (!isObject(given)) continue;
    given['correlation'] ||= '0';
    if (block === 'delay') given['jitter'] ||= '0ms';
    if (isObject(given['reorder'])) given['reorder']['correlation'] ||= '0';
  }
}
