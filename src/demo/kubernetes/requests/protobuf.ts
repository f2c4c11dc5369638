import type { IncomingMessage } from 'node:http';
import { bodyBytes, jsonBody } from './requests';
import type { Resource } from '../objects/resources';
import { badRequest, unsupportedMediaType } from '../objects/status';

/** One message: the bytes of each field, in order of arrival. */
type Fields = Map<number, Buffer[]>;

/** How a message's fields become JSON: a name for text, a name and a shape for a message; `map` for string to string. */
type Shape = Readonly<Record<number, string | readonly [name: string, shape: Shape | 'map']>>;

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const MAGIC = Buffer.from('k8s\0');

const META: Shape = { 1: 'name', 2: 'generateName', 3: 'namespace', 11: ['labels', 'map'], 12: ['annotations', 'map'] };
const ATTRIBUTES: Shape = {
  1: 'namespace',
  2: 'verb',
  3: 'group',
  4: 'version',
  5: 'resource',
  6: 'subresource',
  7: 'name',
};
/** The kinds that kubectl sends in this form (`auth can-i`, `auth whoami`, `create namespace`), by generated.proto of k8s.io/api. */
const SHAPES: Readonly<Record<string, Shape>> = {
  SelfSubjectAccessReview: {
    2: ['spec', { 1: ['resourceAttributes', ATTRIBUTES], 2: ['nonResourceAttributes', { 1: 'path', 2: 'verb' }] }],
  },
  SelfSubjectRulesReview: { 2: ['spec', { 1: 'namespace' }] },
  SelfSubjectReview: {},
  Namespace: { 1: ['metadata', META] },
};

function varint(bytes: Buffer, at: number): [value: number, next: number] {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return [value, at + i + 1];
  }
  throw badRequest('the object provided is unrecognized: broken protobuf');
}

function fieldsOf(bytes: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  while (at < bytes.length) {
    const [tag, start] = varint(bytes, at);
    const [length, next] = (tag & 7) === 2 ? varint(bytes, start) : [0, start];
    if ((tag & 7) === 0) [, at] = varint(bytes, start);
    else if ((tag & 7) === 1) at = start + 8;
    else if ((tag & 7) === 5) at = start + 4;
    else if ((tag & 7) === 2) {
      at = next + length;
      const number = Math.floor(tag / 8);
      fields.set(number, [...(fields.get(number) ?? []), bytes.subarray(next, at)]);
    } else throw badRequest('the object provided is unrecognized: broken protobuf');
    if (at > bytes.length) throw badRequest('the object provided is unrecognized: broken protobuf');
  }
  return fields;
}

function toJson(bytes: Buffer, shape: Shape): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [number, values] of fieldsOf(bytes)) {
    const known = shape[number];
    const last = values.at(-1) as Buffer;
    if (known === undefined) continue;
    if (typeof known === 'string') {
      if (last.length > 0) result[known] = last.toString('utf8');
    } else if (known[1] === 'map') {
      const pairs = values.map(fieldsOf).map((pair) => [pair.get(1)?.[0]?.toString(), pair.get(2)?.[0]?.toString()]);
      result[known[0]] = Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value]));
    } else result[known[0]] = toJson(last, known[1]);
  }
  return result;
}

/** A `runtime.Unknown` envelope of one of the kinds above as the same object in JSON. */
export function decodeProtobuf(bytes: Buffer, kind: string): Record<string, unknown> {
  const shape = Object.hasOwn(SHAPES, kind) ? SHAPES[kind] : undefined;
  if (!shape) throw unsupportedMediaType('application/json');
  if (!bytes.subarray(0, 4).equals(MAGIC))
    throw badRequest('the object provided is unrecognized: no protobuf envelope');
  const envelope = fieldsOf(bytes.subarray(4));
  const type = toJson(envelope.get(1)?.[0] ?? Buffer.alloc(0), { 1: 'apiVersion', 2: 'kind' });
  return { ...type, ...toJson(envelope.get(2)?.[0] ?? Buffer.alloc(0), shape) };
}

/** The body of a create: JSON, or protobuf for the kinds that kubectl's typed clients make. */
export async function objectBody(
  request: IncomingMessage,
  { kind }: Pick<Resource, 'kind'>,
): Promise<Record<string, unknown>> {
  if (!(request.headers['content-type'] ?? '').startsWith(PROTOBUF)) return jsonBody(request, true);
  return decodeProtobuf(await bodyBytes(request), kind);
}
