import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { msg, type Text } from '../../core/base/text';
import type { SyntaxProblem } from './documents';
import { exactNumber, readKey, readScalar, type ScalarReading } from './scalars';

const MERGE_TAG = 'tag:yaml.org,2002:merge';

/** Nodes of one document's value that come from its aliases: more would let a text of some lines become gigabytes. */
const MOST_FROM_ALIASES = 20_000;

/** Problems told of one document. */
const MOST_PROBLEMS = 100;

/** What a document says of its nodes, found in one go. */
export interface Sense {
  /** What each alias stands for; none for one of itself. */
  targets: Map<Alias, Node>;
  /** The types of the keys that are no strings before they are sent. */
  keyTypes: ReadonlyMap<Scalar, string>;
  problems: readonly SyntaxProblem[];
}

/** A plain scalar, or none at all, where nothing stands. */
export const isPlain = (node: { type?: string | undefined }): boolean =>
  node.type === undefined || node.type === 'PLAIN';

/** True for the `<<` that merges maps. */
export const isMergeKey = (key: unknown): boolean =>
  isScalar(key) &&
  (key.source ?? key.value) === '<<' &&
  ((isPlain(key) && key.tag === undefined) || key.tag === '!' || key.tag === MERGE_TAG);

const rangeOf = ({ range }: Pick<Node, 'range'>, document: Document.Parsed): Pick<SyntaxProblem, 'start' | 'end'> => {
  const [start, end] = range ?? [document.range[0], document.range[0]];
  return { start, end: Math.max(end, start + 1) };
};

/**
 * Gives every scalar of a document the value, and every key the text, that kubectl reads there. A key may be there twice
 * where that is `taken`: then the last counts.
 */
export function makeSense(document: Document.Parsed, json: boolean, twice: 'refused' | 'taken'): Sense {
  const problems: SyntaxProblem[] = [];
  const targets = new Map<Alias, Node>();
  const keyTypes = new Map<Scalar, string>();
  const anchors = new Map<string, Node>();
  const report = (node: Pick<Node, 'range'>, message: Text): void => {
    if (problems.length < MOST_PROBLEMS) problems.push({ ...rangeOf(node, document), message });
  };
  const visit = (node: unknown): void => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target) targets.set(node, target);
      else report(node, msg`There is no anchor "${node.source}" before this alias.`);
      return;
    }
    const anchor = (node as { anchor?: string } | null)?.anchor;
    if (anchor !== undefined) anchors.set(anchor, node as Node);
    if (isScalar(node)) {
      const reading = json
        ? readJson(String(node.source), isPlain(node))
        : readScalar(String(node.source), isPlain(node), node.tag);
      if ('value' in reading) node.value = reading.value;
      else report(node, reading.problem);
    } else if (isSeq(node)) node.items.forEach(visit);
    else if (isMap(node)) visitMap(node);
  };
  const visitMap = (map: YAMLMap): void => {
    const seen = new Set<string>();
    for (const { key, value } of map.items) {
      if (!isScalar(key)) {
        // To write such a key out again at each level that holds it would take minutes for some hundred brackets.
        report((key ?? map) as Node, 'A key must be a string; this is a map, a list or an alias.');
        return;
      }
      if (key.anchor !== undefined) anchors.set(key.anchor, key);
      if (json || !isMergeKey(key)) {
        const reading = readKey(String(key.source), !json && isPlain(key), json ? undefined : key.tag);
        if ('problem' in reading) report(key, reading.problem);
        else {
          key.value = reading.key;
          if (reading.type !== 'string') keyTypes.set(key, reading.type);
          if (twice === 'refused' && seen.has(reading.key)) report(key, msg`Duplicate key "${reading.key}".`);
          seen.add(reading.key);
        }
      }
      visit(value);
    }
  };
  visit(document.contents);
  return { targets, keyTypes, problems };
}

