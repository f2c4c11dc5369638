import { copyFile, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { desk } from './desk';
import { QuickInput, rowsOf, type Item } from './quickInput';
import { fakeTests } from './tests';

/**
 * What the unit tests have for the module `vscode` (vitest.config.mts): questions are answered by the desk, files are
 * real ones. A test that needs more replaces parts with `vi.mock`.
 */

interface Disposing {
  dispose(): void;
}
const nothing = (): Disposing => ({ dispose: () => undefined });

export const version = '1';
export const env = {
  appName: 'Editor',
  language: 'en',
  uiKind: 1,
  clipboard: { writeText: (text: string) => Promise.resolve(void (desk.clipboard = text)) },
};

/** `bundle`: as of an editor in another language; the key of a text with a comment has the comment behind a slash. */
export const l10n = {
  bundle: undefined as Record<string, string> | undefined,
  t: (text: string | { message: string; args: unknown[]; comment: string[] }, ...args: unknown[]): string => {
    const whole =
      typeof text === 'string'
        ? { message: text, args, key: text }
        : { ...text, key: `${text.message}/${text.comment.join('')}` };
    const translated = l10n.bundle?.[whole.key] ?? whole.message;
    return translated.replace(/\{(\d+)\}/g, (all, i: string) => String(whole.args[Number(i)] ?? all));
  },
};

export class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void): Disposing => {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

export const Disposable = {
  from: (...all: Disposing[]): Disposing => ({ dispose: () => all.forEach((one) => one.dispose()) }),
};

export class Uri {
  static from = ({ scheme, path, query }: Pick<Uri, 'scheme' | 'path'> & Partial<Uri>): Uri =>
    new Uri(scheme, path, query);
  static parse = (text: string): Uri => {
    const [, scheme = '', path = '', query] = /^([^:]*):([^?]*)\??(.*)$/.exec(text) ?? [];
    return new Uri(scheme, path, query);
  };
  static file = (at: string): Uri => new Uri('file', at);
  static joinPath = (base: Uri, ...parts: string[]): Uri => new Uri(base.scheme, path.posix.join(base.path, ...parts));
  constructor(
    readonly scheme: string,
    readonly path: string,
    readonly query = '',
  ) {}
  toString(): string {
    return `${this.scheme}:${this.path}${this.query === '' ? '' : `?${this.query}`}`;
  }
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}
export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(...at: [start: Position, end: Position] | [line: number, from: number, endLine: number, to: number]) {
    if (at.length === 2) [this.start, this.end] = at;
    else [this.start, this.end] = [new Position(at[0], at[1]), new Position(at[2], at[3])];
  }
}
export class Location {
  constructor(
    readonly uri: Uri,
    readonly range: Range,
  ) {}
}
export class WorkspaceEdit {
  readonly edits: { uri: Uri; range: Range; text: string }[] = [];
  insert(uri: Uri, at: Position, text: string): void {
    this.replace(uri, new Range(at, at), text);
  }
  replace(uri: Uri, range: Range, text: string): void {
    this.edits.push({ uri, range, text });
  }
}
export class TestMessage {
  constructor(readonly message: unknown) {}
}

export class FileDecoration {
  constructor(
    readonly badge: string,
    readonly tooltip: string,
  ) {}
}
export class ThemeIcon {
  constructor(
    readonly id: string,
    readonly color?: { id: string },
  ) {}
}
export class ThemeColor {
  constructor(readonly id: string) {}
}
export class TreeItem {
  constructor(
    readonly label: string,
    readonly collapsibleState?: number,
  ) {}
}
export class MarkdownString {
  constructor(public value = '') {}
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
export { Part as LanguageModelTextPart, Part as LanguageModelToolResult };

export const ProgressLocation = { Notification: 15 };
export const ConfigurationTarget = { Global: 1, Workspace: 2 };
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const QuickPickItemKind = { Separator: -1 };
export const QuickInputButtons = { Back: 'back' };
export const TestRunProfileKind = { Run: 1 };
export const StatusBarAlignment = { Left: 1 };
export const ViewColumn = { Active: 1 };
export const UIKind = { Desktop: 1, Web: 2 };
export const extensions = { getExtension: (): unknown => undefined };

export const tests = fakeTests.api;
export const lm: Record<string, unknown> = {};

export const commands = {
  executeCommand: (...args: unknown[]): Promise<void> => {
    desk.commands.push(args);
    const [command, uri] = args as [string, { path: string }];
    if (command === 'markdown.showPreview') desk.open(uri);
    return Promise.resolve();
  },
};

export const workspace = {
  isTrusted: true,
  applyEdit: (_: WorkspaceEdit): Promise<boolean> => Promise.resolve(true),
  openTextDocument: (uri: { path: string }): Promise<unknown> => {
    desk.open(uri);
    return Promise.resolve(uri);
  },
  getConfiguration: () => ({
    get: (key: string) => desk.settings.get(key),
    inspect: (key: string) => ({ globalValue: desk.settings.get(key) }),
    update: (key: string, value: unknown) => Promise.resolve(void desk.settings.set(key, value)),
  }),
  onDidCloseTextDocument: nothing,
  fs: {
    stat: (uri: Uri) => stat(uri.path),
    readFile: (uri: Uri) => readFile(uri.path),
    writeFile: (uri: Uri, data: Uint8Array) => writeFile(uri.path, data),
    rename: (from: Uri, to: Uri) => rename(from.path, to.path),
    copy: (from: Uri, to: Uri) => copyFile(from.path, to.path),
    createDirectory: (uri: Uri) => mkdir(uri.path, { recursive: true }),
  },
};

const message =
  (what: string) =>
  (text: string, ...rest: unknown[]): Promise<string | undefined> => {
    desk.show(what, text, ...rest.map((one) => (one as { detail?: string }).detail ?? one));
    const buttons = rest.filter((one) => typeof one === 'string');
    return Promise.resolve(buttons.find((one) => one === desk.answers[0]) ? desk.answers.shift() : undefined);
  };

export const window = {
  createQuickPick: () => new QuickInput('pick'),
  createInputBox: () => new QuickInput('input'),
  showTextDocument: (): Promise<void> => Promise.resolve(),
  showInformationMessage: message('information'),
  showWarningMessage: message('warning'),
  showErrorMessage: message('error'),
  setStatusBarMessage: (text: string) => desk.show('status', text),
  withProgress: (_: { title: string }, work: (progress: unknown, token: unknown) => unknown): unknown =>
    work({ report: () => undefined }, { onCancellationRequested: nothing }),
  showInputBox: (options: { title?: string; prompt?: string }) => {
    desk.show('input', options.title, options.prompt);
    return Promise.resolve(desk.answers.shift());
  },
  // A list with check boxes is answered by the labels to tick, with commas between them, or `as ticked`.
  showQuickPick: (items: Item[], options: { title?: string; placeHolder?: string; canPickMany?: boolean }) => {
    desk.show('pick', options.title, options.placeHolder, ...rowsOf(items));
    const wanted = desk.answers.shift();
    if (options.canPickMany && wanted !== undefined)
      return Promise.resolve(
        items.filter(({ label, picked }) =>
          wanted === 'as ticked' ? picked : wanted.split(',').some((one) => one !== '' && label.includes(one)),
        ),
      );
    return Promise.resolve(wanted === undefined ? undefined : items.find(({ label }) => label.includes(wanted)));
  },
};
