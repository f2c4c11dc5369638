import { Composer, isScalar, Parser, visit, type CST, type Document, type YAMLParseError } from 'yaml';
import { toAppError } from '../../core/errors';

/** More characters than this are not looked at: several times the longest that anyone writes. */
export const MOST_CHARACTERS = 64_000;
const MOST_DOCUMENTS = 500;
/** Problems told of one text: whoever has as many begins with the first. */
const MOST_PROBLEMS = 100;

/** Something that keeps a text from being read. */
export interface SyntaxProblem {
  start: number;
  end: number;
  message: string;
}

/** One document of a text, and what is wrong with it. */
export interface ReadDocument {
  index: number;
  document: Document.Parsed;
  problems: readonly SyntaxProblem[];
}

/** The documents of a text, and what is wrong with the text as a whole. */
export interface ReadDocuments {
  documents: readonly ReadDocument[];
  problems: readonly SyntaxProblem[];
}

/**
 * Reads all documents of a text. Throws for no text and takes no text long: it may be a stranger's, and all extensions of
 * the editor wait meanwhile. Told of the offset of each line where `onLine` is given.
 */
export function readDocuments(text: string, onLine?: (offset: number) => void): ReadDocuments {
  const only = (message: string): ReadDocuments => ({ documents: [], problems: [{ start: 0, end: 1, message }] });
  if (text.length > MOST_CHARACTERS) return only('This file is too long to be checked.');
  const found: Document.Parsed[] = [];
  const { take, end, left } = boundedComposer(found);
  const problems: SyntaxProblem[] = [];
  try {
    for (const token of new Parser(onLine).parse(text)) take(token);
    end();
  } catch (thrown) {
    // Thousands of nested brackets are too deep for the parser.
    if (thrown !== ENOUGH) return only(`This file cannot be read: ${toAppError(thrown).message}.`);
    problems.push(...left().map(problemOf));
    const start = problems.at(-1)?.start ?? found.at(-1)?.range[2] ?? 0;
    problems.push({
      start,
      end: start + 1,
      message: 'From here on this file is not checked: too much is wrong before.',
    });
  }
  return {
    documents: found.map((document, index) => ({
      index,
      document,
      problems: document.errors.length > 0 ? document.errors.map(problemOf) : twice(document),
    })),
    problems,
  };
}

/** Thrown where enough was found. */
const ENOUGH = new Error('enough');

/** A composer that stops at the hundredth problem: each is an error with its stack, and a text can hold one a character. */
function boundedComposer(found: Document.Parsed[]): {
  take: (token: CST.Token) => void;
  end: () => void;
  left: () => readonly YAMLParseError[];
} {
  // Keys that are there twice are looked for below: the composer's own search is quadratic.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const inner = composer as unknown as { onError: (...problem: unknown[]) => void };
  const report = inner.onError;
  let problems = 0;
  const one = (): void => {
    problems += 1;
    if (problems > MOST_PROBLEMS) throw ENOUGH;
  };
  inner.onError = (...problem) => {
    one();
    report(...problem);
  };
  const add = (document: Document.Parsed): void => {
    found.push(document);
    if (found.length >= MOST_DOCUMENTS) throw ENOUGH;
  };
  return {
    take: (token) => {
      if (token.type === 'error' || token.type === 'doc-end') one();
      for (const document of composer.next(token)) add(document);
    },
    end: () => {
      for (const document of composer.end()) add(document);
    },
    left: () => composer.streamInfo().errors,
  };
}

const problemOf = ({ code, pos: [start, end], message }: YAMLParseError): SyntaxProblem => ({
  start,
  end: Math.max(end, start + 1),
  message: code === 'TAB_AS_INDENT' ? 'YAML is indented with spaces, not with tabs.' : sentence(message),
});

/** A message as a sentence. */
export const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);

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
        if (problems.length >= MOST_PROBLEMS) return visit.BREAK;
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return problems;
}
