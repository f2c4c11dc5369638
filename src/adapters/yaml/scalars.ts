import { msg, type Text } from '../../core/base/text';

/** What a scalar is for kubectl, or why it is none that can be sent as kubectl sends it. */
export type ScalarReading = { value: string | number | boolean | null } | { problem: Text };

/** Whole numbers are exact, as keys of maps are written by them. */
type Resolved = string | number | bigint | boolean | null;

const CORE = 'tag:yaml.org,2002:';
const BOOLEANS: readonly (readonly [boolean, readonly string[]])[] = [
  [true, ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']],
  [false, ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']],
];
const WORDS = new Map<string, Resolved>([
  ...BOOLEANS.flatMap(([value, words]) => words.map((word) => [word, value] as const)),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, -Infinity] as const),
]);
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
/** What Go's ParseFloat takes of what begins with a point: it lets underscores stand between digits. */
const POINT_FLOAT = /^\.\d+(_\d+)*([eE][-+]?\d+(_\d+)*)?$/;
const INT64 = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const UINT64_MOST = 2n ** 64n - 1n;

/** Go's ParseInt with base 0, and ParseUint after it; undefined where both refuse. */
function goInteger(text: string): bigint | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  const [, prefix = ''] = /^(0[xXoObB]|0(?=.))/.exec(digits) ?? [];
  const base = { '': 10, '0': 8, '0x': 16, '0o': 8, '0b': 2 }[prefix.toLowerCase()] ?? 10;
  const exact = digitsOf(digits.slice(prefix.length), base);
  if (exact === undefined) return undefined;
  const value = sign === '-' ? -exact : exact;
  if (value >= INT64[0] && value <= INT64[1]) return value;
  return sign === '' && value <= UINT64_MOST ? value : undefined;
}

const DIGITS: Readonly<Record<number, readonly [RegExp, string]>> = {
  2: [/^[01]+$/, '0b'],
  8: [/^[0-7]+$/, '0o'],
  10: [/^\d+$/, ''],
  16: [/^[\da-fA-F]+$/, '0x'],
};

/** A number no Go integer could be is not worked out: its digits may be a whole file. */
const MOST_DIGITS = 1000;

function digitsOf(text: string, base: number): bigint | undefined {
  const [pattern, prefix] = DIGITS[base] as readonly [RegExp, string];
  if (!pattern.test(text)) return undefined;
  const short = text.replace(/^0+(?=.)/, '');
  return short.length > MOST_DIGITS ? UINT64_MOST + 1n : BigInt(prefix + short);
}

/** What is left of numbers after Go's own forms: `0b-1` is one of them. */
function binary(text: string): bigint | undefined {
  const [, minus, digits] = /^(-?)0b(.*)$/s.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const signed = /^([-+]?)([01]+)$/.exec(digits);
  if (!signed || (minus === '-' && signed[1] !== '')) return undefined;
  const exact = digitsOf(signed[2] as string, 2) as bigint;
  const value = minus === '-' || signed[1] === '-' ? -exact : exact;
  return value >= INT64[0] && value <= INT64[1] ? value : undefined;
}

/** A plain scalar by `resolve.go` of go.yaml.in/yaml/v2, which kubectl reads YAML with. */
function resolvePlain(text: string): Resolved {
  if (text === '') return null;
  const first = text[0] as string;
  if (!/[-+.~\dyYnNtTfFoO]/.test(first)) return text;
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (first === '.') {
    const value = POINT_FLOAT.test(text) ? Number(text.replaceAll('_', '')) : NaN;
    return Number.isFinite(value) ? value : text;
  }
  if (!/[-+\d]/.test(first)) return text;
  const plain = text.replaceAll('_', '');
  const integer = goInteger(plain);
  if (integer !== undefined) return integer;
  if (FLOAT.test(plain) && Number.isFinite(Number(plain))) return Number(plain);
  return binary(plain) ?? text;
}

