import { Composer, Parser, type Alias, type Document, type Node, type YAMLParseError } from 'yaml';
import { msg, type Text } from '../../core/base/text';
import { AppError, toAppError } from '../../core/base/errors';
import { chunksOf, type Chunk } from './chunks';
import { differencesOf, NO_TABS, otherCharacter, UNEXPECTED } from './differences';
import { makeSense, valueOf } from './values';

/** More characters than this are not looked at: several times the longest that anyone writes. */
export const MOST_CHARACTERS = 64_000;
const MOST_DOCUMENTS = 500;
/** The most problems reported for one text. */
const MOST_PROBLEMS = 100;

/** Something that keeps a text from being read. */
export interface SyntaxProblem {
  start: number;
  end: number;
  message: Text;
}

/** One document of a text, and what is wrong with it. */
export interface ReadDocument {
  index: number;
  document: Document.Parsed;
  /** What kubectl would send; undefined where something is wrong. */
  value: unknown;
  /** What each alias stands for. */
  targets: ReadonlyMap<Alias, Node>;
  problems: readonly SyntaxProblem[];
}

/** The documents of a text, and what is wrong with the text as a whole. */
export interface ReadDocuments {
  documents: readonly ReadDocument[];
  problems: readonly SyntaxProblem[];
}

/**
 * Reads all documents of a text as kubectl does: its scalars are of YAML 1.1. Throws for no text and takes no text long:
 * it may be a stranger's, and all extensions of the editor wait meanwhile.
 */
export function readDocuments(text: string): ReadDocuments {
  const only = (message: Text): ReadDocuments => ({ documents: [], problems: [{ start: 0, end: 1, message }] });
  if (text.length > MOST_CHARACTERS) return only('This file is too long to be checked.');
  const documents: ReadDocument[] = [];
  let lost: SyntaxProblem | undefined;
  const budget = { problems: MOST_PROBLEMS, documents: MOST_DOCUMENTS };
  try {
    for (const chunk of chunksOf(text)) {
      const { found, problems, enough } = composed(text, chunk, budget);
      found.forEach((document, i) =>
        documents.push(read(text, document, documents.length, { ...chunk, problem: chunk.problem ?? lost }, i > 0)),
      );
      if (!enough) {
        // kubectl goes no farther: what follows is not sent either.
        if (found.length === 0) lost ??= unread(text, chunk);
        continue;
      }
      const start = problems.at(-1)?.start ?? found.at(-1)?.range[2] ?? chunk.start;
      const message: Text = 'The rest of this file is not checked because of the errors above.';
      return { documents, problems: [...problems, { start, end: start + 1, message }] };
    }
  } catch (thrown) {
    // Thousands of nested brackets are too deep for the parser.
    return only(msg`This file cannot be read: ${toAppError(thrown).text}.`);
  }
  const told = documents.some(({ problems }) => problems.some(({ start }) => start === lost?.start));
  return { documents, problems: lost && !told ? [lost] : [] };
}

function read(
  text: string,
  document: Document.Parsed,
  index: number,
  chunk: Chunk,
  behind: boolean,
  twice: 'refused' | 'taken' = 'refused',
): ReadDocument {
  const { json } = chunk;
  const wrong = (problems: readonly SyntaxProblem[], targets = new Map<Alias, Node>()): ReadDocument => ({
    ...{ index, document, value: undefined, targets },
    problems: problems.map(({ start, end, message }) => ({
      message,
      start: Math.min(start, text.length),
      end: Math.min(end, text.length + 1),
    })),
  });
  const { contents, errors, range } = document;
  const start = chunk.start + (COMMENTS.exec(text.slice(chunk.start, chunk.end))?.[0].length ?? 0);
  if (!json && text.startsWith('...', start)) return wrong([{ start, end: start + 3, message: UNEXPECTED }]);
  const problem = chunk.problem ?? (json ? undefined : otherCharacter(text, chunk.start, chunk.end));
  if (problem) return wrong([problem]);
  if (behind && contents) {
    const message: Text = 'kubectl ignores everything between "..." and the next "---".';
    return wrong([{ start: range[0], end: Math.max(range[1], range[0] + 1), message }]);
  }
  if (errors.length > 0) return wrong(causes(errors).map(problemOf));
  const differences = json ? [] : differencesOf(text, document, [chunk.start, chunk.end]);
  if (differences.length > 0) return wrong(differences);
  const sense = makeSense(document, json, twice);
  if (sense.problems.length > 0) return wrong(sense.problems);
  const result = valueOf(document, sense);
  if ('problem' in result) return wrong([result.problem], sense.targets);
  return { index, document, value: result.value, targets: sense.targets, problems: [] };
}

