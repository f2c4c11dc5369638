import { MOST_CHARACTERS } from '../yaml/documents';

/** Where a cursor is in a text that may be half written: by its lines and their indentation, no parser needed. */
export interface CursorPlace {
  kind: string;
  /** The map or list around the cursor. */
  path: (string | number)[];
  /** The key on the cursor's line; undefined where none is written yet. */
  key: string | undefined;
  /** Where key and value are; the value is empty where none is written. */
  keyStart: number;
  valueStart: number;
  valueEnd: number;
  /** Behind the colon. */
  inValue: boolean;
  /** Keys beside it. */
  siblings: readonly string[];
}

const LINE = /^(\s*)((?:- +)*)(?:(["']?)([\w./-]+)\3\s*:(?=\s|$))?/;

interface Line {
  indent: number;
  dashes: number;
  key: string | undefined;
  blank: boolean;
}

function lineOf(text: string): Line {
  const [, space = '', dashes = '', , key] = LINE.exec(text) ?? [];
  return {
    indent: space.length + dashes.length,
    dashes: dashes.length === 0 ? 0 : space.length,
    key,
    blank: /^\s*(#.*)?$/.test(text),
  };
}

/** The place of a cursor; undefined outside of any object, and in what is too long to be checked. */
export function placeOf(text: string, offset: number): CursorPlace | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  const before = text.slice(0, offset).split('\n');
  const row = before.length - 1;
  const lines = text.split('\n');
  const isEnd = (line: string | undefined): boolean => line === undefined || /^(---|\.\.\.)(\s|$)/.test(line);
  let first = row;
  while (first > 0 && !isEnd(lines[first - 1])) first -= 1;
  let last = row;
  while (last + 1 < lines.length && !isEnd(lines[last + 1])) last += 1;
  const kind = lines.slice(first, last + 1).flatMap((line) => /^kind:\s*["']?(\w+)/.exec(line)?.[1] ?? [])[0] ?? '';
  const own = (lines[row] ?? '').replace(/\r$/, '');
  if (isEnd(own)) return undefined;
  const lineStart = offset - (before[row] as string).length;
  const here = lineOf(own);
  const path: (string | number)[] = [];
  let indent = here.blank ? (before[row] as string).length : here.indent;
  let dash = here.dashes > 0 || /^\s*-\s/.test(own) ? /^\s*/.exec(own)?.[0].length : undefined;
  const siblings = new Set<string>();
  const around = (from: number, step: 1 | -1, level: number): void => {
    for (let i = from; i >= first && i <= last; i += step) {
      const line = lineOf(lines[i] as string);
      if (line.blank) continue;
      if (line.indent < level) return;
      if (line.indent === level && line.key !== undefined) siblings.add(line.key);
      if (line.dashes < level && /^\s*-/.test(lines[i] as string) && line.indent === level && step === -1) return;
      if (/^\s*-/.test(lines[i] as string) && step === 1 && (/^\s*/.exec(lines[i] as string)?.[0].length ?? 0) < level)
        return;
    }
  };
  if (dash === undefined) around(row - 1, -1, indent);
  around(row + 1, 1, indent);
  for (let i = row - 1; i >= first && (indent > 0 || dash !== undefined); i -= 1) {
    const raw = lines[i] as string;
    const line = lineOf(raw);
    if (line.blank) continue;
    const start = /^\s*/.exec(raw)?.[0].length ?? 0;
    const isItem = /^\s*-(\s|$)/.test(raw);
    if (dash !== undefined) {
      // A list's own key is above it, at the same column or further left.
      if (isItem && start === dash) continue;
      if (line.key !== undefined && !isItem && line.indent <= dash) {
        path.unshift(line.key, 0);
        indent = line.indent;
        dash = undefined;
      } else if (line.key !== undefined && isItem && line.indent <= dash) {
        path.unshift(line.key, 0);
        indent = line.indent;
        dash = start;
      }
      continue;
    }
    if (isItem && line.indent === indent) {
      dash = start;
      continue;
    }
    if (line.indent < indent && line.key !== undefined) {
      path.unshift(line.key);
      indent = line.indent;
      dash = isItem ? start : undefined;
    }
  }
  const match = LINE.exec(own);
  const key = match?.[4];
  const colon = key === undefined ? -1 : (match?.[0].length ?? 0);
  const rest = colon < 0 ? '' : own.slice(colon);
  // Not by one expression: it would look through each of many spaces for all of them.
  const comment = /(^|\s)#/.exec(rest);
  const value = rest.slice(0, comment?.index).trim();
  const valueStart = lineStart + (colon < 0 ? own.length : colon + rest.indexOf(value === '' ? rest : value));
  const keyStart = lineStart + (key === undefined ? 0 : own.indexOf(key));
  return {
    kind,
    path,
    key,
    keyStart,
    valueStart,
    valueEnd: valueStart + value.length,
    inValue: colon >= 0 && offset - lineStart >= colon,
    siblings: [...siblings],
  };
}
