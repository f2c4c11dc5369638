import { isAlias, isMap, isScalar, isSeq, visit, type Document, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Path } from '../../core/chaosRules/findings';
import { toAppError } from '../../core/errors';
import { readDocuments, sentence, type ReadDocument, type SyntaxProblem } from '../yaml/documents';

/** Aliases resolved in one document, so that a text of some lines cannot become gigabytes. */
const MOST_ALIASES = 100;

/** One document of a text. */
export interface ParsedDocument extends ReadDocument {
  /** Undefined where it cannot be read. */
  value: unknown;
}

/** Reads all documents of a text with their values. Throws for no text. */
export function parseYaml(text: string): { documents: ParsedDocument[]; problems: readonly SyntaxProblem[] } {
  const { documents, problems } = readDocuments(text);
  return { documents: documents.map(withValue), problems };
}

function withValue({ index, document, problems }: ReadDocument): ParsedDocument {
  if (document.errors.length > 0) return { index, document, value: undefined, problems };
  const key = otherKey(document);
  if (key) return { index, document, value: undefined, problems: [...problems, key] };
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

/**
 * The first key that is a map, a list or an alias, which no object of Kubernetes has. To make a value of it the library
 * writes it out again at each level that holds it: some hundred brackets would take it minutes.
 */
function otherKey(document: Document.Parsed): SyntaxProblem | undefined {
  let found: SyntaxProblem | undefined;
  visit(document, {
    Pair: (_, { key }) => {
      if (key === null || isScalar(key)) return undefined;
      const [start, end] = (key as Node).range ?? document.range;
      found = { start, end: Math.max(end, start + 1), message: 'A key is a text: this is a map, a list or an alias.' };
      return visit.BREAK;
    },
  });
  return found;
}

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
