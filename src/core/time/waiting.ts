import type { Clock } from '../base/clock';
import { onAbort } from './onAbort';

/** Resolves after `ms` milliseconds of the clock; rejects when aborted. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const listening =
      signal &&
      onAbort(signal, () => {
        timer.dispose();
        reject(signal.reason);
      });
    const timer = clock.after(ms, () => {
      listening?.dispose();
      resolve();
    });
  });
}

/** The promise, left as soon as the signal aborts even where the work itself does not listen to it. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    const listening = onAbort(signal, abort);
    work.then(resolve, reject).finally(() => listening.dispose());
  });
}
