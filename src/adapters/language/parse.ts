import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Path } from '../../core/chaosRules/findings';
import { toAppError } from '../../core/errors';

/** More characters than this are not looked at: ten times the longest that anyone writes. */
const MOST_CHARACTERS = 1_000_000;
/** Aliases resolved in one document, so that a text of some lines cannot become gigabytes. */
const MOST_ALIASES = 100;

/** Something that keeps a text from being read. */
export interface SyntaxProblem {
  start: number;
  end: number;
  message: string;
}

/** One document of a text. */
export interface ParsedDocument {
  index: number;
  document: Document.Parsed;
  /** Undefined where it cannot be read. */
  value: unknown;
  problems: readonly SyntaxProblem[];
}

/** Reads all documents of a text. Throws for no text. */
export function parseYaml(text: string): { documents: ParsedDocument[]; problems: SyntaxProblem[] } {
  if (text.length > MOST_CHARACTERS)
    return { documents: [], problems: [{ start: 0, end: 1, message: 'This file is too long to be checked.' }] };
  try {
    // Keys that are there twice are looked for below: the parser's own search is quadratic.
    const parsed = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
    const documents = Array.isArray(parsed) ? parsed : [];
    return { documents: documents.map((document, index) => read(document as Document.Parsed, index)), problems: [] };
  } catch (thrown) {
    // Thousands of nested brackets are too deep for the parser.
    const message = `This file cannot be read: ${toAppError(thrown).message}.`;
    return { documents: [], problems: [{ start: 0, end: 1, message }] };
  }
}

function read(document: Document.Parsed, index: number): ParsedDocument {
  const problems: SyntaxProblem[] = document.errors.map(({ code, pos: [start, end], message }) => ({
    start,
    end: Math.max(end, start + 1),
    message: code === 'TAB_AS_INDENT' ? 'YAML is indented with spaces, not with tabs.' : sentence(message),
  }));
  if (problems.length > 0) return { index, document, value: undefined, problems };
  problems.push(...twice(document));
  try {
    return { index, document, value: document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown, problems };
  } catch (thrown) {
    const bomb = thrown instanceof ReferenceError && /alias count/i.test(thrown.message);
    const message = bomb
      ? 'This document repeats its aliases so often that it would grow without bounds: it is not read.'
      : sentence(toAppError(thrown).message);
    const [start, end] = firstAlias(document);
    return { index, document, value: undefined, problems: [...problems, { start, end, message }] };
  }
}

const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);

function firstAlias(document: Document.Parsed): [number, number] {
  let found: [number, number] = [document.range[0], document.range[0] + 1];
  visit(document, {
    Alias: (_, { range }) => {
      if (range) found = [range[0], range[1]];
      return visit.BREAK;
    },
  });
  return found;
}

/** Keys that a map has twice: the later one would silently win. */
function twice(document: Document.Parsed): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value) && key.value !== '<<' && key.range)
          problems.push({ start: key.range[0], end: key.range[1], message: `"${String(key.value)}" is here twice.` });
        seen.add(key.value);
      }
    },
  });
  return problems;
}

/** A place inside a document. */
export interface Place {
  /** The map or list that holds it. */
  parent: Node;
  pair: Pair | undefined;
  key: Node | undefined;
  value: Node | undefined;
  /** On the way there is an alias: what is changed there changes elsewhere too. */
  aliased: boolean;
}

/** Finds a place; undefined where the document does not have it. */
export function locate(document: Document, path: Path): Place | undefined {
  let node: unknown = document.contents;
  let place: Place | undefined;
  let aliased = false;
  for (const step of path) {
    if (isAlias(node)) {
      aliased = true;
      node = node.resolve(document);
    }
    if (isMap(node)) {
      const parent: YAMLMap = node;
      const pair = parent.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (!pair) return undefined;
      place = { parent, pair, key: pair.key as Node, value: (pair.value ?? undefined) as Node | undefined, aliased };
    } else if (isSeq(node) && typeof step === 'number') {
      const value = node.items[step] as Node | undefined;
      if (!value) return undefined;
      place = { parent: node, pair: undefined, key: undefined, value, aliased };
    } else return undefined;
    node = place.value;
  }
  return place;
}

/** Where to show something about a path: its value, or the nearest key above it where it is missing. */
export function rangeOf(document: Document, path: Path, onKey = false): [number, number] {
  for (let length = path.length; length > 0; length -= 1) {
    const place = locate(document, path.slice(0, length));
    if (!place) continue;
    const whole = length === path.length && !onKey && isScalar(place.value) && place.value.value !== null;
    const range = (whole ? place.value?.range : (place.key?.range ?? place.value?.range)) ?? undefined;
    if (range) return [range[0], Math.max(range[1], range[0] + 1)];
  }
  const kind = locate(document, ['kind']) ?? locate(document, ['apiVersion']);
  const range = kind?.value?.range ?? document.range;
  return range ? [range[0], Math.max(range[1], range[0] + 1)] : [0, 1];
}
