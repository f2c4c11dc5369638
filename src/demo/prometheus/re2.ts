import { QueryError } from './syntax';

/** POSIX classes as the inside of a bracket expression. */
const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

const literal = (character: string): string => `\\u{${(character.codePointAt(0) as number).toString(16)}}`;

/** One escape sequence: its length in RE2 and its like in JavaScript. */
function escape(rest: string, inClass: boolean): [length: number, text: string] | undefined {
  const code = /^\\x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/.exec(rest);
  if (code) return [code[0].length, `\\u{${code[1] ?? code[2]}}`];
  const property = /^\\([pP])(?:\{(\^?)(\w+)\}|([A-Z]))/.exec(rest);
  if (property) {
    const negative = (property[1] === 'P') !== (property[2] === '^');
    const name = property[3] ?? (property[4] as string);
    return [property[0].length, `\\${negative ? 'P' : 'p'}{${name.length > 2 ? `Script=${name}` : name}}`];
  }
  const character = [...rest.slice(1, 3)][0];
  if (character === undefined) return undefined;
  if (/[dDwWfnrtv]/.test(character)) return [2, `\\${character}`];
  if (character === 'a') return [2, '\\x07'];
  if (character === 's') return [2, inClass ? '\\t\\n\\f\\r ' : '[\\t\\n\\f\\r ]'];
  if (character === 'S' && !inClass) return [2, '[^\\t\\n\\f\\r ]'];
  if (/[bB]/.test(character) && !inClass) return [2, `\\${character}`];
  if (character === 'A' && !inClass) return [2, '^'];
  if (character === 'z' && !inClass) return [2, '$'];
  return /[!-/:-@[-`{-~]/.test(character) ? [2, literal(character)] : undefined;
}

/**
 * A regular expression of Prometheus (RE2's syntax), anchored at both ends, as one of JavaScript's. The two read some
 * texts differently (`[[:alpha:]]`, `\z`, `\pL`) and each has what the other lacks, so it is translated piece by piece;
 * what cannot be said in the other is refused, for a guess could select the wrong series.
 */
export function compileRe2(pattern: string): RegExp {
  let compiled = known.get(pattern);
  if (compiled) return compiled;
  if (known.size > 500) known.clear();
  known.set(pattern, (compiled = translate(pattern)));
  return compiled;
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

/** A range query asks for the same few at every step. */
const known = new Map<string, RegExp>();

function translate(pattern: string): RegExp {
  const refuse = (why: string): never => {
    throw new QueryError(`error parsing regexp: ${why} in ${JSON.stringify(pattern)}`);
  };
  const leading = /^\(\?([is]+)\)/.exec(pattern);
  const flags = new Set(['u', ...(leading?.[1] ?? '')]);
  let at = leading?.[0].length ?? 0;
  let result = '';
  const escaped = (inClass: boolean): string => {
    const [length, text] = escape(pattern.slice(at), inClass) ?? refuse('invalid escape sequence');
    at += length;
    return text;
  };
  const bracket = (): string => {
    const open = /^\[\^?\]?/.exec(pattern.slice(at)) as RegExpExecArray;
    at += open[0].length;
    let text = open[0].replace(']', '\\]');
    while (pattern[at] !== ']') {
      const rest = pattern.slice(at);
      const posix = /^\[:(\^?)(\w+):\]/.exec(rest);
      if (rest === '') refuse('missing closing ]');
      if (posix) {
        const set = POSIX[posix[2] as string];
        if (set === undefined || posix[1] === '^') refuse(`invalid character class range ${posix[0]}`);
        text += set;
        at += posix[0].length;
      } else if (rest.startsWith('\\')) text += escaped(true);
      else {
        const character = String.fromCodePoint(rest.codePointAt(0) as number);
        text += character === '-' ? '-' : literal(character);
        at += character.length;
      }
    }
    at += 1;
    return `${text}]`;
  };
  while (at < pattern.length) {
    const rest = pattern.slice(at);
    const repeat = /^\{(\d+)(?:,(\d*))?\}/.exec(rest);
    const group = /^\(\?(?:P?<(\w+)>|([is]*):)/.exec(rest);
    if (rest.startsWith('\\Q')) {
      const end = pattern.indexOf('\\E', at);
      const quoted = pattern.slice(at + 2, end < 0 ? undefined : end);
      result += [...quoted].map(literal).join('');
      at = end < 0 ? pattern.length : end + 2;
    } else if (rest.startsWith('\\')) result += escaped(false);
    else if (rest.startsWith('[')) result += bracket();
    else if (group) {
      // A group's name means nothing here: only whether the whole matches.
      result += group[1] === undefined && group[2] ? `(?${group[2]}:` : '(?:';
      at += group[0].length;
    } else if (rest.startsWith('(?')) refuse(`invalid or unsupported Perl syntax: ${rest.slice(0, 4)}`);
    else if (repeat) {
      if (Math.max(Number(repeat[1]), Number(repeat[2] ?? 0)) > 1000) refuse(`invalid repeat count: ${repeat[0]}`);
      result += repeat[0];
      at += repeat[0].length;
    } else {
      const character = String.fromCodePoint(rest.codePointAt(0) as number);
      result += /[{}\]/]/.test(character) ? literal(character) : character;
      at += character.length;
    }
  }
  try {
    return new RegExp(`^(?:${result})$`, [...flags].join(''));
  } catch {
    return refuse('it does not parse');
  }
}
