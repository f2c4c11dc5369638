/** What a user answers, in order, and everything that was shown to them. */
export class Desk {
  /** Labels to pick, texts to type, buttons to press; undefined leaves the question. */
  readonly answers: (string | undefined)[] = [];
  readonly shown: { what: string; text: string }[] = [];
  readonly commands: unknown[][] = [];
  readonly documents = new Map<string, string>();
  readonly settings = new Map<string, unknown>();
  clipboard = '';

  show(what: string, ...parts: unknown[]): void {
    this.shown.push({ what, text: parts.filter((one) => typeof one === 'string').join('\n') });
  }

  texts(what?: string): string[] {
    return this.shown.filter((one) => what === undefined || one.what === what).map(({ text }) => text);
  }

  clear(): void {
    this.answers.length = this.shown.length = this.commands.length = 0;
    this.documents.clear();
    this.settings.clear();
    this.clipboard = '';
  }
}

interface Item {
  label: string;
  description?: string;
  detail?: string;
  picked?: boolean;
}

type Listener<T = void> = (value: T) => void;

/** A quick pick or an input box: shown, it is answered by the desk's next answer; `<back>` presses the button. */
class QuickInput {
  title = '';
  step = 0;
  totalSteps = 0;
  placeholder = '';
  prompt = '';
  value = '';
  validationMessage = '';
  canSelectMany = false;
  items: readonly Item[] = [];
  selectedItems: readonly Item[] = [];
  activeItems: readonly Item[] = [];
  buttons: readonly unknown[] = [];
  readonly #desk: Desk;
  readonly #kind: string;
  readonly #accept: Listener[] = [];
  readonly #hide: Listener[] = [];
  readonly #button: Listener<unknown>[] = [];
  readonly #change: Listener<string>[] = [];

  constructor(desk: Desk, kind: string) {
    this.#desk = desk;
    this.#kind = kind;
  }

  readonly onDidAccept = (listener: Listener): void => void this.#accept.push(listener);
  readonly onDidChangeSelection = (): void => undefined;
  readonly onDidHide = (listener: Listener): void => void this.#hide.push(listener);
  readonly onDidTriggerButton = (listener: Listener<unknown>): void => void this.#button.push(listener);
  readonly onDidChangeValue = (listener: Listener<string>): void => void this.#change.push(listener);

