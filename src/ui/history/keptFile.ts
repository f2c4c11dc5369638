import * as vscode from 'vscode';
import type { Log } from '../../core/base/log';

/** One file of this workspace's storage that several windows share. */
export interface KeptFileParts {
  /** Where it lies; made when needed. */
  folder: vscode.Uri;
  /** Without its ending, which is `.json`. */
  name: string;
  /** What it holds, for the log. */
  what: string;
  /** A file that is larger was not written by us. */
  mostBytes: number;
  log: Log;
}

/** Reads and writes a file so that it is whole or as it was, whoever else writes it. */
export class KeptFile {
  readonly #parts: KeptFileParts;
  #saving: Promise<void> = Promise.resolve();

  constructor(parts: KeptFileParts) {
    this.#parts = parts;
  }

  /**
   * Its text; undefined where there is none yet, '' where it is too large. Rejects where there is one, but it cannot be
   * read just now: it must not be written over.
   */
  async read(): Promise<string | undefined> {
    try {
      const uri = this.#uri('json');
      const { size } = await vscode.workspace.fs.stat(uri);
      if (size > this.#parts.mostBytes) return '';
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Keeps a damaged file beside the one that will be written. Never rejects. */
  async putAside(): Promise<void> {
    try {
      await vscode.workspace.fs.copy(this.#uri('json'), this.#uri('damaged.json'), { overwrite: true });
    } catch (error) {
      this.#parts.log.warn(`The damaged ${this.#parts.what} could not be kept.`, String(error));
    }
  }

  /** Writes what `text` makes of what is there now, one at a time. Never rejects. */
  save(text: (kept: string | undefined) => string): Promise<void> {
    this.#saving = this.#saving.then(async () => {
      const { fs } = vscode.workspace;
      const partial = this.#uri(`${Math.random().toString(36).slice(2)}.partial`);
      try {
        const written = text(await this.read());
        await fs.createDirectory(this.#parts.folder);
        await fs.writeFile(partial, new TextEncoder().encode(written));
        await fs.rename(partial, this.#uri('json'), { overwrite: true });
      } catch (error) {
        this.#parts.log.warn(`The ${this.#parts.what} could not be written.`, String(error));
      }
    });
    return this.#saving;
  }

  #uri(ending: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#parts.folder, `${this.#parts.name}.${ending}`);
  }
}

/** As the editor says it, or the file system below. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  ['FileNotFound', 'EntryNotFound', 'ENOENT'].includes(String((error as { code?: unknown }).code));
