import type { Clock, Disposable } from './ports';

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
