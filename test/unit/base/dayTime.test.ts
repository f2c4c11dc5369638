import { describe, expect, it } from 'vitest';
import { timeWriter } from '../../../src/core/time/dayTime';

/** Of this machine's own zone, as a user reads them. */
const at = (day: number, hour: number, minute: number, second = 0): number =>
  new Date(2026, 4, day, hour, minute, second).getTime();

describe('times for people', () => {
  const english = timeWriter('en-US');

  it('are on a 24 h clock in every language', () => {
    for (const language of ['en', 'en-US', 'zh-cn', 'de', 'ja', 'hi'])
      expect(timeWriter(language).timeOfDay(at(3, 15, 4, 5)), language).toBe('15:04:05');
    expect(english.timeOfDay(at(3, 0, 4, 5))).toBe('00:04:05'); // not 24:04
    expect(english.timeOfDay(at(3, 15, 4), false)).toBe('15:04');
    expect(english.dayAndTime(at(3, 15, 4, 5))).toBe('May 3, 15:04:05');
    expect(timeWriter('zh-cn').dayAndTime(at(3, 15, 4, 5))).toBe('5月3日 15:04:05');
  });

  it('have their day where it is not today', () => {
    expect(english.recent(at(3, 15, 4), at(3, 16, 0))).toBe('15:04');
    expect(english.recent(at(3, 23, 59), at(4, 0, 1))).toBe('May 3, 23:59');
    expect(english.stretchEnds(at(3, 14, 2), at(3, 14, 7), at(3, 15, 0))).toEqual(['14:02', '14:07']);
    expect(english.stretchEnds(at(2, 14, 2), at(2, 14, 7), at(3, 15, 0))).toEqual(['May 2, 14:02', '14:07']);
    expect(english.stretchEnds(at(2, 23, 50), at(3, 0, 10), at(3, 1, 0))).toEqual(['May 2, 23:50', 'May 3, 00:10']);
  });
});
