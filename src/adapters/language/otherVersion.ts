import type { KindSchemas, RuleFinding } from '../../core/chaosYaml/findings';
import { isRecord } from '../../core/base/unknown';
import { schemaAt } from './schema';

/**
 * True of what our version of Chaos Mesh's webhooks says and the cluster's cannot: its schema has another version's
 * kinds, fields and values.
 */
export function isOfOtherVersion(
  { path, severity }: RuleFinding,
  object: Readonly<Record<string, unknown>>,
  kind: string,
  cluster: KindSchemas | undefined,
): boolean {
  if (!cluster || severity !== 'error') return false;
  const value = valueAt(object, path);
  // A kind, or the type of a schedule or template that is a kind.
  if (/^(kind|type|templateType)$/.test(String(path.at(-1))) && Object.hasOwn(cluster, String(value))) return true;
  const [theirs, ours] = [schemaAt(kind, path, cluster), schemaAt(kind, path, undefined)];
  if (value === undefined) return theirs === undefined && ours !== undefined;
  return theirs?.enum?.includes(value) === true && ours?.enum?.includes(value) === false;
}

/** What is at a path; undefined where nothing is. */
export function valueAt(value: unknown, path: RuleFinding['path']): unknown {
  let inner: unknown = value;
  for (const key of path) {
    if (!(isRecord(inner) || Array.isArray(inner)) || !Object.hasOwn(inner, key)) return undefined;
    inner = (inner as Record<string | number, unknown>)[key];
  }
  return inner;
}
