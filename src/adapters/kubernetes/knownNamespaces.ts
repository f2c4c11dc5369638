import type { Disposable } from '../../core/base/disposable';
import { Emitter } from '../../core/base/emitter';

/** Where it is looked while all namespaces may not be listed: what was created elsewhere from here is looked for there too. */
export class KnownNamespaces {
  readonly #all: Set<string>;
  readonly #added = new Emitter<string>();

  constructor(namespaces: Iterable<string>) {
    this.#all = new Set(namespaces);
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#all.values();
  }

  add(namespace: string): void {
    if (namespace === '' || this.#all.has(namespace)) return;
    this.#all.add(namespace);
    this.#added.emit(namespace);
  }

  onAdd(listener: (namespace: string) => void): Disposable {
    return this.#added.add(listener);
  }
}
