/** A label value inside PromQL's double quotes. */
export function escapeLabelValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** A text that RE2 reads as itself. */
function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** One value among those that a matcher takes, as it stands between the bars. */
export function alternative(value: string): string {
  return escapeLabelValue(escapeRegExp(value));
}

/** The PromQL matcher of a label that has any of these values; plain equality for one. */
export function matcherOf(label: string, values: readonly string[]): string {
  const [only] = values;
  if (values.length === 1 && only !== undefined) return `${label}="${escapeLabelValue(only)}"`;
  return `${label}=~"${values.map(alternative).join('|')}"`;
}
