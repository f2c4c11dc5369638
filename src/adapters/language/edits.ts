import { isMap, isScalar, type Node, type YAMLMap } from 'yaml';
import type { Fix, FixChange, Path } from '../../core/chaosYaml/findings';
import type { TextChange } from '../../core/chaosYaml/language';
import { isRecord } from '../../core/base/unknown';
import { readDocuments, type ReadDocument } from '../yaml/documents';
import { writeYaml } from '../yaml/write';
import { locate, type Located } from './locate';

/** What was read last: all that could be mended in a text is asked for in one go. */
let last: { text: string; documents: readonly ReadDocument[] } | undefined;

/** What a fix changes of a text: all its changes as one; undefined where the text no longer has the place. */
export function changeOf(text: string, object: number, fix: Fix): TextChange | undefined {
  if (last?.text !== text) last = { text, documents: readDocuments(text).documents };
  const { documents } = last;
  let result = text;
  for (const change of fix.changes) {
    const next = apply(result, (result === text ? documents : readDocuments(result).documents)[object], change);
    if (next === undefined) return undefined;
    result = next;
  }
  return result === text ? undefined : difference(text, result);
}

/** The one stretch in which two texts differ. */
function difference(before: string, after: string): TextChange {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { start, end: before.length - end, text: after.slice(start, after.length - end) };
}

function apply(text: string, read: ReadDocument | undefined, change: FixChange): string | undefined {
  if (!read || read.problems.length > 0) return undefined;
  const { index } = read;
  const place = locate(read, change.path);
  if (place?.aliased) return undefined;
  switch (change.op) {
    case 'remove':
      return place?.pair && isMap(place.parent) ? removed(text, place.parent, place.key as Node) : undefined;
    case 'rename': {
      const range = place?.key?.range;
      return range ? text.slice(0, range[0]) + scalar(change.key) + text.slice(range[1]) : undefined;
    }
    case 'set': {
      if (!place) return inserted(text, read, change.path, change.value);
      const { value, key, parent } = place;
      if (isScalar(value) && value.tag !== undefined) return undefined; // the tag would stay
      const range = value?.range;
      const simple = !isRecord(change.value) && !Array.isArray(change.value);
      const empty = isScalar(value) && value.source === '';
      if (range && !empty && (simple || isFlow(value) || isScalar(value)) && (isScalar(value) || isFlow(value)))
        return text.slice(0, range[0]) + (simple ? scalar(change.value) : flow(change.value)) + text.slice(range[1]);
      if (!key?.range || !isMap(parent)) return undefined;
      if (value && !empty) {
        const without = removed(text, parent, key);
        const again = without === undefined ? undefined : readDocuments(without).documents[index];
        return without === undefined || !again ? undefined : inserted(without, again, change.path, change.value);
      }
      const colon = text.indexOf(':', key.range[1]) + 1;
      return text.slice(0, colon) + written(change.value, column(text, key.range[0])) + text.slice(colon);
    }
  }
}

const isFlow = (node: Node | undefined): boolean => (node as { flow?: boolean } | undefined)?.flow === true;
const scalar = (value: unknown): string => writeYaml(value).trimEnd();
const flow = (value: unknown): string => writeYaml(value, { flow: true }).trimEnd();

/** What stands behind a colon: a value on the same line, or a block below it. */
function written(value: unknown, indent: number): string {
  if (Array.isArray(value) ? value.length === 0 : !isRecord(value) || Object.keys(value).length === 0)
    return ` ${scalar(value)}`;
  const block = writeYaml(value).trimEnd();
  return `\n${block.replace(/^/gm, ' '.repeat(indent + 2))}`;
}

const column = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);

/** A field that is missing, at the end of the map that should have it; maps that are missing are made. */
function inserted(text: string, read: Located, path: Path, value: unknown): string | undefined {
  let known = path.length - 1;
  while (known > 0 && !locate(read, path.slice(0, known))) known -= 1;
  const place = known === 0 ? undefined : locate(read, path.slice(0, known));
  if (place?.aliased) return undefined;
  const map = known === 0 ? read.document.contents : place?.value;
  const field = String(path[known]);
  const content = path.slice(known + 1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  if (!isMap(map)) {
    if (!place?.key?.range || (map && !(isScalar(map) && map.value === null))) return undefined;
    const colon = text.indexOf(':', place.key.range[1]) + 1;
    return text.slice(0, colon) + written({ [field]: content }, column(text, place.key.range[0])) + text.slice(colon);
  }
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  if (isFlow(map) && map.range) {
    if (map.items.length === 0)
      return text.slice(0, map.range[0]) + flow({ [field]: content }) + text.slice(map.range[1]);
    const last = endOf(map.items.at(-1)) ?? map.range[1] - 1;
    return `${text.slice(0, last)}, ${scalar(field)}: ${flow(content)}${text.slice(last)}`;
  }
  const first = (map.items[0]?.key as Node | undefined)?.range;
  if (!first) return undefined;
  const indent = column(text, first[0]);
  const at = lineEnd(text, endOf(map.items.at(-1)) ?? first[1]);
  const line = `${newline}${' '.repeat(indent)}${scalar(field)}:${written(content, indent)}`;
  return text.slice(0, at) + line + text.slice(at);
}

/** Where a field ends: behind its value, or behind its colon where it has none. */
function endOf(pair: YAMLMap['items'][number] | undefined): number | undefined {
  const value = pair?.value as Node | null | undefined;
  const key = pair?.key as Node | undefined;
  return value?.range ? value.range[1] : key?.range?.[1];
}

/** The end of the line on which something ends, behind a comment; a block's own last line break does not count. */
function lineEnd(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && /\s/.test(text[at - 1] as string)) at -= 1;
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

/** A map without one of its fields. */
function removed(text: string, map: YAMLMap, key: Node): string | undefined {
  const i = map.items.findIndex((item) => item.key === key);
  const start = key.range?.[0];
  const end = endOf(map.items[i]);
  if (start === undefined || end === undefined || !map.range) return undefined;
  if (map.items.length === 1)
    return `${text.slice(0, map.range[0])}{}${text.slice(isFlow(map) ? map.range[1] : Math.max(lineEnd(text, end), start))}`;
  const next = (map.items[i + 1]?.key as Node | undefined)?.range?.[0];
  if (next !== undefined) {
    // From key to key, so that a dash before the first one stays.
    if (isFlow(map) || i === 0) return text.slice(0, start) + text.slice(next);
    const line = (offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;
    const from = line(start);
    const after = text.indexOf('\n', lineEnd(text, end));
    return after < 0 ? undefined : text.slice(0, from) + text.slice(after + 1);
  }
  const before = endOf(map.items[i - 1]);
  if (before === undefined) return undefined;
  if (isFlow(map)) return text.slice(0, before) + text.slice(end);
  return text.slice(0, lineEnd(text, before)) + text.slice(lineEnd(text, end));
}
