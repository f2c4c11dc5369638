import type { Disposable } from '../base/disposable';

/** Who waits for which signal. */
const waiting = new WeakMap<AbortSignal, { called: Set<() => void>; listener: () => void }>();

/**
 * Calls back once when the signal aborts; never where it has aborted already. However many wait for one signal, it has a
 * single listener of ours, and none when nobody waits: a signal that ends many requests at once is no leak, and what is
 * one keeps its warning.
 */
export function onAbort(signal: AbortSignal, callback: () => void): Disposable {
  if (signal.aborted) return { dispose: () => undefined };
  const known = waiting.get(signal) ?? begin(signal);
  // Two of the same function are two.
  const own = (): void => callback();
  known.called.add(own);
  return {
    dispose: () => {
      if (!known.called.delete(own) || known.called.size > 0) return;
      signal.removeEventListener('abort', known.listener);
      waiting.delete(signal);
    },
  };
}

function begin(signal: AbortSignal): { called: Set<() => void>; listener: () => void } {
  const called = new Set<() => void>();
  const listener = (): void => {
    waiting.delete(signal);
    const all = [...called];
    called.clear();
    for (const one of all) one();
  };
  const made = { called, listener };
  signal.addEventListener('abort', listener, { once: true });
  waiting.set(signal, made);
  return made;
}
