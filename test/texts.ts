import { expect } from 'vitest';
import { Message } from '../src/core/base/text';

// A text with something put in is what it says, also within a structure: tests write what people read.
const said = (value: unknown): unknown => (value instanceof Message ? String(value) : value);

expect.addEqualityTesters([
  (a: unknown, b: unknown): boolean | undefined =>
    a instanceof Message || b instanceof Message ? said(a) === said(b) : undefined,
]);

interface Matcher {
  asymmetricMatch(other: unknown): boolean;
}
for (const one of [expect.stringContaining(''), expect.stringMatching('')]) {
  const matcher = Object.getPrototypeOf(one) as Matcher;
  const { asymmetricMatch } = matcher;
  matcher.asymmetricMatch = function (other): boolean {
    return asymmetricMatch.call(this, said(other));
  };
}
