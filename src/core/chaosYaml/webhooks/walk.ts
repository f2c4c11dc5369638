import { isRecord } from '../../base/unknown';
import { goType, zeroOf, type GoField } from './types';

/** A JSON object that may be filled in. */
export type Json = Record<string, unknown>;

/** A value on the way through an object, with where it is. */
export interface Visited {
  /** What holds it, so that it can be set there: undefined of the root and of embedded structs. */
  holder: Json | undefined;
  value: unknown;
  type: string;
  /** Keys from the spec on. */
  path: readonly (string | number)[];
  /** The same in Go's names, as Chaos Mesh's messages have it: `Spec.TcParameter.Delay.Latency`. */
  goPath: string;
  field: GoField | undefined;
}

/** Names the function that is called of a value, in Go's names; undefined where none is. */
export function methodOf({ type, value, field }: Visited, method: 'validate' | 'default'): string | undefined {
  const missing = value === undefined || value === null;
  if (missing && type.startsWith('*') && !field?.nilable) return undefined;
  // It is refused before any webhook sees it.
  if (!missing && !fits(type.replace(/^\*/, ''), value)) return undefined;
  return goType(type.replace(/^\*/, ''))?.[method] ?? field?.webhook;
}

/** True where a value is what Go's JSON reads into a type. */
function fits(type: string, value: unknown): boolean {
  if (type === 'any') return true;
  if (type.startsWith('[]')) return Array.isArray(value);
  const kind = goType(type)?.kind ?? type;
  if (kind === 'struct') return isRecord(value);
  if (kind === 'string') return typeof value === 'string';
  return typeof value === (kind === 'bool' ? 'boolean' : 'number');
}

/**
 * Visits a spec as Chaos Mesh's `genericwebhook.FieldWalker` does: level by level, each in the order of its fields. What
 * an embedded pointer points at is there where the object has one of its fields.
 */
export function walk(type: string, spec: Json, visit: (visited: Visited) => void): void {
  const queue: Visited[] = [{ holder: undefined, value: spec, type, path: [], goPath: 'Spec', field: undefined }];
  for (const visited of queue) {
    visit(visited);
    const { path, goPath, field } = visited;
    // What was just filled in is looked into too.
    const value = visited.holder && field?.json !== undefined ? visited.holder[field.json] : visited.value;
    const inner = visited.type.replace(/^\*/, '');
    if (inner.startsWith('[]')) {
      if (Array.isArray(value))
        for (const [i, one] of (value as unknown[]).entries())
          queue.push({
            holder: undefined,
            value: one,
            type: inner.slice(2),
            path: [...path, i],
            goPath: `${goPath}[${i}]`,
            field: undefined,
          });
      continue;
    }
    if (visited.type.startsWith('*') && !isRecord(value)) continue;
    const record = isRecord(value) ? (value as Json) : {};
    for (const one of goType(inner)?.fields ?? []) queue.push(child(one, record, path, goPath));
  }
}

function child(field: GoField, record: Json, path: Visited['path'], goPath: string): Visited {
  const { json, type, name } = field;
  const at = `${goPath}.${name}`;
  if (json !== undefined)
    return { holder: record, value: record[json] ?? basicZero(type), type, path: [...path, json], goPath: at, field };
  const there = !type.startsWith('*') || keysOf(type.slice(1)).some((key) => Object.hasOwn(record, key));
  return { holder: undefined, value: there ? record : undefined, type, path, goPath: at, field };
}

/** The keys of a struct, with those of the structs that it embeds. */
export const keysOf = (type: string): string[] =>
  (goType(type)?.fields ?? []).flatMap((one) => one.json ?? keysOf(one.type.replace(/^\*/, '')));

/** The value of a missing string, number or boolean. */
const basicZero = (type: string): unknown => {
  const zero = zeroOf(type);
  return isRecord(zero) || zero === null ? undefined : zero;
};
