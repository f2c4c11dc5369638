import fc from 'fast-check';

/** Names that JavaScript objects have of their own: looked up carelessly, they are there in every object. */
export const OWN_NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

/** Words that break readers: markup, commands, marks that a terminal or a reader's eye obeys, numbers at the edge. */
const NASTY = [
  ...OWN_NAMES,
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  '[x](command:workbench.action.quit)',
  '$(zap)',
  '\u001b[31mred\u001b[0m',
  '\u202Eevil\u202C',
  '\u0000',
  '\uFEFF',
  '\uD800',
  '\r\n',
  '{0}',
  '%s',
  '../../etc/passwd',
  '9'.repeat(400),
  '-0',
  '1e999',
  'NaN',
  '+Inf',
  '2026-02-31T25:61:00Z',
  '+275761-01-01T00:00:00Z',
];

/** Any text: a few words of both kinds, or one piece again and again. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 30, unit: 'binary' }) },
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom(...NASTY), { maxLength: 4 }).map((parts) => parts.join('')) },
);

/** A piece that is there thousands of times: what takes a square of its length shows. */
export const longText: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(fc.string({ minLength: 1, maxLength: 4 }), fc.constantFrom(...'([{"\\,.:;-/ 1'.split(''))),
    fc.integer({ min: 1000, max: 20_000 }),
    anyText,
  )
  .map(([piece, times, end]) => piece.repeat(times) + end);

/** Any JSON value, with keys that objects have of their own among the others. */
export const anyJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e308, -1e308, 2 ** 53, '', [], {}),
    anyText,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...OWN_NAMES), anyText), tie('value')), { maxLength: 4 })
      // As JSON.parse does it: `__proto__` becomes a key like any other.
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;

type Change = readonly [
  op: 'replace' | 'remove' | 'rename' | 'repeat' | 'wrap',
  at: number,
  value: unknown,
  name: string,
];

const change: fc.Arbitrary<Change> = fc.tuple(
  fc.constantFrom('replace', 'replace', 'replace', 'remove', 'rename', 'repeat', 'wrap'),
  fc.nat(),
  anyJson,
  fc.oneof(fc.constantFrom(...OWN_NAMES), anyText),
) as fc.Arbitrary<Change>;

/** A value that is nearly one of these: up to a few places of it are something else, gone, or there twice. */
export function nearly(...examples: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...examples), fc.array(change, { maxLength: 5 }))
    .map(([example, changes]) => changes.reduce(changed, structuredClone(example)));
}

/** Nearly one of these, or any JSON at all. */
export const like = (...examples: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: nearly(...examples) }, { weight: 1, arbitrary: anyJson });

function changed(value: unknown, [op, at, given, name]: Change): unknown {
  const places: { holder: Record<string, unknown> | unknown[]; key: string }[] = [];
  const visit = (one: unknown): void => {
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one)) return;
    for (const key of Object.keys(one)) {
      places.push({ holder: one as Record<string, unknown>, key });
      visit((one as Record<string, unknown>)[key]);
    }
  };
  visit(value);
  const place = places[at % Math.max(1, places.length)];
  if (!place) return given;
  const { holder, key } = place;
  const put = (into: object, field: string, what: unknown): void =>
    void Object.defineProperty(into, field, { value: what, enumerable: true, configurable: true, writable: true });
  const old = (holder as Record<string, unknown>)[key];
  if (op === 'replace') put(holder, key, given);
  else if (op === 'wrap') put(holder, key, [old]);
  else if (Array.isArray(holder)) {
    if (op === 'remove') holder.splice(Number(key), 1);
    else holder.push(op === 'repeat' ? structuredClone(old) : given);
  } else {
    if (op !== 'repeat') delete holder[key];
    if (op !== 'remove') put(holder, name, old);
  }
  return value;
}

/** A text that is nearly one of these: cut off, with something put in, or with pieces in another order. */
function nearlyText(...examples: readonly string[]): fc.Arbitrary<string> {
  const cut = fc.tuple(
    fc.constantFrom(...examples),
    fc.nat(),
    fc.nat(),
    anyText,
    fc.constantFrom('cut', 'put', 'swap', 'over'),
  );
  return cut.map(([text, from, length, put, how]) => {
    const at = from % (text.length + 1);
    const end = Math.min(text.length, at + (length % 12));
    if (how === 'cut') return text.slice(0, at);
    if (how === 'put') return text.slice(0, at) + put + text.slice(at);
    if (how === 'over') return text.slice(0, at) + put + text.slice(end);
    return text.slice(at) + text.slice(0, at);
  });
}

/** Texts like these, any text, and now and then a long one. */
export const textLike = (...examples: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 20, arbitrary: nearlyText(...examples) },
    { weight: 8, arbitrary: anyText },
    { weight: 1, arbitrary: longText },
  );

/** JSON as it arrives: whole, or cut and changed as text. */
export const jsonText = (...examples: readonly unknown[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: like(...examples).map((value) => JSON.stringify(value) ?? 'null') },
    { weight: 1, arbitrary: nearlyText(...examples.map((one) => JSON.stringify(one))) },
    { weight: 1, arbitrary: anyText },
  );
