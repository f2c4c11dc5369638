/** As much of the editor's `tests` API as a controller needs, and all that a run was told. */
class FakeTests {
  readonly controllers: FakeController[] = [];
  readonly api = {
    createTestController: (id: string, label: string): FakeController => {
      const made = new FakeController(id, label, this.runs);
      this.controllers.push(made);
      return made;
    },
  };
  readonly runs: FakeRun[] = [];
}

export interface FakeItem {
  id: string;
  label: string;
  uri: { path: string } | undefined;
  children: Items;
  parent: FakeItem | undefined;
  range?: { start: { line: number } };
  error?: string;
}

class Items {
  readonly #items = new Map<string, FakeItem>();
  constructor(readonly parent?: FakeItem) {}
  get size(): number {
    return this.#items.size;
  }
  add(item: FakeItem): void {
    item.parent = this.parent;
    this.#items.set(item.id, item);
  }
  replace(items: readonly FakeItem[]): void {
    this.#items.clear();
    for (const item of items) this.add(item);
  }
  get = (id: string): FakeItem | undefined => this.#items.get(id);
  delete = (id: string): void => void this.#items.delete(id);
  forEach = (work: (item: FakeItem) => void): void => this.#items.forEach((item) => work(item));
  all = (): FakeItem[] => [...this.#items.values()];
}

type Handler = (request: object, token: object) => Promise<void>;

class FakeController {
  readonly items = new Items();
  readonly profiles: { label: string; isDefault: boolean; run: Handler; supportsContinuousRun: boolean }[] = [];
  resolveHandler: ((item?: FakeItem) => Promise<void>) | undefined;
  refreshHandler: (() => Promise<void>) | undefined;
  constructor(
    readonly id: string,
    readonly label: string,
    readonly runs: FakeRun[],
  ) {}
  createTestItem(id: string, label: string, uri?: { path: string }): FakeItem {
    const item = { id, label, uri, parent: undefined } as unknown as FakeItem;
    item.children = new Items(item);
    return item;
  }
  createRunProfile(label: string, _kind: number, run: Handler, isDefault = false, ...rest: unknown[]): void {
    this.profiles.push({ label, isDefault, run, supportsContinuousRun: rest[1] === true });
  }
  createTestRun(_request: object, name: string): FakeRun {
    const run = new FakeRun(name);
    this.runs.push(run);
    return run;
  }
  dispose(): void {}
}

interface FakeMessage {
  message: string;
  location?: { range: { start: { line: number } } };
}

export class FakeRun {
  /** `passed two.scenario.yaml`, in their order. */
  readonly states: string[] = [];
  readonly messages: FakeMessage[] = [];
  output = '';
  ended = false;
  constructor(readonly name: string) {}
  #tell(state: string, item: FakeItem, message?: FakeMessage): void {
    this.states.push(`${state} ${item.label}`);
    if (message) this.messages.push(message);
  }
  enqueued = (item: FakeItem): void => this.#tell('enqueued', item);
  started = (item: FakeItem): void => this.#tell('started', item);
  passed = (item: FakeItem): void => this.#tell('passed', item);
  skipped = (item: FakeItem): void => this.#tell('skipped', item);
  failed = (item: FakeItem, message: FakeMessage): void => this.#tell('failed', item, message);
  errored = (item: FakeItem, message: FakeMessage): void => this.#tell('errored', item, message);
  appendOutput = (text: string): void => void (this.output += text);
  end = (): void => void (this.ended = true);
}

export const fakeTests = new FakeTests();
