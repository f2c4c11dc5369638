import type { ChaosObject } from '../experiments/experiment';
import { summarize } from '../experiments/summary';
import { oneLine } from '../base/sanitize';
import { isRecord, textOf } from '../base/unknown';
import { selectsPods } from './hits';

/** Fields of an object that its description does not cover. */
export interface Rest {
  /** `path: value`, each on one line. */
  lines: readonly string[];
  /** True where there is more than can be shown. */
  cut: boolean;
}

type Path = readonly (string | number)[];
interface Leaf {
  path: Path;
  value: unknown;
}

/** More fields than a person reads before a click. */
const MOST_FIELDS = 60;
/** Characters of a value; a script that is longer is not read there. */
const LONGEST = 300;
/** The same of a summary. */
export const LONGEST_SUMMARY = 600;
const DEEPEST = 40;

/** Said by the pods that are hit, by their number, and by how long it lasts. */
const SAID_BY_THE_HITS = /^(target\.)?(selector($|\.)|mode$|value$)/;
/** Go's zero, which is what Chaos Mesh takes where they are left out. */
const NOTHING_IF_ZERO = /(^|\.)(correlation|gap)$/;
/** Changes nothing of what happens, and is nobody's to read. */
const SECRET = /(^|\.)password$/i;

/**
 * Every field of a spec that its summary leaves out, so that nothing of what is sent goes unsaid, be it unknown here. A
 * field counts as said where another value in its place would be read in the summary.
 *
 * @param chosenLater true where the pods are chosen later than they are shown: then the selector is told as well.
 */
export function restOf({ kind, spec }: Pick<ChaosObject, 'kind' | 'spec'>, chosenLater = false): Rest {
  const mark = `¤${Math.random().toString(36).slice(2)}`; // nothing that a spec could hold beforehand
  const podsAreShown = selectsPods({ kind, spec });
  const isSaid = ({ path, value }: Leaf): boolean => {
    const name = pathText(path);
    if (name === 'duration') return true;
    if (podsAreShown && SAID_BY_THE_HITS.test(name)) return !(chosenLater && name.includes('selector'));
    // All blocks of these act together, whatever the action is called.
    if (kind === 'NetworkChaos' && name === 'action' && value !== 'partition') return true;
    if (NOTHING_IF_ZERO.test(name) && textOf(value) === '0') return true;
    if (typeof value === 'boolean')
      return summarize({ kind, spec: withValue(spec, path, undefined) }) !== summarize({ kind, spec });
    if (Array.isArray(value) && !value.every((one) => textOf(one) !== '')) return false;
    return summarize({ kind, spec: withValue(spec, path, Array.isArray(value) ? [mark] : mark) }).includes(mark);
  };
  const leaves = leavesOf(spec);
  const { lines, cut } = textsOf(leaves.length > MOST_FIELDS * 4 ? leaves : leaves.filter((leaf) => !isSaid(leaf)));
  return { lines, cut: cut || summarize({ kind, spec }).length > LONGEST_SUMMARY };
}

/** All fields of a value. */
export const fieldsOf = (value: unknown): Rest => textsOf(leavesOf(value));

/** Several as one, each below its name. */
export function combinedRest(parts: readonly { name: string; rest: Rest }[]): Rest {
  const lines = parts.flatMap(({ name, rest }) =>
    rest.lines.map((line) => `${oneLine(name)}: ${line}`.slice(0, LONGEST * 2)),
  );
  return { lines: lines.slice(0, MOST_FIELDS), cut: lines.length > MOST_FIELDS || parts.some(({ rest }) => rest.cut) };
}

function textsOf(leaves: readonly Leaf[]): Rest {
  let cut = leaves.length > MOST_FIELDS;
  const lines = leaves.slice(0, MOST_FIELDS).map(({ path, value }) => {
    const name = oneLine(pathText(path));
    const text = SECRET.test(name)
      ? '•••'
      : oneLine(Array.isArray(value) ? value.map(String).join(', ') : String(value));
    if (name.length + text.length > LONGEST) cut = true;
    return `${name}: ${text}`.slice(0, LONGEST);
  });
  return { lines, cut };
}

const pathText = (path: Path): string =>
  path.reduce<string>(
    (all, key) => (typeof key === 'number' ? `${all}[${key}]` : all === '' ? key : `${all}.${key}`),
    '',
  );

/** What holds nothing more; a list of plain values is one. What is empty changes nothing. */
function leavesOf(value: unknown, path: Path = []): Leaf[] {
  if (value === null || value === undefined || value === '') return [];
  const inner: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : isRecord(value)
      ? Object.entries(value)
      : [];
  const plain = typeof value !== 'object' || (Array.isArray(value) && !value.some((one) => typeof one === 'object'));
  if (plain) return Array.isArray(value) && value.length === 0 ? [] : [{ path, value }];
  if (path.length > DEEPEST) return [{ path, value: '…'.repeat(LONGEST) }];
  return inner.flatMap(([key, one]) => leavesOf(one, [...path, key]));
}

/** The same with something else at a place; without it where that is undefined. */
function withValue<T>(holder: T, [key, ...rest]: Path, value: unknown): T {
  if (key === undefined) return value as T;
  const copy = (Array.isArray(holder) ? [...(holder as unknown[])] : { ...holder }) as Record<string | number, unknown>;
  copy[key] = withValue(copy[key], rest, value);
  return copy as T;
}
