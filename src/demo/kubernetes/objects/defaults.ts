type Schema = Record<string, unknown>;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value with the defaults of its schema where fields are missing, as the API server fills them in before it validates. */
export function withDefaults(schema: Schema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = schema['items'] as Schema | undefined;
    return items ? value.map((item) => withDefaults(items, item)) : value;
  }
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = { ...value };
  for (const [key, inner] of Object.entries((schema['properties'] as Record<string, Schema> | undefined) ?? {})) {
    const missing = !Object.hasOwn(result, key) || (result[key] === null && inner['nullable'] !== true);
    if (missing && inner['default'] !== undefined) result[key] = structuredClone(inner['default']);
    if (Object.hasOwn(result, key)) result[key] = withDefaults(inner, result[key]);
  }
  const additional = schema['additionalProperties'];
  if (isObject(additional))
    for (const [key, item] of Object.entries(value)) result[key] = withDefaults(additional, item);
  return result;
}

/** A value without the fields that are null, where a schema does not allow that and has no default: the API server takes them for missing. */
export function withoutForbiddenNulls(schema: Schema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = schema['items'] as Schema | undefined;
    return items ? value.map((item) => withoutForbiddenNulls(items, item)) : value;
  }
  if (!isObject(value)) return value;
  const properties = (schema['properties'] as Record<string, Schema> | undefined) ?? {};
  const additional = schema['additionalProperties'];
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, one]) => one !== null || !properties[key] || properties[key]['nullable'] === true)
      .map(([key, one]) => {
        const inner = properties[key] ?? (isObject(additional) ? additional : undefined);
        return [key, inner ? withoutForbiddenNulls(inner, one) : one];
      }),
  );
}
