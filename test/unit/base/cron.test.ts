import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cronError, parseCron } from '../../../src/core/time/cron';

const FROM = Date.parse('2026-01-30T10:17:31Z'); // a Friday
const next = (text: string, from = FROM): string | undefined => {
  const at = parseCron(text)?.next(from);
  return at === undefined ? undefined : new Date(at).toISOString().replace(':00.000Z', '');
};

describe('a schedule', () => {
  it('of five fields runs at the next minute that fits, in UTC', () => {
    expect(next('*/5 * * * *')).toBe('2026-01-30T10:20');
    expect(next('17 10 * * *')).toBe('2026-01-31T10:17');
    expect(next('0 0 1 * *')).toBe('2026-02-01T00:00');
    expect(next('0 3 29 feb *')).toBe('2028-02-29T03:00');
    expect(next('30 8-10/2 * * mon-wed')).toBe('2026-02-02T08:30');
    expect(next('0 0 ? * SUN,6')).toBe('2026-01-31T00:00');
    expect(next('10/20 * * * *')).toBe('2026-01-30T10:30');
  });

  it('runs when either the day of the month or of the week fits, where both are given', () => {
    expect(next('0 0 13 * 1')).toBe('2026-02-02T00:00');
    expect(next('0 0 31 * 1')).toBe('2026-01-31T00:00');
  });

  it('may be a descriptor or an interval', () => {
    expect(next('@hourly')).toBe('2026-01-30T11:00');
    expect(next('@daily')).toBe('2026-01-31T00:00');
    expect(parseCron('@every 90s')?.next(FROM)).toBe(FROM + 90_000);
    expect(parseCron('@every 1h30m')?.next(FROM)).toBe(FROM + 5_400_000);
    expect(parseCron('@every 5ms')?.next(FROM)).toBe(FROM + 1000);
  });

  it('that can never come has no next time, and what is none is none', () => {
    expect(next('0 0 31 2 *')).toBeUndefined();
    for (const text of [
      '',
      '* * * *',
      '* * * * * * *',
      '60 * * * *',
      '* * * * mo',
      '@never',
      '@every',
      '@every 5',
      '*/0 * * * *',
      '5-1 * * * *',
      'x * * * *',
    ])
      expect(parseCron(text), text).toBeUndefined();
  });
});

interface Answer {
  spec: string;
  next?: (string | null)[][];
}

describe('robfig/cron, with the options of Chaos Mesh', () => {
  const [first = '', ...rest] = readFileSync(path.join(__dirname, 'cronAnswers.jsonl'), 'utf8').trim().split('\n');
  const starts = JSON.parse(first) as string[];
  const answers = rest.map((line) => JSON.parse(line) as Answer);

  it('takes what is taken here, and refuses what is refused', () => {
    const taken = (spec: string): boolean => parseCron(spec) !== undefined;
    expect(answers.filter(({ spec, next }) => taken(spec) !== (next !== undefined))).toEqual([]);
    expect(answers.filter(({ spec }) => taken(spec) !== (cronError(spec) === undefined))).toEqual([]);
    expect(answers.filter(({ next }) => next).length).toBeGreaterThan(200);
  });

  it('has the same next times', () => {
    for (const { spec, next: wanted } of answers.filter(({ next }) => next)) {
      const found = starts.map((start) => {
        const times: (string | null)[] = [];
        for (let at = Date.parse(start); times.length < 3 && times.at(-1) !== null;) {
          const time = parseCron(spec)?.next(at);
          times.push(time === undefined ? null : new Date(time).toISOString().replace('.000Z', 'Z'));
          at = time ?? at;
        }
        return times;
      });
      expect(found, spec).toEqual(wanted);
    }
  });
});
