import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import { distinct, inARow, joined, Message, msg, received, saysSame, type Text } from '../../../src/core/base/text';

const hit = msg`${2} of ${3} pods are hit.`;

describe('a text with something put in', () => {
  it('keeps its template and its values', () => {
    expect([hit.template, hit.values]).toStrictEqual(['{0} of {1} pods are hit.', [2, 3]]);
  });

  it('says itself in English, with what is within it, in a log, in JSON and as an error', () => {
    const whole = msg`It was refused. ${hit}`;
    expect(String(whole)).toBe('It was refused. 2 of 3 pods are hit.');
    expect(JSON.stringify({ whole })).toBe('{"whole":"It was refused. 2 of 3 pods are hit."}');
    const error = new AppError('invalid', whole);
    expect([error.message, error.text]).toStrictEqual(['It was refused. 2 of 3 pods are hit.', whole]);
  });

  it('is what a template literal says, whatever is put in', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer(), (a, b, n) => {
        expect(String(msg`${a} is ${b} ${n} times`)).toBe(`${a} is ${b} ${n} times`);
      }),
    );
  });

  it('is the same after a thread has sent it, which keeps no class', () => {
    const sent = structuredClone(msg`${'w'}: ${hit}`);
    expect(sent).not.toBeInstanceOf(Message);
    expect(received(sent)).toBeInstanceOf(Message);
    expect(String(received(sent))).toBe('w: 2 of 3 pods are hit.');
    expect(received('plain')).toBe('plain');
  });
});

describe('several texts', () => {
  it('stand in a row, the empty ones left out', () => {
    const row = joined(['First.', '', hit]) as Message;
    expect([row.template, row.values]).toStrictEqual(['{0} {1}', ['First.', hit]]);
    expect(String(joined(['CPU', 'memory'], ', '))).toBe('CPU, memory');
    expect([joined(['', 'one']), joined([hit, '']), joined([])]).toStrictEqual(['one', hit, '']);
  });

  it('are sentences of their own, in Chinese without a space', () => {
    expect(inARow('One.', undefined, '', 'Two')).toBe('One. Two');
    expect(inARow('Collecting data…', 'Why')).toBe('Collecting data… Why');
    expect(inARow('Unknown', 'Why.')).toBe('Unknown. Why.');
    expect(inARow('未发现异常。', '原因。')).toBe('未发现异常。原因。');
    expect(inARow('未知', '原因。', 'Reason.')).toBe('未知。原因。Reason.');
    expect([inARow(), inARow('', 'one'), inARow('one', '')]).toEqual(['', 'one', 'one']);
  });

  it('are compared by what they say', () => {
    const again = msg`${2} of ${3} pods are hit.`;
    expect(saysSame(hit, again)).toBe(true);
    expect(saysSame(hit, msg`${1} of ${3} pods are hit.`)).toBe(false);
    const texts: Text[] = ['a', hit, 'b', again, 'a', '2 of 3 pods are hit.'];
    expect(distinct(texts).map(String)).toEqual(['a', '2 of 3 pods are hit.', 'b']);
  });
});
