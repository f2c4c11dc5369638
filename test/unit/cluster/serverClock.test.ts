import { beforeEach, describe, expect, it } from 'vitest';
import { ServerClock } from '../../../src/core/cluster/serverClock';
import { ManualClock } from '../../support';

const MINUTE = 60_000;
let base: ManualClock;
let told: number[];
let clock: ServerClock;

beforeEach(() => {
  base = new ManualClock();
  told = [];
  clock = new ServerClock(base, (offsetMs) => told.push(offsetMs));
});

/** An answer of a server whose clock is `aheadMs` ahead, written `afterMs` after the request, back after `tookMs`. */
function answer(aheadMs: number, tookMs = 40, afterMs = tookMs / 2): void {
  const sent = base.now();
  base.advance(afterMs);
  const date = Math.floor((base.now() + aheadMs) / 1000) * 1000;
  base.advance(tookMs - afterMs);
  clock.heard(date, sent, base.now());
  base.advance(1337);
}

describe("the cluster's clock", () => {
  it('is the editor’s own while nothing is known, and where the two may agree', () => {
    expect(clock.now()).toBe(base.now());
    answer(300);
    expect(clock.now()).toBe(base.now());
    for (let i = 0; i < 20; i++) answer(300);
    expect(Math.abs(clock.offsetMs - 300)).toBeLessThanOrEqual(100);
    expect(told).toEqual([]);
  });

  it.each([10 * MINUTE, -10 * MINUTE, 45_000, -3500])('%d ms ahead is found to the second, then closer', (ahead) => {
    answer(ahead);
    expect(Math.abs(clock.offsetMs - ahead)).toBeLessThanOrEqual(1040);
    for (let i = 0; i < 50; i++) answer(ahead);
    expect(Math.abs(clock.offsetMs - ahead)).toBeLessThanOrEqual(100);
    expect(Math.abs(clock.now() - base.now() - ahead)).toBeLessThanOrEqual(100);
    expect(told).toHaveLength(Math.abs(ahead) > 5000 ? 1 : 0);
  });

  it('is not led astray by slow answers', () => {
    for (let i = 0; i < 30; i++) answer(10 * MINUTE);
    for (let i = 0; i < 5; i++) answer(10 * MINUTE, 30_000, 29_900);
    expect(Math.abs(clock.offsetMs - 10 * MINUTE)).toBeLessThanOrEqual(100);
  });

  it('follows when one of the two is set, and says so', () => {
    for (let i = 0; i < 5; i++) answer(10 * MINUTE);
    for (let i = 0; i < 30; i++) answer(0);
    expect(clock.offsetMs).toBe(0);
    expect(told).toHaveLength(2);
    clock.heard(base.now(), base.now() + 5 * MINUTE, base.now()); // set back between request and answer
    expect(clock.offsetMs).toBe(0);
  });

  it('waits by the editor’s', () => {
    answer(10 * MINUTE);
    let called = 0;
    clock.after(1000, () => called++);
    base.advance(999);
    expect(called).toBe(0);
    base.advance(1);
    expect(called).toBe(1);
  });
});
