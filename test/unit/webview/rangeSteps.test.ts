import { describe, expect, it } from 'vitest';
import { earlier, later, zoomedOut } from '../../../src/webview/toolbar/rangeSteps';

const MINUTE = 60_000;
const newest = { fromMs: 970 * MINUTE, toMs: 1000 * MINUTE, windowMs: 30 * MINUTE, fixed: false };
const stretch = { fromMs: 500 * MINUTE, toMs: 510 * MINUTE, windowMs: 10 * MINUTE, fixed: true };

// Grafana's time picker moves by half the range, and zooms out to about twice as much.
describe('the steps of the time range', () => {
  it('go by half of it, and back to the newest where the end would lie ahead', () => {
    expect(earlier(newest)).toEqual({ fromMs: 955 * MINUTE, toMs: 985 * MINUTE });
    expect(later(stretch, 1000 * MINUTE)).toEqual({ fromMs: 505 * MINUTE, toMs: 515 * MINUTE });
    expect(later(stretch, 515 * MINUTE)).toBe('newest');
    expect(later(newest, 1000 * MINUTE)).toBeUndefined();
  });

  it('zoom out to twice as much: the newest stays the newest, a stretch keeps its middle', () => {
    expect(zoomedOut(newest)).toEqual({ windowMs: 60 * MINUTE });
    expect(zoomedOut({ ...newest, windowMs: 5 * MINUTE })).toEqual({ windowMs: 15 * MINUTE });
    expect(zoomedOut({ ...newest, windowMs: 720 * MINUTE })).toEqual({ windowMs: 1440 * MINUTE });
    expect(zoomedOut({ ...newest, windowMs: 1440 * MINUTE })).toBeUndefined();
    expect(zoomedOut(stretch)).toEqual({ fromMs: 495 * MINUTE, toMs: 515 * MINUTE });
  });

  it('come to an end at the longest stretch that can be shown', () => {
    expect(zoomedOut({ ...stretch, fromMs: 0, toMs: 31 * 1440 * MINUTE })).toBeUndefined();
  });
});
