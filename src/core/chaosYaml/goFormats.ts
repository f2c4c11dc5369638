// What Go’s parsers say of a text that they do not take; undefined where they take it.

const DURATION_UNITS = ['ns', 'us', 'µs', 'μs', 'ms', 's', 'm', 'h'];

/** `time.ParseDuration`: digits and their units, one pair after the other. */
export function durationError(text: string): string | undefined {
  const quoted = JSON.stringify(text);
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return undefined;
  if (rest === '') return `time: invalid duration ${quoted}`;
  while (rest !== '') {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined || BigInt(/^\d*/.exec(number)?.[0] ?? 0) > 2n ** 63n)
      return `time: invalid duration ${quoted}`;
    const unit = /^[^.\d]*/.exec(rest.slice(number.length))?.[0] ?? '';
    if (unit === '') return `time: missing unit in duration ${quoted}`;
    if (!DURATION_UNITS.includes(unit)) return `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`;
    rest = rest.slice(number.length + unit.length);
  }
  // Nanoseconds in 63 bits: some 292 years.
  return nanoseconds(text) > 2 ** 63 ? `time: invalid duration ${quoted}` : undefined;
}

const UNIT_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
};

const nanoseconds = (text: string): number =>
  [...text.matchAll(/(\d+\.?\d*|\.\d+)([^.\d]+)/g)].reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (UNIT_NS[unit] ?? 0),
    0,
  );

const syntax = (parser: string, text: string): string =>
  `strconv.${parser}: parsing ${JSON.stringify(text)}: invalid syntax`;

const range = (parser: string, text: string): string =>
  `strconv.${parser}: parsing ${JSON.stringify(text)}: value out of range`;

/** `strconv.Atoi`, of 64 bits. */
export function integerError(text: string): string | undefined {
  if (!/^[+-]?\d+$/.test(text)) return syntax('Atoi', text);
  const value = BigInt(text.replace('+', ''));
  return value >= -(2n ** 63n) && value < 2n ** 63n ? undefined : range('Atoi', text);
}

/** `strconv.ParseUint`, of 64 bits. */
export function unsignedError(text: string): string | undefined {
  if (!/^\d+$/.test(text)) return syntax('ParseUint', text);
  return BigInt(text) < 2n ** 64n ? undefined : range('ParseUint', text);
}

/** A decimal with underscores between its digits only, or hexadecimal, which has an exponent. */
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const HEXADECIMAL = /^[+-]?0x_?(?:[\da-f]+(?:_[\da-f]+)*)?\.?(?:[\da-f]+(?:_[\da-f]+)*)?p[+-]?\d+(?:_\d+)*$/i;
const NO_NUMBER = /^[+-]?(inf|infinity)$|^nan$/i;
const LARGEST: Readonly<Record<32 | 64, number>> = { 32: 3.4028235677973366e38, 64: Infinity };

/** `strconv.ParseFloat`, of this many bits. */
export function floatError(text: string, bits: 32 | 64 = 64): string | undefined {
  if (NO_NUMBER.test(text)) return undefined;
  if (HEXADECIMAL.test(text) && /[\da-f]/i.test(text.replace(/^[+-]?0x/i, '').replace(/p.*$/i, ''))) return undefined;
  if (!DECIMAL.test(text)) return syntax('ParseFloat', text);
  return Math.abs(Number(text)) < LARGEST[bits] ? undefined : range('ParseFloat', text);
}

/** `units.FromHumanSize`: a number and a unit like `k`, `MB` or `GiB`, with one space between them at most. */
export function sizeError(text: string): string | undefined {
  const end = Math.max(...[...'0123456789. '].map((one) => text.lastIndexOf(one)));
  if (end < 0) return `invalid size: '${text}'`;
  const number = text[end] === ' ' ? text.slice(0, end) : text.slice(0, end + 1);
  const wrong = floatError(number);
  if (wrong !== undefined) return wrong;
  if (Number(number) < 0) return `invalid size: '${text}'`;
  const given = text.slice(end + 1);
  const suffix = given.length > 3 ? given : given.toLowerCase();
  return /^(|b|[kmgtp](|b|ib))$/.test(suffix) ? undefined : `invalid suffix: '${suffix}'`;
}

/** `ParseUnit` of Chaos Mesh's faults on machines: numbers with units, all binary, or all decimal. */
export function unitError(text: string): string | undefined {
  const whole = integerError(text) === undefined ? `${text}B` : text;
  const wrong = `unknown unit ${whole}: invalid value`;
  if (/^[+-]?0$/.test(whole)) return undefined;
  const number = '(\\d+\\.?\\d*|\\.\\d+)';
  const takes = (units: string): boolean => new RegExp(`^[+-]?(${number}(${units}))+$`).test(whole);
  return ['c|[KMGTPE]', 'c|[KMGTPE]iB', 'c|[kKMGTPE]B'].some(takes) ? undefined : wrong;
}

const LABELS = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** A DNS-1123 subdomain, as names of objects and of a workflow's templates are. */
export const isSubdomain = (text: string): boolean => text.length <= 253 && LABELS.test(text);
