import { isRecord } from '../../base/unknown';
import { defaulters } from './defaulters';
import { goType, specType, zeroOf, type GoField } from './types';
import { methodOf, walk, type Json } from './walk';

/** A spec as Chaos Mesh's mutating webhooks answer it: their defaults, and the zeros that Go's structs always have. */
export function completed(kind: string, spec: Readonly<Json>, namespace: string | undefined): Json {
  const type = specType(kind);
  const copy = structuredClone(spec) as Json;
  if (type === undefined) return copy;
  // A schedule's own defaulter looks at another object than the one that it is asked about, and sets nothing.
  if (kind !== 'Schedule') setDefaults(type, copy, namespace);
  putZeros(type, copy);
  return copy;
}

/** Sets what the defaulters of a type set, in place. */
export function setDefaults(type: string, spec: Json, namespace: string | undefined): void {
  walk(type, spec, (visited) => {
    const method = methodOf(visited, 'default');
    if (method !== undefined) defaulters[method]?.(visited, namespace);
  });
}

function putZeros(type: string, record: Json): void {
  for (const field of goType(type)?.fields ?? []) putZero(field, record);
}

function putZero({ json, type, kept }: GoField, record: Json): void {
  const inner = type.replace(/^\*/, '');
  if (json === undefined) {
    putZeros(inner, type.startsWith('*') && !holdsAny(inner, record) ? {} : record);
    return;
  }
  const missing = record[json] === undefined || record[json] === null;
  const zero = zeroOf(type);
  if (missing && (kept || isStruct(type)) && zero !== undefined) record[json] = zero;
  const value = record[json];
  if (isRecord(value)) putZeros(inner, value as Json);
  else if (Array.isArray(value) && inner.startsWith('[]')) putIntoItems(inner.slice(2), value as unknown[]);
}

function putIntoItems(type: string, items: unknown[]): void {
  for (const [i, item] of items.entries()) {
    const one = item === null ? (zeroOf(type) ?? item) : item;
    items[i] = one;
    if (isRecord(one)) putZeros(type.replace(/^\*/, ''), one as Json);
    else if (Array.isArray(one) && type.startsWith('[]')) putIntoItems(type.slice(2), one as unknown[]);
  }
}

/** `omitempty` never leaves out a struct. */
const isStruct = (type: string): boolean => goType(type)?.kind === 'struct';

const holdsAny = (type: string, record: Json): boolean =>
  (goType(type)?.fields ?? []).some(({ json, type: of }) =>
    json === undefined ? holdsAny(of.replace(/^\*/, ''), record) : Object.hasOwn(record, json),
  );
