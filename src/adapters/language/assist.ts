import type { KindSchemas, Path } from '../../core/chaosYaml/findings';
import type { Explanation, Suggestion } from '../../core/chaosYaml/language';
import { placeOf } from './place';
import { kindsOf, resolved, schemaAt, type Schema } from './schema';

/** Fields and values that can be written where a cursor is. */
export function suggestionsAt(text: string, offset: number, cluster: KindSchemas | undefined): Suggestion[] {
  const place = placeOf(text, offset);
  if (!place) return [];
  const path = [...place.path];
  if (place.inValue && place.key !== undefined) {
    if (path.length === 0 && place.key === 'kind') return valuesOf({ enum: kindsOf(cluster) }, '');
    path.push(place.key);
    return valuesOf(schemaAt(place.kind, path, cluster), textAt(place.kind, path, cluster));
  }
  const schema = schemaAt(place.kind, path, cluster);
  const required = new Set(schema?.required ?? []);
  return Object.entries(schema?.properties ?? {})
    .filter(([name]) => !place.siblings.includes(name) && name !== 'status')
    .map(([name, field]) =>
      fieldSuggestion(name, field, required.has(name), textAt(place.kind, [...path, name], cluster)),
    )
    .sort((a, b) => Number(b.required) - Number(a.required));
}

/** What a field means: in our words where we know it, else in those of the cluster. */
const textAt = (kind: string, path: Path, cluster: KindSchemas | undefined): string =>
  schemaAt(kind, path, undefined)?.description ?? schemaAt(kind, path, cluster)?.description ?? '';

function valuesOf(schema: Schema | undefined, description: string): Suggestion[] {
  if (!schema) return [];
  const given = schema.const !== undefined ? [schema.const] : (schema.enum ?? []);
  const values = [schema.type].flat().includes('boolean') ? [true, false] : given;
  return values.map((value) => ({
    label: String(value),
    detail: value === schema.default ? 'default' : '',
    description,
    insert: String(value),
    kind: 'value',
    required: false,
  }));
}

function fieldSuggestion(name: string, field: Schema, required: boolean, description: string): Suggestion {
  const schema = resolved(field);
  const [type = ''] = [schema.type].flat();
  const [choice] = schema.enum ?? [];
  const value = schema.default ?? (required ? choice : undefined);
  const inserts: Readonly<Record<string, string>> = { object: ':\n  $1', array: ':\n  - $1' };
  return {
    label: name,
    detail: required ? `${type}, required` : type,
    description,
    insert: `${name}${inserts[type] ?? (value === undefined ? ': $1' : `: \${1:${String(value)}}`)}`,
    kind: 'field',
    required,
  };
}

/** What the key under a cursor means. */
export function explanationAt(text: string, offset: number, cluster: KindSchemas | undefined): Explanation | undefined {
  const place = placeOf(text, offset);
  if (!place || place.key === undefined) return undefined;
  const end = place.keyStart + place.key.length;
  if (!place.inValue && (offset < place.keyStart || offset > end)) return undefined;
  const path = [...place.path, place.key];
  const field = schemaAt(place.kind, path, cluster);
  const isKind = path.join('.') === 'kind';
  const lines = [
    isKind && kindsOf(cluster).includes(place.kind) ? textAt(place.kind, ['spec'], cluster) : undefined,
    field && textAt(place.kind, path, cluster),
    field?.enum && !isKind ? field.enum.map((one) => `\`${String(one)}\``).join(' · ') : undefined,
    field?.default === undefined ? undefined : `= \`${String(field.default)}\``,
  ].filter((line) => line !== undefined && line !== '');
  return lines.length === 0 ? undefined : { start: place.keyStart, end, text: lines.join('\n\n') };
}