/**
 * The value of a text's first document, as those read it who take but one: kubectl its kubeconfig. Of a key that is there
 * twice the last counts. Throws where it has none or cannot be read.
 */
export function readFirst(text: string): unknown {
  const chunk: Chunk = { start: 0, end: text.length, json: false };
  const { found } = composed(text, chunk, { problems: MOST_PROBLEMS, documents: MOST_DOCUMENTS });
  const [problem, value] = found[0] ? firstOf(read(text, found[0], 0, chunk, false, 'taken')) : [];
  if (problem) throw new AppError('invalid', problem.message);
  return value;
}

const firstOf = ({ problems, value }: ReadDocument): [SyntaxProblem | undefined, unknown] => [problems[0], value];

/** What may stand before a document. */
const COMMENTS = /^\uFEFF?(?:[ \r\n]|#[^\n]*)*/;

/** A part that holds no document holds comments only, if all is well. */
function unread(text: string, { start, end, problem }: Chunk): SyntaxProblem | undefined {
  if (problem) return problem;
  const other = otherCharacter(text, start, end);
  if (other) return other;
  const at = start + (COMMENTS.exec(text.slice(start, end))?.[0].length ?? 0);
  return at < end ? { start: at, end: at + 1, message: UNEXPECTED } : undefined;
}

/** Thrown where enough was found. */
const ENOUGH = new Error('enough');

/**
 * The documents of a part of a text, up to a number of problems: each is an error with its stack, and a text can hold one
 * a character.
 */
function composed(
  text: string,
  { start, end }: Chunk,
  budget: { problems: number; documents: number },
): { found: Document.Parsed[]; problems: SyntaxProblem[]; enough: boolean } {
  const found: Document.Parsed[] = [];
  // Scalars are read, and keys that are there twice looked for, elsewhere; the composer's own search is quadratic.
  const options = { schema: 'failsafe', resolveKnownTags: false, merge: false } as const;
  const composer = new Composer({ ...options, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const inner = composer as unknown as { onError: (...problem: unknown[]) => void };
  const report = inner.onError;
  const one = (): void => {
    budget.problems -= 1;
    if (budget.problems < 0) throw ENOUGH;
  };
  inner.onError = (...problem) => {
    one();
    report(...problem);
  };
  const add = (document: Document.Parsed): void => {
    found.push(document);
    budget.documents -= 1;
    if (budget.documents <= 0) throw ENOUGH;
  };
  const parser = new Parser();
  parser.offset = start;
  try {
    // As kubectl does, ends the last line: else the parser takes what is open there for closed.
    for (const token of parser.parse(text.slice(start, end).replace(/(?<!\n)$/, '\n'))) {
      if (token.type === 'error' || token.type === 'doc-end') one();
      for (const document of composer.next(token)) add(document);
    }
    for (const document of composer.end()) add(document);
  } catch (thrown) {
    if (thrown !== ENOUGH) throw thrown;
    return { found, problems: composer.streamInfo().errors.map(problemOf), enough: true };
  }
  return { found, problems: [], enough: false };
}

/** What the parser says after a tab follows from it. */
function causes(errors: readonly YAMLParseError[]): readonly YAMLParseError[] {
  const tab = errors.findIndex(({ code }) => code === 'TAB_AS_INDENT');
  return tab < 0 ? errors : errors.filter(({ code }, i) => i <= tab || code === 'TAB_AS_INDENT');
}

const problemOf = ({ code, pos: [start, end], message }: YAMLParseError): SyntaxProblem => ({
  start,
  end: Math.max(end, start + 1),
  message: code === 'TAB_AS_INDENT' ? NO_TABS : sentence(message),
});

/** A message as a sentence. */
const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);
