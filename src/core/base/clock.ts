import type { Disposable } from './disposable';

/** The machine's clock. */
export const systemClock: Clock = scaledClock(1);

/** A clock that starts at the machine's time, or `aheadMs` from it, and runs `speed` times as fast: waits shrink by the same factor. */
export function scaledClock(speed: number, origin: number = Date.now(), aheadMs = 0): Clock {
  return {
    now: () => origin + (Date.now() - origin) * speed + aheadMs,
    after(ms: number, callback: () => void): Disposable {
      const timer = setTimeout(callback, ms / speed);
      return { dispose: () => clearTimeout(timer) };
    },
  };
}

/** The time. Tests and the accelerated demo cluster have clocks of their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `ms` milliseconds of this clock's time. */
  after(ms: number, callback: () => void): Disposable;
}
