import { describe, expect, it } from 'vitest';
import { compileRe2, literalsOf } from '../../../../src/demo/prometheus/re2';

// Every answer below was had from a real Prometheus.
describe("Prometheus's regular expressions", () => {
  it.each([
    ['zone[12]', true],
    ['one', false],
    ['a|zone1', true],
    ['(?i)ZONE1', true],
    ['(?P<kind>zone)1', true],
    ['[[:alpha:]]+1', true],
    ['zone[^[:alpha:]]', true],
    ['zone[]1]', true],
    ['zone[\\d]', true],
    ['\\pLone1', true],
    ['\\p{Greek}*zone1', true],
    ['zone\\Q1\\E', true],
    ['\\Azone1\\z', true],
    ['\\x7aone1', true],
    ['zone\\-?1', true],
    ['zone/?1', true],
    ['zone{1}1', true],
    ['zone1{,2}', false],
    ['^zone1$', true],
  ])('%s on "zone1" is %s', (pattern, expected) => {
    expect(compileRe2(pattern).test('zone1')).toBe(expected);
  });

  it('takes a brace without a count, and a dot in a bracket, as they are', () => {
    expect(compileRe2('a{b}').test('a{b}')).toBe(true);
    expect(compileRe2('a{,2}').test('a{,2}')).toBe(true);
    expect(compileRe2('1[.]2').test('1x2')).toBe(false);
    expect(compileRe2('[a-c-]+').test('b-c')).toBe(true);
    expect(compileRe2('\\s').test('\u00a0')).toBe(false);
    expect(compileRe2('zone1$').test('zone1\n')).toBe(false);
  });

  it('answers each text by itself, as often as it is asked', () => {
    const pattern = compileRe2('z(o|n|e)+[0-9]*5');
    const texts = Array.from({ length: 5000 }, (_, i) => `zone${i}`);
    for (let times = 0; times < 2; times += 1)
      expect(texts.filter((text) => pattern.test(text))).toEqual(texts.filter((text) => text.endsWith('5')));
  });

  it('takes no longer than the text is long, whatever the expression', () => {
    // A backtracking engine never comes back from it.
    expect(compileRe2('(a+)+b').test('a'.repeat(100_000))).toBe(false);
  });

  it.each(
    [
      'zone(?=1)1',
      '(?!x)zone1',
      '(?<=x)1',
      '(zone)1\\1?',
      'z{1,2000}',
      'zone[1-',
      'zone1\\',
      'zone1**',
      'zone1++',
    ].concat(['zone1)', '(zone1', '[z-a]', '*', 'zone\\h', '[[:nope:]]']),
  )('%s is refused, as no other engine would read it the same', (pattern) => {
    expect(() => compileRe2(pattern)).toThrow(/error parsing regexp/);
  });
});

describe('an alternation of plain texts', () => {
  it.each([
    ['a', ['a']],
    ['a|b-c|', ['a', 'b-c', '']],
    ['10\\.0\\.0\\.1|x\\|y|\\\\', ['10.0.0.1', 'x|y', '\\']],
    ['', ['']],
  ])('%j is looked up', (pattern, texts) => {
    expect([...(literalsOf(pattern) ?? [])]).toEqual(texts);
    for (const text of texts) expect(compileRe2(pattern).test(text)).toBe(true);
  });

  it.each(['a.b', '(a|b)', '(?i)a', 'a\\d', '[a]', 'a*', '^a$', 'a\\', 'a{2}'])('%j is not one', (pattern) => {
    expect(literalsOf(pattern)).toBeUndefined();
  });
});
