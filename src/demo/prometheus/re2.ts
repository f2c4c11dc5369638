import { RE2JS } from 're2js';
import { QueryError } from './syntax';

/** Says whether the whole of a text matches. */
interface Pattern {
  test: (text: string) => boolean;
}

/** A range query asks for the same few at every step. */
const known = new Map<string, Pattern>();
const MOST_PATTERNS = 500;
const MOST_ANSWERS = 2000;

/** A regular expression of Prometheus: RE2's syntax, anchored at both ends. */
export function compileRe2(pattern: string): Pattern {
  let compiled = known.get(pattern);
  if (compiled) return compiled;
  if (known.size >= MOST_PATTERNS) known.clear();
  known.set(pattern, (compiled = remembering(parse(pattern))));
  return compiled;
}

function parse(pattern: string): RE2JS {
  try {
    return RE2JS.compile(`^(?:${pattern})$`);
  } catch (thrown) {
    throw new QueryError(thrown instanceof Error ? thrown.message : 'error parsing regexp');
  }
}

/** Many series have the same value of a label, and each is asked about at every step. */
function remembering(pattern: RE2JS): Pattern {
  const answers = new Map<string, boolean>();
  return {
    test: (text) => {
      let answer = answers.get(text);
      if (answer !== undefined) return answer;
      if (answers.size >= MOST_ANSWERS) answers.clear();
      answers.set(text, (answer = pattern.test(text)));
      return answer;
    },
  };
}

/** The texts that an alternation of plain texts matches, as lists of names are; undefined for any other expression. */
export function literalsOf(pattern: string): ReadonlySet<string> | undefined {
  if (read?.pattern !== pattern) read = { pattern, literals: readLiterals(pattern) };
  return read.literals;
}

/** The last one that was read: a query asks for the same list of names in each of its selectors. */
let read: { pattern: string; literals: ReadonlySet<string> | undefined } | undefined;

function readLiterals(pattern: string): ReadonlySet<string> | undefined {
  const texts = [''];
  for (const [part] of pattern.matchAll(/\\?./gsu)) {
    const escaped = part.length > 1 && part.startsWith('\\');
    if (escaped ? !/[.*+?^${}()[\]|\\]/.test(part.slice(1)) : /[.*+?^${}()[\]\\]/.test(part)) return undefined;
    if (part === '|') texts.push('');
    else texts.push((texts.pop() ?? '') + (escaped ? part.slice(1) : part));
  }
  return new Set(texts);
}