/** A scalar of JSON, which is known to be right. */
function readJson(text: string, plain: boolean): ScalarReading {
  if (!plain) return { value: text };
  if (/^-?\d+$/.test(text)) return exactNumber(BigInt(text));
  const value = JSON.parse(text) as number | boolean | null;
  return typeof value === 'number' && !Number.isFinite(value) ? { problem: msg`${text} is not a number.` } : { value };
}

/** Thrown with the node that a document's value fails at. */
class ValueError extends Error {
  readonly node: Pick<Node, 'range'>;
  readonly text: Text;

  constructor(node: Pick<Node, 'range'>, message: Text) {
    super(String(message));
    this.node = node;
    this.text = message;
  }
}

/** The value of a document as kubectl sends it: a merge wins over what stands before it, and loses to what follows. */
export function valueOf(
  document: Document.Parsed,
  { targets, keyTypes }: Sense,
): { value: unknown } | { problem: SyntaxProblem } {
  const open = new Set<Alias>();
  // Counted as go-yaml counts what it decodes, to refuse what it refuses.
  let decoded = 1;
  let fromAliases = 0;
  const count = (node: Pick<Node, 'range'>): void => {
    decoded += 1;
    if (open.size > 0) fromAliases += 1;
    if (fromAliases > MOST_FROM_ALIASES || (fromAliases > 100 && decoded > 1000 && fromAliases / decoded > 0.99))
      throw new ValueError(firstOf(targets) ?? node, BOMB);
  };
  const follow = <T>(alias: Alias, go: (target: Node) => T): T => {
    count(alias);
    if (open.has(alias)) throw new ValueError(alias, msg`The anchor "${alias.source}" contains itself.`);
    open.add(alias);
    const result = go(targets.get(alias) as Node);
    open.delete(alias);
    return result;
  };
  const build = (node: unknown): unknown => {
    if (isAlias(node)) return follow(node, build);
    count((node ?? document) as Pick<Node, 'range'>);
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map(build);
    return isMap(node) ? fill({}, node) : null;
  };
  const types = new Map<object, Map<string, string>>();
  /** Of `1` and `"1"`, which are two keys until they are sent, kubectl takes now the one and now the other. */
  const oneType = (into: object, key: string, node: Scalar): void => {
    const type = keyTypes.get(node) ?? 'string';
    const known = types.get(into) ?? types.set(into, new Map()).get(into);
    if ((known?.get(key) ?? type) !== type) throw new ValueError(node, msg`Duplicate key "${key}".`);
    known?.set(key, type);
  };
  const fill = (into: Record<string, unknown>, map: YAMLMap): Record<string, unknown> => {
    for (const pair of map.items) {
      if (isMergeKey(pair.key)) merge(into, pair);
      else {
        count(pair.key as Node);
        const value = build(pair.value);
        const key = String((pair.key as Scalar).value);
        oneType(into, key, pair.key as Scalar);
        // Not by the setter of that name.
        if (key === '__proto__')
          Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
        else into[key] = value;
      }
    }
    return into;
  };
  const mergeOne = (into: Record<string, unknown>, node: unknown, pair: Pair): void => {
    const one = (target: Node): void => {
      if (!isMap(target)) throw new ValueError((isAlias(node) ? node : pair.key) as Node, NO_MAP);
      if (!isAlias(node)) count(target);
      else count(node);
      fill(into, target);
    };
    if (isAlias(node)) follow(node, one);
    else one(node as Node);
  };
  const merge = (into: Record<string, unknown>, pair: Pair): void => {
    // Of a list of maps the first wins.
    if (isSeq(pair.value)) for (const item of [...pair.value.items].reverse()) mergeOne(into, item, pair);
    else mergeOne(into, pair.value, pair);
  };
  try {
    return { value: build(document.contents) };
  } catch (thrown) {
    if (!(thrown instanceof ValueError)) throw thrown;
    return { problem: { ...rangeOf(thrown.node, document), message: thrown.text } };
  }
}

const BOMB: Text = 'This document expands its aliases without bounds and is not read.';
const NO_MAP: Text = 'Only maps can be merged: "<<" requires an alias of a map, or a list of them.';

const firstOf = <T>(map: ReadonlyMap<T, unknown>): T | undefined => map.keys().next().value;
