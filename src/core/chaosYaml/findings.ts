import type { Text } from '../base/text';

/** Where something is inside an object: keys of maps and places in lists, from its root on. */
export type Path = readonly (string | number)[];

/** One change of a fix. */
export type FixChange =
  /** Gives a field this value; maps on the way that are missing are made. */
  | { op: 'set'; path: Path; value: unknown }
  | { op: 'remove'; path: Path }
  /** Gives a field another key, with the value that it has. */
  | { op: 'rename'; path: Path; key: string };

/** A way to mend what was found. */
export interface Fix {
  title: Text;
  changes: readonly FixChange[];
}

/** Errors are refused by the server, warnings are accepted and do something else than was meant. */
export type Severity = 'error' | 'warning' | 'information';

/** Something about an object that its author should know. */
export interface RuleFinding {
  /** Tells kinds of findings apart, for settings and tests. */
  code: string;
  severity: Severity;
  /** The field; of one that is missing, the place where it should be. */
  path: Path;
  message: Text;
  fixes: readonly Fix[];
}

/** The OpenAPI schemas of the specs of Chaos Mesh's kinds, as a cluster has them. */
export type KindSchemas = Readonly<Record<string, unknown>>;

/** What is put in where something is missing: the target as the settings name it. */
export interface RuleContext {
  /** The database's namespace. */
  namespace: string;
  /** Selects the database's pods, as `kubectl -l` takes it. */
  labelSelector: string;
  /** The database's container. */
  container: string;
  /** A mount of the database's data. */
  volumePath: string;
  /** A Go duration. */
  duration: string;
  /** Of the connected cluster, where it tells them; it may have another version of Chaos Mesh than the one that is known here. */
  schemas?: KindSchemas | undefined;
}

/** A fix that sets one field. */
export const setting = (title: Text, path: Path, value: unknown): Fix => ({
  title,
  changes: [{ op: 'set', path, value }],
});

/** The one of these that a word was most likely meant to be; undefined where none is near. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const close = known
    .map((one) => ({ one, far: distance(word.toLowerCase(), one.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)[0];
  return close && close.far <= Math.max(1, Math.floor(close.one.length / 3)) ? close.one : undefined;
}

/** Levenshtein's distance, of words up to 64 characters. */
function distance(a: string, b: string): number {
  if (a.length > 64 || b.length > 64) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
