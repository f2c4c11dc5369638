/** Work under keys: what has the same key is done one after the other, and its last failure is kept until it succeeds. */
export class WorkQueues {
  readonly #last = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, string>();

  add(key: string, work: () => Promise<void>): void {
    const done = (this.#last.get(key) ?? Promise.resolve())
      .then(work)
      .then(
        () => void this.#failures.delete(key),
        (error: unknown) => void this.#failures.set(key, error instanceof Error ? error.message : String(error)),
      )
      .then(() => {
        if (this.#last.get(key) === done) this.#last.delete(key);
      });
    this.#last.set(key, done);
  }

  /** Keys with work under way, or whose last work failed. */
  keys(): string[] {
    return [...this.#last.keys(), ...this.#failures.keys()];
  }

  /** Of the keys that start so: whether work is under way, else how one failed. */
  outcome(prefix: string): { pending: boolean; failure: string | undefined } {
    const under = (key: string): boolean => key.startsWith(prefix);
    if ([...this.#last.keys()].some(under)) return { pending: true, failure: undefined };
    const failed = [...this.#failures.keys()].find(under);
    return { pending: false, failure: failed === undefined ? undefined : this.#failures.get(failed) };
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values());
  }
}
