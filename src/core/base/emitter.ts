import type { Disposable } from './disposable';

/** Notifies listeners of events. A listener that is added twice is notified twice. */
export class Emitter<T = void> {
  readonly #listeners = new Set<{ call: (event: T) => void }>();

  /** How many listen. */
  get size(): number {
    return this.#listeners.size;
  }

  add(call: (event: T) => void): Disposable {
    const listener = { call };
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  /** Tells those that listen now; who is added meanwhile is not told. */
  emit(event: T): void {
    for (const { call } of [...this.#listeners]) call(event);
  }

  clear(): void {
    this.#listeners.clear();
  }
}
