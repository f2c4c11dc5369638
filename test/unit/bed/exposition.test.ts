import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseExposition } from '../../bed/exposition';

it('reads samples with and without labels, and leaves comments out', () => {
  const text = [
    '# TYPE up gauge',
    'up 1',
    '',
    'stat_total{a="x",b="1,2"} 2.5e+06 1700000000000',
    'odd{a="q\\"u\\\\o\\nte"} +Inf',
  ].join('\n');
  expect(parseExposition(text)).toEqual([
    { name: 'up', labels: {}, value: 1 },
    { name: 'stat_total', labels: { a: 'x', b: '1,2' }, value: 2_500_000 },
    { name: 'odd', labels: { a: 'q"u\\o\nte' }, value: Infinity },
  ]);
  expect(parseExposition('gone NaN')[0]?.value).toBeNaN();
});

it('refuses what is no sample', () => {
  for (const line of ['up', 'up one', '1up 1', 'up{a=b} 1', 'up{a="b" 1', 'up{a="b";c="d"} 1'])
    expect(() => parseExposition(line), line).toThrow(/no (sample|labels)/);
});

it('reads back any label value', () => {
  const escape = (value: string): string =>
    value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.integer(), (a, b, value) => {
      const text = `m{a="${escape(a)}",b="${escape(b)}"} ${value}`;
      expect(parseExposition(text)).toEqual([{ name: 'm', labels: { a, b }, value }]);
    }),
  );
});
