import * as vscode from 'vscode';

const KEY = 'distdiag.trainedModels';
const KEPT = 3;

/** The models trained on the user's experiments, newest first; without one, the shipped model answers. */
export class TrainedModels {
  readonly #memory: vscode.Memento;
  readonly #folder: vscode.Uri;

  constructor(memory: vscode.Memento, storage: vscode.Uri) {
    this.#memory = memory;
    this.#folder = vscode.Uri.joinPath(storage, 'models');
  }

  /** The folder of the model in use; undefined = the shipped one. */
  get current(): string | undefined {
    const [name] = this.#names;
    return name === undefined ? undefined : this.#uri(name).fsPath;
  }

  /** A folder for a model that is about to be trained. */
  next(nowMs: number): { name: string; directory: string } {
    const name = `trained-${nowMs}`;
    return { name, directory: this.#uri(name).fsPath };
  }

  /** Starts using a trained model; keeps only the newest few. */
  async use(name: string): Promise<void> {
    const [kept, gone] = [[name, ...this.#names].slice(0, KEPT), this.#names.slice(KEPT - 1)];
    await this.#memory.update(KEY, kept);
    await Promise.all(gone.map((old) => this.#remove(old)));
  }

  /** Returns to the previous model; false if the shipped one is already in use. */
  async undo(): Promise<boolean> {
    const [name, ...rest] = this.#names;
    if (name === undefined) return false;
    await this.#memory.update(KEY, rest);
    await this.#remove(name);
    return true;
  }

  get #names(): string[] {
    const names = this.#memory.get<unknown>(KEY);
    return Array.isArray(names)
      ? names.filter((name): name is string => typeof name === 'string' && /^trained-\d+$/.test(name))
      : [];
  }

  #uri(name: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, name);
  }

  async #remove(name: string): Promise<void> {
    await vscode.workspace.fs.delete(this.#uri(name), { recursive: true }).then(undefined, () => undefined);
  }
}
