import { isRecord } from '../../core/base/unknown';
import { resolved, type Schema } from './schema';

/** A place of a value that its schema does not allow. */
export interface SchemaProblem {
  path: readonly (string | number)[];
  keyword: 'required' | 'unknown' | 'type' | 'enum' | 'pattern' | 'minimum' | 'maximum' | 'format';
  value: unknown;
  schema: Schema;
  /** For `unknown`: the fields that there are. */
  known?: readonly string[];
}

/** Values looked at in one object, and problems reported: enough for any that a person writes. */
const MOST_VALUES = 100_000;
const MOST_PROBLEMS = 100;

/** Checks a value against a schema; the first hundred problems in the order of the value. */
export function validate(schema: Schema, value: unknown): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  let looked = 0;
  const visit = (given: Schema, inner: unknown, path: readonly (string | number)[]): void => {
    looked += 1;
    if (looked > MOST_VALUES || problems.length >= MOST_PROBLEMS) return;
    const at = resolved(given);
    const report = (keyword: SchemaProblem['keyword'], more: Partial<SchemaProblem> = {}): void =>
      void problems.push({ path, keyword, value: inner, schema: at, ...more });
    if (at.type !== undefined && ![at.type].flat().includes(typeOf(inner, at))) return report('type');
    if (at.const !== undefined && inner !== at.const) return report('enum', { schema: { ...at, enum: [at.const] } });
    if (at.enum && !at.enum.includes(inner)) return report('enum');
    if (typeof inner === 'string' && at.pattern !== undefined && !new RegExp(at.pattern).test(inner))
      return report('pattern');
    if (at.format !== undefined && !hasFormat(at.format, inner)) return report('format');
    if (typeof inner === 'number') {
      if (at.minimum !== undefined && inner < at.minimum) return report('minimum');
      if (at.exclusiveMinimum !== undefined && inner <= at.exclusiveMinimum) return report('minimum');
      if (at.maximum !== undefined && inner > at.maximum) return report('maximum');
    }
    if (Array.isArray(inner) && at.items) inner.forEach((one, i) => visit(at.items as Schema, one, [...path, i]));
    else if (isRecord(inner)) visitFields(at, inner, path);
  };
  const visitFields = (
    at: Schema,
    inner: Readonly<Record<string, unknown>>,
    path: readonly (string | number)[],
  ): void => {
    for (const key of at.required ?? [])
      if (!Object.hasOwn(inner, key))
        problems.push({
          path: [...path, key],
          keyword: 'required',
          value: undefined,
          schema: at.properties?.[key] ?? {},
        });
    for (const [key, one] of Object.entries(inner)) {
      const field = at.properties && Object.hasOwn(at.properties, key) ? at.properties[key] : undefined;
      if (field) visit(field, one, [...path, key]);
      else if (isRecord(at.additionalProperties)) visit(at.additionalProperties as Schema, one, [...path, key]);
      else if (at.additionalProperties === false)
        problems.push({
          path: [...path, key],
          keyword: 'unknown',
          value: one,
          schema: at,
          known: Object.keys(at.properties ?? {}),
        });
    }
  };
  visit(schema, value, []);
  return problems.slice(0, MOST_PROBLEMS);
}

/** The JSON type of a value, in the words of a schema: whole numbers are integers where those are asked for. */
function typeOf(value: unknown, schema: Schema): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value !== 'number') return typeof value;
  return Number.isInteger(value) && [schema.type].flat().includes('integer') ? 'integer' : 'number';
}

const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

/** The formats that the API server and Go's JSON hold values to. */
function hasFormat(format: string, value: unknown): boolean {
  if (format === 'int32' && typeof value === 'number') return value >= -(2 ** 31) && value < 2 ** 31;
  if (format === 'byte' && typeof value === 'string') return BASE64.test(value.replace(/[\r\n]/g, ''));
  return true;
}
