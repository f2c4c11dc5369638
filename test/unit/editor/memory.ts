/** A memento, or secret storage, in memory. */
export class Memory {
  readonly values = new Map<string, unknown>();
  readonly keys = (): string[] => [...this.values.keys()];
  get<T>(key: string, otherwise?: T): T | undefined {
    return (this.values.get(key) as T | undefined) ?? otherwise;
  }
  update(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, value);
    return Promise.resolve();
  }
  store(key: string, value: string): Promise<void> {
    return this.update(key, value);
  }
  delete(key: string): Promise<void> {
    return this.update(key, undefined);
  }
}
