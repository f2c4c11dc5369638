import { describe, expect, it } from 'vitest';
import { momentWords } from '../../../src/webview/toolbar/pastSlider';
import { showsLive } from '../../../src/webview/toolbar/toolbar';
import { windowWords } from '../../../src/webview/diagnosis/windowWords';

const at = (minute: number, second = 0): number => new Date(2026, 4, 3, 18, minute, second).getTime();
const stress = { title: 'CPU stress', fromMs: at(29, 21), toMs: at(32, 20) };
const DATA = 'Based on data from 18:30:00 to 18:30:45.';
const during = { from: at(30), at: at(30, 45) };

describe('a diagnosis of the past', () => {
  it('says of what ran then that it was running, not that it has ended', () => {
    expect(windowWords(during, [stress], true)).toBe(`${DATA} CPU stress was running (18:29:21–18:32:20).`);
  });

  it('says nothing of what began later, nor of what ended before its data', () => {
    expect(windowWords(during, [{ ...stress, fromMs: at(31) }], true)).toBe(DATA);
    expect(windowWords(during, [{ ...stress, toMs: at(29, 30) }], true)).toBe(DATA);
  });

  it('says of what had just ended by then that it is in the data', () => {
    const ended = [{ ...stress, toMs: at(30, 20) }];
    expect(windowWords(during, ended, true)).toBe(
      `${DATA} CPU stress ended at 18:30:20; the window still includes it.`,
    );
  });

  it('has its time as the caption, and is not live', () => {
    expect(momentWords(at(30, 45), { live: true, fixed: false })).toBe('18:30:45');
    expect(showsLive({ live: true, fixed: false }, true)).toBe(false);
  });
});

describe('the newest diagnosis', () => {
  it('tells of an end that is later than its newest sample', () => {
    const ended = [{ ...stress, toMs: at(30, 50) }];
    expect(windowWords(during, ended, false)).toBe(
      `${DATA} CPU stress ended at 18:30:50; the window still includes it.`,
    );
    expect(windowWords(during, [...ended, ...ended], false)).toContain('2 experiments just ended');
  });

  it('is called live while it follows, and not where it is paused or a range was chosen', () => {
    expect(momentWords(undefined, { live: true, fixed: false })).toBe('Live');
    expect(momentWords(undefined, { live: false, fixed: false })).toBe('Paused');
    expect(momentWords(undefined, { live: true, fixed: true })).toBe('End of range');
    expect(showsLive({ live: true, fixed: false }, false)).toBe(true);
    expect(showsLive({ live: false, fixed: false }, false)).toBe(false);
    expect(showsLive({ live: true, fixed: true }, false)).toBe(false);
  });
});
