import * as vscode from 'vscode';
import type { Disposable } from '../../core/ports';

/** The rows of a view, once their code is there. */
export type LoadedRows<Row> = vscode.TreeDataProvider<Row> & Pick<Disposable, 'dispose'>;

/** A view before and after its code is there: it is loaded when the view is looked at. */
export class LazyView<Row> implements vscode.TreeDataProvider<Row>, Disposable {
  readonly #create: (view: vscode.TreeView<Row>) => LoadedRows<Row>;
  readonly #changed = new vscode.EventEmitter<Row | Row[] | undefined | null | void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Row>;
  readonly #seen: vscode.Disposable;
  #heard: vscode.Disposable | undefined;
  #loaded: LoadedRows<Row> | undefined;

  constructor(
    id: string,
    create: (view: vscode.TreeView<Row>) => LoadedRows<Row>,
    options: { canSelectMany?: boolean } = {},
  ) {
    this.#create = create;
    this.#view = vscode.window.createTreeView(id, { ...options, treeDataProvider: this });
    this.#seen = this.#view.onDidChangeVisibility(({ visible }) => {
      if (visible) this.#rows();
    });
    if (this.#view.visible) this.#rows();
  }

  getTreeItem(row: Row): vscode.TreeItem | Thenable<vscode.TreeItem> {
    return this.#rows().getTreeItem(row);
  }

  getChildren(row?: Row): vscode.ProviderResult<Row[]> {
    return this.#rows().getChildren(row);
  }

  getParent(row: Row): vscode.ProviderResult<Row> {
    return this.#rows().getParent?.(row);
  }

  dispose(): void {
    this.#seen.dispose();
    this.#heard?.dispose();
    this.#loaded?.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }

  #rows(): LoadedRows<Row> {
    if (!this.#loaded) {
      this.#loaded = this.#create(this.#view);
      this.#heard = this.#loaded.onDidChangeTreeData?.((row) => this.#changed.fire(row));
    }
    return this.#loaded;
  }
}
