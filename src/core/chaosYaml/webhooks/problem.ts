import { isRecord } from '../../base/unknown';
import type { Json, Visited } from './walk';

/** A field that Chaos Mesh's validating webhooks refuse. */
export interface Problem {
  /** Tells what is wrong apart, by what the field takes. */
  rule: string;
  /** Where it is, from the spec on. */
  path: readonly (string | number)[];
  /** The same in the names of Chaos Mesh's Go structs, as its message has it. */
  field: string;
  value: unknown;
  /** Chaos Mesh's own words. */
  why: string;
}

/** Chaos Mesh's check of one value; `spec` is that of the object, which some of them look at. */
export type Validator = (visited: Visited, spec: Readonly<Json>) => Problem[];

/** A value as a struct: one without fields where it is none. */
export const record = (value: unknown): Readonly<Json> => (isRecord(value) ? value : {});

/** A value as a text: empty where it is none. */
export const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A problem of a value, or of a field of it that the check looks at from above. */
export function refused({ path, goPath, value }: Visited, rule: string, why: string, key?: string): Problem {
  if (key === undefined) return { rule, path, field: goPath, value, why };
  return { rule, path: [...path, key], field: `${goPath}.${key}`, value: record(value)[key], why };
}