/** What Go's time.Parse takes of the formats that go-yaml tries, but for the days of each month. */
const TIMESTAMP =
  /^\d{4}-(0?[1-9]|1[0-2])-(0?[1-9]|[12]\d|3[01])([tT]([01]?\d|2[0-3]):[0-5]?\d:[0-5]?\d([.,]\d+)?(Z|[-+]([01]\d|2[0-3]):[0-5]\d)| ([01]?\d|2[0-3]):[0-5]?\d:[0-5]?\d([.,]\d+)?)?$/;

/** A scalar with a tag; undefined where go-yaml refuses it. */
function resolveTagged(text: string, tag: string): Resolved | undefined {
  switch (tag) {
    case `${CORE}null`:
      return resolvePlain(text) === null ? null : undefined;
    case `${CORE}bool`: {
      const value = resolvePlain(text);
      return typeof value === 'boolean' ? value : undefined;
    }
    case `${CORE}int`: {
      const value = resolvePlain(text);
      return typeof value === 'bigint' ? value : undefined;
    }
    case `${CORE}float`: {
      const value = resolvePlain(text);
      if (typeof value === 'bigint') return value <= INT64[1] ? Number(value) : undefined;
      return typeof value === 'number' ? value : undefined;
    }
    case `${CORE}timestamp`:
      return TIMESTAMP.test(text) ? text : undefined;
    case `${CORE}binary`:
      return decoded(text);
    default:
      return text;
  }
}

function decoded(text: string): string | undefined {
  const packed = text.replace(/[\r\n]/g, '');
  if (!/^([A-Za-z\d+/]{4})*([A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(packed)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined; // bytes that are no text: JSON cannot hold them
  }
}

function resolve(text: string, plain: boolean, tag: string | undefined): Resolved | { problem: Text } {
  if (tag === undefined) return plain ? resolvePlain(text) : text;
  const value = resolveTagged(text, tag);
  return value === undefined ? { problem: msg`This is not a valid ${tag.replace(CORE, '!!')}.` } : value;
}

/** Reads a scalar as kubectl does: `text` is what it says without its quotation marks. */
export function readScalar(text: string, plain: boolean, tag?: string): ScalarReading {
  const value = resolve(text, plain, tag);
  if (typeof value === 'bigint') return exactNumber(value);
  if (typeof value === 'number' && !Number.isFinite(value))
    return { problem: msg`JSON has no number ${text}: quote it if it is a string.` };
  return typeof value === 'object' && value !== null ? value : { value };
}

/** A whole number as a number, where that keeps all of its digits as kubectl would send them. */
export function exactNumber(value: bigint): ScalarReading {
  const number = Number(value);
  // Beyond 64 bits kubectl too has no more than a float.
  if (value < INT64[0] || value > INT64[1] || String(number) === String(value)) return { value: number };
  return { problem: msg`${String(value)} has too many digits to be sent unchanged: apply this file with kubectl.` };
}

/** A key of a map as kubectl sends it, and what it is before that: keys of two types can be one text. */
export function readKey(text: string, plain: boolean, tag?: string): { key: string; type: string } | { problem: Text } {
  const value = resolve(text, plain, tag);
  if (typeof value === 'object' && value !== null) return value;
  if (value === null) return { problem: 'A key must be a string; this one is null.' };
  if (typeof value === 'bigint' && value > INT64[1]) return { problem: 'A key must be a string: quote this number.' };
  return { key: typeof value === 'number' ? floatKey(value) : String(value), type: typeof value };
}

/** Go's FormatFloat(value, 'g', -1, 32), and YAML's words for what is no number. */
function floatKey(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  let digits = 1;
  while (digits < 9 && Math.fround(Number(single.toExponential(digits - 1))) !== single) digits += 1;
  const [mantissa = '', exponent = ''] = single.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 6)
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  return Number(single.toExponential(digits - 1)).toFixed(Math.max(0, digits - 1 - power));
}

/** True where a text has to be quoted to be read as itself. */
export const needsQuotes = (text: string): boolean => resolvePlain(text) !== text;
