import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readFirst } from '../../../src/adapters/yaml/documents';
import { writeYaml } from '../../../src/adapters/yaml/write';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }).filter((one) => Buffer.from(one).toString() === one),
  fc.constantFrom(
    '0644',
    'on',
    'y',
    '1_000',
    '<<',
    '~',
    '1:30',
    '+.5',
    '0o7',
    'a\n\tb',
    '\ta\n',
    'a\r\nb',
    '\u2028',
    'a?b',
  ),
  fc.constantFrom('\u0085', '\uFEFFa', '2001-01-01', 'a: b', '- a', '.inf', 'x:', '', ' ', '\n', '-', '?', ':'),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0),
    fc.constant(null),
    fc.boolean(),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(text, tie('any'), { maxKeys: 3 }),
  ),
})).any;

it.each([false, true])('what is written is read as itself (on one line: %s)', (flow) => {
  fc.assert(
    fc.property(value, (inner) => {
      const plain = JSON.parse(JSON.stringify({ inner })) as unknown;
      expect(JSON.parse(JSON.stringify(readFirst(writeYaml(plain, { flow }))))).toEqual(plain);
    }),
    { numRuns: 1000 },
  );
});