  show(): void {
    const rows = this.items.map(({ label, description, detail }) => [label, description, detail].join(' | '));
    const place = `${this.step}/${this.totalSteps}`;
    this.#desk.show(this.#kind, `${this.title} (${place})`, this.placeholder, this.prompt, ...rows);
    queueMicrotask(() => this.#answer(this.#desk.answers.shift()));
  }

  dispose(): void {
    for (const list of [this.#accept, this.#hide, this.#button, this.#change]) list.length = 0;
  }

  #answer(answer: string | undefined): void {
    if (answer === undefined) return this.#hide.forEach((one) => one());
    if (answer === '<back>') return this.#button.forEach((one) => one(this.buttons[0]));
    if (this.#kind === 'input') {
      this.value = answer;
      this.#change.forEach((one) => one(answer));
    } else if (!this.canSelectMany || answer !== 'as ticked') {
      const wanted = this.canSelectMany ? answer.split(',') : [answer];
      const found = this.items.filter(({ label }) => wanted.some((one) => label.includes(one)));
      this.selectedItems = this.canSelectMany ? found : found.slice(0, 1);
      if (found.length === 0) throw new Error(`no row "${answer}" in ${this.title}`);
    }
    this.#accept.forEach((one) => one());
    if (this.validationMessage !== '') {
      this.#desk.show('refused', this.validationMessage);
      this.validationMessage = '';
      this.#answer(this.#desk.answers.shift());
    }
  }
}

interface Provider {
  provideTextDocumentContent(uri: { path: string }): string;
}

/** As much of the editor as commands need: questions are answered by the desk. */
export function fakeVscode(desk: Desk, provider: () => Provider): Record<string, unknown> {
  const message =
    (what: string) =>
    (text: string, ...rest: unknown[]): Promise<string | undefined> => {
      desk.show(what, text, ...rest.map((one) => (one as { detail?: string }).detail ?? one));
      const buttons = rest.filter((one) => typeof one === 'string');
      return Promise.resolve(buttons.find((one) => one === desk.answers[0]) ? desk.answers.shift() : undefined);
    };
  return {
    l10n: {
      t: (text: string, ...args: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)])),
    },
    ProgressLocation: { Notification: 15 },
    ConfigurationTarget: { Global: 1, Workspace: 2 },
    QuickPickItemKind: { Separator: -1 },
    QuickInputButtons: { Back: 'back' },
    Uri: { from: (parts: object) => ({ ...parts }) },
    EventEmitter: class<T> {
      readonly #listeners: ((value: T) => void)[] = [];
      readonly event = (listener: (value: T) => void): { dispose: () => void } => {
        this.#listeners.push(listener);
        return { dispose: () => undefined };
      };
      fire(value: T): void {
        for (const listener of this.#listeners) listener(value);
      }
      dispose(): void {
        this.#listeners.length = 0;
      }
    },
    Disposable: { from: (...all: { dispose(): void }[]) => ({ dispose: () => all.forEach((one) => one.dispose()) }) },
    env: { clipboard: { writeText: (text: string) => Promise.resolve(void (desk.clipboard = text)) } },
    commands: {
      executeCommand: (...args: unknown[]) => {
        desk.commands.push(args);
        const [command, uri] = args as [string, { path: string }];
        if (command === 'markdown.showPreview')
          desk.documents.set(uri.path, provider().provideTextDocumentContent(uri));
        return Promise.resolve();
      },
    },
    workspace: {
      openTextDocument: (uri: { path: string }) => {
        desk.documents.set(uri.path, provider().provideTextDocumentContent(uri));
        return Promise.resolve(uri);
      },
      getConfiguration: () => ({
        get: (key: string) => desk.settings.get(key),
        inspect: (key: string) => ({ globalValue: desk.settings.get(key) }),
        update: (key: string, value: unknown) => Promise.resolve(void desk.settings.set(key, value)),
      }),
    },
    window: {
      createQuickPick: () => new QuickInput(desk, 'pick'),
      createInputBox: () => new QuickInput(desk, 'input'),
      showTextDocument: () => Promise.resolve(),
      showInformationMessage: message('information'),
      showWarningMessage: message('warning'),
      showErrorMessage: message('error'),
      withProgress: (_: unknown, work: (progress: unknown, token: unknown) => unknown) =>
        work({ report: () => undefined }, { onCancellationRequested: () => ({ dispose: () => undefined }) }),
      showInputBox: (options: { title?: string; prompt?: string }) => {
        desk.show('input', options.title, options.prompt);
        return Promise.resolve(desk.answers.shift());
      },
      // A list with check boxes is answered by the labels to tick, with commas between them, or `as ticked`.
      showQuickPick: (items: Item[], options: { title?: string; placeHolder?: string; canPickMany?: boolean }) => {
        const rows = items.map(({ label, description, detail }) => [label, description, detail].join(' | '));
        desk.show('pick', options.title, options.placeHolder, ...rows);
        const wanted = desk.answers.shift();
        if (options.canPickMany && wanted !== undefined)
          return Promise.resolve(
            items.filter(({ label, picked }) =>
              wanted === 'as ticked' ? picked : wanted.split(',').some((one) => one !== '' && label.includes(one)),
            ),
          );
        return Promise.resolve(wanted === undefined ? undefined : items.find(({ label }) => label.includes(wanted)));
      },
    },
  };
}

/** The same with what tools for language models are made of, and messages of the status bar. */
export function fakeVscodeWithTools(...parts: Parameters<typeof fakeVscode>): Record<string, unknown> {
  const [desk] = parts;
  class MarkdownString {
    value = '';
    appendText(text: string): this {
      this.value += text;
      return this;
    }
    appendMarkdown(text: string): this {
      return this.appendText(text);
    }
  }
  class Part {
    constructor(readonly value: unknown) {}
  }
  const whole = fakeVscode(...parts);
  Object.assign(whole['window'] as object, { setStatusBarMessage: (text: string) => desk.show('status', text) });
  return { ...whole, MarkdownString, LanguageModelTextPart: Part, LanguageModelToolResult: Part };
}

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
