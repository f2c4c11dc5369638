import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair, type Scalar } from 'yaml';
import { msg, type Text } from '../../core/base/text';
import type { SyntaxProblem } from './documents';

const MOST_PROBLEMS = 100;

export const UNEXPECTED: Text = 'kubectl does not accept this here.';
export const NO_TABS: Text = 'Indent YAML with spaces, not tabs.';

/**
 * What the parser here takes and libyaml, which kubectl's reader is made from, refuses or reads in another way: YAML 1.1
 * and 1.2 differ there. Such a text is refused, so that nothing else is sent than kubectl would send.
 */
export function differencesOf(
  text: string,
  document: Document.Parsed,
  [from, to]: readonly [number, number],
): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  const report = (start: number, end: number, message: Text): void => {
    if (problems.length < MOST_PROBLEMS) problems.push({ start, end: Math.max(end, start + 1), message });
  };
  // Where a line may begin with a tab.
  const tabs: [number, number][] = [];
  let known = from;
  /** What stands between two scalars is punctuation, or the parser has passed over something. */
  const gap = (end: number): void => {
    const at = known + (BETWEEN.exec(text.slice(known, end))?.[0].length ?? 0);
    if (at < end) report(at, at + 1, UNEXPECTED);
    const tag = LONG_TAG.exec(text.slice(known, end + 1));
    if (tag)
      report(
        known + tag.index,
        known + tag.index + tag[0].length,
        'kubectl reads on past this tag: add a space after it.',
      );
  };
  const visit = (node: unknown, flow: boolean, indent: number): void => {
    const { range, anchor } = (node ?? {}) as Partial<Pick<Node, 'range'>> & { anchor?: string };
    if (!range) return;
    if (anchor !== undefined && !NAME.test(anchor))
      report(range[0], range[1], 'kubectl accepts only letters, digits, "-" and "_" in an anchor name.');
    if (isScalar(node) || isAlias(node)) {
      gap(range[0]);
      known = Math.max(known, range[1]);
    }
    if (isScalar(node)) {
      if (node.type !== 'PLAIN') tabs.push([range[0], range[1]]);
      const found = inScalar(text, node, flow, indent);
      if (found) report(found.start, found.end, found.message);
    } else if (isSeq(node)) {
      if (node.flow === true) tabs.push([range[0], range[1]]);
      for (const item of node.items) visit(item, flow || node.flow === true, column(text, range[0]));
    } else if (isMap(node)) {
      const within = flow || node.flow === true;
      if (node.flow === true) tabs.push([range[0], range[1]]);
      for (const pair of node.items) {
        const found = keyProblem(text, pair, within, known);
        if (found) report(...found);
        visit(pair.key, within, -1);
        visit(pair.value, within, column(text, range[0]));
      }
    }
  };
  visit(document.contents, false, -1);
  END_OF_DOCUMENT.lastIndex = known;
  gap(Math.min(END_OF_DOCUMENT.exec(text)?.index ?? to, to));
  for (const at of tabsOf(text.slice(from, to), from))
    if (!tabs.some(([start, end]) => at > start && at < end)) report(at, at + 1, NO_TABS);
  return problems;
}

