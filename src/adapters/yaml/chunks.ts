import type { Text } from '../../core/base/text';
import type { SyntaxProblem } from './documents';

/** A part of a text that kubectl reads by itself. */
export interface Chunk {
  start: number;
  end: number;
  /** JSON, which has its own rules for numbers and strings. */
  json: boolean;
  /** Why kubectl refuses it, whatever it holds. */
  problem?: SyntaxProblem | undefined;
}

/** White space that is none in JSON, before what kubectl takes for JSON. */
const OTHER_SPACE = /^[ \t\r\n]*[^\S \t\r\n\uFEFF](?=\s*\{)/;

/**
 * The parts of a text as `YAMLOrJSONDecoder` of k8s.io/apimachinery finds them: objects of JSON at its beginning, then
 * what is between lines that begin with `---`.
 */
export function chunksOf(text: string): Chunk[] {
  const space = OTHER_SPACE.exec(text)?.[0].length;
  if (space !== undefined) {
    const problem: Chunk['problem'] = {
      start: space - 1,
      end: space,
      message: 'kubectl does not accept this space before a brace.',
    };
    return [{ start: 0, end: text.length, json: false, problem }];
  }
  const { chunks, rest, only } = leadingJson(text);
  if (rest === undefined) return chunks;
  if (only) {
    const message: Text = 'After several JSON objects kubectl reads only JSON.';
    return [...chunks, { start: rest, end: text.length, json: true, problem: { start: rest, end: rest + 1, message } }];
  }
  return [...chunks, ...yamlChunks(text, rest)];
}

/** Objects of JSON that a text begins with; `rest` is where YAML may follow. */
function leadingJson(text: string): { chunks: Chunk[]; rest: number | undefined; only: boolean } {
  const chunks: Chunk[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    const start = at + (/^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0);
    if (start >= text.length && chunks.length > 0) return { chunks, rest: undefined, only: false };
    const end = text[start] === '{' ? endOfObject(text, start) : undefined;
    if (end === undefined || !isJson(text.slice(start, end))) {
      // kubectl ignores the rest of a JSON object's line when it continues with YAML.
      const line = chunks.length === 0 ? '' : (/^[^\S\n]*\n?/.exec(text.slice(at))?.[0] ?? '');
      return { chunks, rest: at + line.length, only: chunks.length > 1 };
    }
    chunks.push({ start, end, json: true });
    at = end;
  }
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Where the brace that opens an object is closed, if this is JSON. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let i = start; i < text.length; i += 1) {
    const character = text[i];
    if (quoted) {
      if (character === '\\') i += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return undefined;
}

function yamlChunks(text: string, from: number): Chunk[] {
  const chunks: Chunk[] = [];
  let start = from;
  for (let line = from; line < text.length;) {
    const newline = text.indexOf('\n', line);
    const next = newline < 0 ? text.length : newline + 1;
    if (text.startsWith('---', line)) {
      const after = text.slice(line + 3, next).trim();
      if (after !== '' && !after.startsWith('#')) {
        // What stands before it since the last separator is lost for kubectl too.
        const message: Text = 'Only a comment may follow "---" on its line.';
        chunks.push({ start, end: text.length, json: false, problem: { start: line, end: next, message } });
        return chunks;
      }
      // A first one belongs to the document that it begins.
      if (line > start) {
        chunks.push({ start, end: line, json: false });
        start = next;
      }
    }
    line = next;
  }
  if (start < text.length) chunks.push({ start, end: text.length, json: false });
  return chunks;
}
