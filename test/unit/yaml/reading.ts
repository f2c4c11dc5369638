import { readDocuments } from '../../../src/adapters/yaml/documents';
import { isRecord } from '../../../src/core/base/unknown';

/** What kubectl answers of a file, as test/real/yaml/main.go writes it. */
export interface Answer {
  /** The JSON of each object, up to the first that cannot be read. */
  objects?: string[];
  error?: string;
  /** The JSON of the first document, for those who read but one. */
  first?: string;
}

/** JSON as Go writes it: with the keys in order. */
export function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (!isRecord(value))
    return JSON.stringify(value).replace(/[\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16)}`);
  const keys = Object.keys(value).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${keys.map((key) => `${goJson(key)}:${goJson(value[key])}`).join(',')}}`;
}

/** Go tells a zero's sign. */
const unsigned = (json: string): string => json.replace(/(?<=[:,[])-0(?=[,\]}])/g, '0');

/** The objects within a list, and those within these. */
const flat = (value: unknown): unknown[] =>
  isRecord(value) && Array.isArray(value['items']) ? value['items'].flatMap(flat) : [value];

const isObject = (value: unknown): boolean =>
  isRecord(value) && typeof value['kind'] === 'string' && value['apiVersion'] !== undefined;

/** The JSON of the objects read here up to the first that is refused, and why it is. */
function readHere(text: string): { objects: string[]; refused: string | undefined } {
  const { documents, problems } = readDocuments(text);
  const objects: string[] = [];
  for (const { value, problems: own } of documents) {
    if (own[0]) return { objects, refused: own[0].message };
    if (value === null) continue;
    const parts = isObject(value) ? flat(value) : [];
    const whole = parts.findIndex((part) => !isObject(part));
    objects.push(...(whole < 0 ? parts : parts.slice(0, whole)).map(goJson));
    if (!isObject(value) || whole >= 0) return { objects, refused: 'no object' };
  }
  return { objects, refused: problems[0]?.message };
}

/** How what is read here compares with kubectl: `other` must never be. */
export function judge(text: string, answer: Answer): 'same' | 'refused' | 'stricter' | 'other' {
  const { objects, refused } = readHere(text);
  const theirs = (answer.objects ?? []).map(unsigned);
  const isPart = objects.length <= theirs.length && objects.every((json, i) => json === theirs[i]);
  if (!isPart || (refused === undefined && (answer.error !== undefined || objects.length < theirs.length)))
    return 'other';
  if (refused === undefined) return 'same';
  return answer.error === undefined ? 'stricter' : 'refused';
}
