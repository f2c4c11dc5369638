import type { Clock, Disposable } from './ports';

/** The machine's clock. */
export const systemClock: Clock = scaledClock(1);

/** A clock that starts at the machine's time and runs `speed` times as fast: waits shrink by the same factor. */
export function scaledClock(speed: number, origin: number = Date.now()): Clock {
  return {
    now: () => origin + (Date.now() - origin) * speed,
    after(ms: number, callback: () => void): Disposable {
      const timer = setTimeout(callback, ms / speed);
      return { dispose: () => clearTimeout(timer) };
    },
  };
}