const END_OF_DOCUMENT = /^(?:\.\.\.|---)(?=\s|$)/gm;
/** What a backslash at the end of a line may not be followed by. */
const BLANK_LINE = /^\r?\n[ \t]*\r?\n/;
/** A tag with what only here ends it. */
const LONG_TAG = /(?<![^\s,:[{])!(?:<[^>\s]*>|[^\s,[\]{}<])*[,[\]]/;
const NAME = /^[\w-]+$/;
/** White space, comments, punctuation, anchors and tags. */
const BETWEEN = /^(?:\s|(?<=\s|^)#[^\n]*|[-?:,[\]{}]|\.\.\.|!<[^>\s]*>|[&!][^\s,[\]{}]*)*/;
/** The colon of a key, comments before it or not. */
const COLON = /(?:\s|#[^\n]*\n)*:/y;
const DASH = /(?:\s|#[^\n]*\n)*-\s/y;
const REST_OF_LINE = /[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/y;

const column = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);

const matchAt = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
};

function keyProblem(text: string, { key }: Pair, flow: boolean, known: number): [number, number, Text] | undefined {
  const range = (key as Node | null)?.range;
  if (!range) return undefined;
  const [start, end] = range;
  const { anchor, tag } = key as { anchor?: string; tag?: string };
  const first = anchor === undefined && tag === undefined ? start : withProperties(text, start);
  const explicit = /(?:^|[\s,[{])\?\s+$/.test(text.slice(Math.max(known - 1, 0), first));
  const colon = matchAt(COLON, text, end);
  const at = end + (colon ?? ' ').length - 1;
  const scalar = isScalar(key) ? key.type : undefined;
  if (flow && colon !== undefined && scalar === 'PLAIN' && /[,[\]{}]/.test(text[at + 1] ?? ''))
    return [at, at + 1, 'kubectl reads this colon as part of the key: add a space after it.'];
  if (explicit) {
    const mark = text.lastIndexOf('?', first);
    if (!flow && colon !== undefined && column(text, at) !== column(text, mark)) return [at, at + 1, UNEXPECTED];
    if (!flow && colon === undefined && matchAt(DASH, text, end) !== undefined) return [end, end + 1, UNEXPECTED];
    const inLine = flow || scalar?.startsWith('BLOCK') === true || !isScalar(key) || start === end;
    return inLine || matchAt(REST_OF_LINE, text, end) !== undefined ? undefined : [end, end + 1, UNEXPECTED];
  }
  if (colon !== undefined && start < end && text.slice(first, at).includes('\n'))
    return [start, end, 'kubectl requires a key and its colon on one line.'];
  return undefined;
}

/** Where a node begins with its anchor and its tag. */
function withProperties(text: string, start: number): number {
  let at = start;
  for (;;) {
    let word = at;
    while (word > 0 && /\s/.test(text[word - 1] as string)) word -= 1;
    while (word > 0 && /[^\s,[\]{}]/.test(text[word - 1] as string)) word -= 1;
    if (word === at || !/[&!]/.test(text[word] as string)) return at;
    at = word;
  }
}

/** Tabs before the first token of a line, or behind the dash of a list. */
function* tabsOf(text: string, offset: number): Generator<number> {
  for (const { 0: found, index } of text.matchAll(/^ *(?:[-?:] +)*[-?:]?\t/gm)) yield offset + index + found.length - 1;
}

function inScalar(text: string, { type, range }: Scalar, flow: boolean, indent: number): SyntaxProblem | undefined {
  const [start = 0, end = 0] = range ?? [];
  const source = text.slice(start, end);
  const at = (index: number, message: Text): SyntaxProblem | undefined =>
    index < 0 ? undefined : { start: start + index, end: start + index + 1, message };
  switch (type) {
    case 'PLAIN':
      return flow
        ? at(source.search(/^:|\?/), 'Within brackets kubectl accepts this character only in quotation marks.')
        : at(nearerLine(source, indent), UNEXPECTED);
    case 'QUOTE_DOUBLE':
      for (const { 0: escape, index } of source.matchAll(/\\(?:u[dD][89a-fA-F]|U0000[dD][89a-fA-F]|[^])/g))
        if (escape === '\\/' || escape.length > 2) return at(index, 'kubectl does not know this escape sequence.');
        else if (BLANK_LINE.test(source.slice(index + 1, index + 200)))
          return at(
            index,
            'kubectl reads a blank line after this differently: write the line break as an escape sequence.',
          );
      return undefined;
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return at(tabInBlock(source), NO_TABS);
    default:
      return undefined;
  }
}

/** Where a plain text goes on no farther to the right than what holds it begins; else -1. */
function nearerLine(source: string, indent: number): number {
  for (const { 0: line, index } of source.matchAll(/\n *(?=[^\s])/g))
    if (line.length - 1 <= indent) return index + line.length;
  return -1;
}

/** A tab where a block still has its indentation: before its first character, or nearer to the margin than that; else -1. */
function tabInBlock(source: string): number {
  const header = source.indexOf('\n') + 1;
  if (header === 0) return -1;
  let indent = /\d/.test(source.slice(0, header).split('#')[0] ?? '') ? 0 : Infinity;
  for (let line = header; line < source.length;) {
    const next = source.indexOf('\n', line) + 1 || source.length;
    const spaces = /^ */.exec(source.slice(line, next))?.[0].length ?? 0;
    const character = source[line + spaces];
    if (character === '\t' && spaces < indent) return line + spaces;
    if (indent === Infinity && character !== undefined && character !== '\n' && character !== '\r') indent = spaces;
    line = next;
  }
  return -1;
}

/** Characters that kubectl refuses, or ends a line at. */
export const OTHER =
  /[^\t\n\r\u0020-\u007E\u00A0-\u2027\u202A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD\u{10000}-\u{10FFFF}]|\r(?!\n)/u;

/** The first character of a part that kubectl does not read as it stands; a byte order mark may begin a text. */
export function otherCharacter(text: string, start: number, end: number): SyntaxProblem | undefined {
  const from = text.startsWith('\uFEFF', start) && start === 0 ? 1 : start;
  const found = OTHER.exec(text.slice(from, end));
  if (!found) return undefined;
  const name = (found[0].codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
  const message = msg`kubectl does not accept the character U+${name} here: remove it, or write it as an escape sequence.`;
  return { start: from + found.index, end: from + found.index + 1, message };
}
