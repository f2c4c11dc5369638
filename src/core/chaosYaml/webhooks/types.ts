import file from './types.json';

/** A field of a Go struct of Chaos Mesh's API, as its webhooks see it. */
export interface GoField {
  name: string;
  /** Its key; undefined for an embedded struct, whose fields are the object's own. */
  json?: string;
  /** A name, with `*` or `[]` before it; `any` for what no webhook looks into. */
  type: string;
  /** It is written though it is empty: the mutating webhooks put its zero in. */
  kept?: boolean;
  /** The validator and defaulter of its tag. */
  webhook?: string;
  /** It is looked at though it is nil. */
  nilable?: boolean;
  default?: string;
}

/** A named Go type. `validate` and `default` name the type whose method is called: its own, or an embedded one's. */
export interface GoType {
  kind: string;
  validate?: string;
  default?: string;
  fields?: readonly GoField[];
}

const { kinds, types } = file as unknown as { kinds: Record<string, string>; types: Record<string, GoType> };

/** The type of a kind's spec; undefined for kinds that have no webhooks. */
export const specType = (kind: string): string | undefined => (Object.hasOwn(kinds, kind) ? kinds[kind] : undefined);

/** True for the kinds whose objects Chaos Mesh's admission webhooks fill in and check. */
export const isReviewed = (kind: string): boolean => specType(kind) !== undefined;

/** A named type of Chaos Mesh's API; undefined for those of Go itself. */
export const goType = (name: string): GoType | undefined => (Object.hasOwn(types, name) ? types[name] : undefined);

/** The zero of a type as JSON has it; undefined for what is left out. A struct's own fields are not in it. */
export function zeroOf(type: string): unknown {
  if (type.startsWith('*') || type.startsWith('[]')) return null;
  const kind = goType(type)?.kind ?? type;
  if (kind === 'struct') return {};
  if (kind === 'string') return '';
  if (kind === 'bool') return false;
  return /^(u?int|float)\d*$/.test(kind) ? 0 : undefined;
}
