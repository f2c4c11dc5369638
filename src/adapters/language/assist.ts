import type { Explanation, Suggestion } from '../../core/chaosYaml/language';
import { placeOf } from './place';
import { KINDS, resolved, schemaAt, type Schema } from './schema';

/** Fields and values that can be written where a cursor is. */
export function suggestionsAt(text: string, offset: number): Suggestion[] {
  const place = placeOf(text, offset);
  if (!place) return [];
  if (place.inValue && place.key !== undefined) {
    const schema =
      place.path.length === 0 && place.key === 'kind' ? kindSchema : schemaAt(place.kind, [...place.path, place.key]);
    return valuesOf(schema);
  }
  const schema = schemaAt(place.kind, place.path);
  const required = new Set(schema?.required ?? []);
  return Object.entries(schema?.properties ?? {})
    .filter(([name]) => !place.siblings.includes(name) && name !== 'status')
    .map(([name, field]) => fieldSuggestion(name, field, required.has(name)))
    .sort((a, b) => Number(b.required) - Number(a.required));
}

const kindSchema: Schema = { enum: [...KINDS] };

function valuesOf(schema: Schema | undefined): Suggestion[] {
  if (!schema) return [];
  const given = schema.const !== undefined ? [schema.const] : (schema.enum ?? []);
  const values = [schema.type].flat().includes('boolean') ? [true, false] : given;
  return values.map((value) => ({
    label: String(value),
    detail: value === schema.default ? 'default' : '',
    description: schema.description ?? '',
    insert: String(value),
    kind: 'value',
    required: false,
  }));
}

function fieldSuggestion(name: string, field: Schema, required: boolean): Suggestion {
  const schema = resolved(field);
  const [type = ''] = [schema.type].flat();
  const [choice] = schema.enum ?? [];
  const value = schema.default ?? (required ? choice : undefined);
  const inserts: Readonly<Record<string, string>> = { object: ':\n  $1', array: ':\n  - $1' };
  return {
    label: name,
    detail: required ? `${type}, required` : type,
    description: field.description ?? schema.description ?? '',
    insert: `${name}${inserts[type] ?? (value === undefined ? ': $1' : `: \${1:${String(value)}}`)}`,
    kind: 'field',
    required,
  };
}

/** What the key under a cursor means. */
export function explanationAt(text: string, offset: number): Explanation | undefined {
  const place = placeOf(text, offset);
  if (!place || place.key === undefined) return undefined;
  const end = place.keyStart + place.key.length;
  if (!place.inValue && (offset < place.keyStart || offset > end)) return undefined;
  const path = [...place.path, place.key];
  const field = schemaAt(place.kind, path);
  const kind = path.join('.') === 'kind' ? resolved({ $ref: `#/definitions/${place.kind}` }) : undefined;
  const lines = [
    kind?.description,
    field?.description,
    field?.enum && path.join('.') !== 'kind' ? field.enum.map((one) => `\`${String(one)}\``).join(' · ') : undefined,
    field?.default === undefined ? undefined : `= \`${String(field.default)}\``,
  ].filter((line) => line !== undefined && line !== '');
  return lines.length === 0 ? undefined : { start: place.keyStart, end, text: lines.join('\n\n') };
}
