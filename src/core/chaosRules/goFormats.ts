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
    if (number === undefined) return `time: invalid duration ${quoted}`;
    const unit = /^[^.\d]*/.exec(rest.slice(number.length))?.[0] ?? '';
    if (unit === '') return `time: missing unit in duration ${quoted}`;
    if (!DURATION_UNITS.includes(unit)) return `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`;
    rest = rest.slice(number.length + unit.length);
  }
  return undefined;
}

const syntax = (parser: string, text: string): string =>
  `strconv.${parser}: parsing ${JSON.stringify(text)}: invalid syntax`;

/** `strconv.Atoi`. */
export const integerError = (text: string): string | undefined =>
  /^[+-]?\d+$/.test(text) ? undefined : syntax('Atoi', text);

/** `strconv.ParseUint`. */
export const unsignedError = (text: string): string | undefined =>
  /^\d+$/.test(text) ? undefined : syntax('ParseUint', text);

/** `strconv.ParseFloat`, of numbers in decimals. */
export const floatError = (text: string): string | undefined =>
  /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? undefined : syntax('ParseFloat', text);

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
