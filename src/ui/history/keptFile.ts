import * as vscode from 'vscode';
import type { KeptItems } from '../../core/history/keptItems';
import type { Log } from '../../core/base/log';

/** The items of a file, in memory. */
interface Book<Item> {
  readonly all: readonly Item[];
  readonly clearedAt: number;
  merge(items: readonly Item[], clearedAt: number): void;
}

/** One file of this workspace's storage that several windows share. */
export interface KeptFileParts<Item> {
  /** Its folder, created when needed. */
  folder: vscode.Uri;
  /** Without its extension, which is `.json`. */
  name: string;
  /** What it holds, for the log. */
  what: string;
  /** A larger file was not written by DistDiag. */
  mostBytes: number;
  book: Book<Item>;
  read: (text: string) => KeptItems<Item>;
  write: (items: readonly Item[], clearedAt: number) => string;
  log: Log;
  /** Called when the file was read and held something. */
  onLoaded?: () => void;
}

/** Reads and writes a file; it is always complete, even if several windows write it. */
export class KeptFile<Item> {
  readonly #parts: KeptFileParts<Item>;
  #loading: Promise<void> | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(parts: KeptFileParts<Item>) {
    this.#parts = parts;
  }

  /** Reads the file once. Never rejects: a damaged file is kept under another name, and a new one is started. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Writes the items, merged with what other windows have written, one write at a time. Never rejects. */
  save(): Promise<void> {
    const { folder, what, book, write, log } = this.#parts;
    this.#saving = this.#saving.then(async () => {
      const { fs } = vscode.workspace;
      const partial = this.#uri(`${Math.random().toString(36).slice(2)}.partial`);
      try {
        const { items, clearedAt } = await this.#read();
        book.merge(items, clearedAt);
        await fs.createDirectory(folder);
        await fs.writeFile(partial, new TextEncoder().encode(write(book.all, book.clearedAt)));
        await fs.rename(partial, this.#uri('json'), { overwrite: true });
      } catch (error) {
        log.warn(`The ${what} could not be written.`, String(error));
      }
    });
    return this.#saving;
  }

  async #load(): Promise<void> {
    const { name, what, book, log } = this.#parts;
    try {
      const { items, clearedAt, damaged } = await this.#read();
      if (damaged > 0) {
        log.warn(`${damaged} part(s) of ${name}.json cannot be read; it is kept as ${name}.damaged.json`);
        await this.#putAside();
      }
      book.merge(items, clearedAt);
      if (items.length > 0) this.#parts.onLoaded?.();
    } catch (error) {
      log.warn(`The ${what} cannot be read.`, String(error)); // it is read again before it is written
    }
  }

  /** Nothing where there is no file yet. Rejects if there is one that cannot be read now: it must not be overwritten. */
  async #read(): Promise<KeptItems<Item>> {
    try {
      const uri = this.#uri('json');
      const { size } = await vscode.workspace.fs.stat(uri);
      const tooLarge = size > this.#parts.mostBytes;
      return this.#parts.read(tooLarge ? '' : new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
    } catch (error) {
      if (isMissing(error)) return { items: [], clearedAt: 0, damaged: 0 };
      throw error;
    }
  }

  async #putAside(): Promise<void> {
    try {
      await vscode.workspace.fs.copy(this.#uri('json'), this.#uri('damaged.json'), { overwrite: true });
    } catch (error) {
      this.#parts.log.warn(`The damaged ${this.#parts.what} could not be kept.`, String(error));
    }
  }

  #uri(ending: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#parts.folder, `${this.#parts.name}.${ending}`);
  }
}

/** Errors of the editor, or of the file system below it. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  ['FileNotFound', 'EntryNotFound', 'ENOENT'].includes(String((error as { code?: unknown }).code));
