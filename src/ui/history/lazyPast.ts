import * as vscode from 'vscode';
import type { Disposable } from '../../core/ports';
import type { HistoryRow } from '../tree/historyTree';
import type { PastRoom } from './room';

/** The history's view before and after its code is there: it is loaded when the view is looked at, or a cluster is connected. */
export class LazyPast implements vscode.TreeDataProvider<HistoryRow>, Disposable {
  readonly #create: () => PastRoom;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.Disposable;
  #room: PastRoom | undefined;
  #heard: Disposable | undefined;

  constructor(create: () => PastRoom) {
    this.#create = create;
    this.#view = vscode.window.createTreeView('distdiag.history', { treeDataProvider: this, canSelectMany: true });
  }

  /** Loads it, where it is not there yet. */
  get room(): PastRoom {
    if (!this.#room) {
      this.#room = this.#create();
      this.#heard = this.#room.rows.onDidChangeTreeData(() => this.#changed.fire(undefined));
    }
    return this.#room;
  }

  getTreeItem(row: HistoryRow): vscode.TreeItem | Thenable<vscode.TreeItem> {
    return this.room.rows.getTreeItem(row);
  }

  getChildren(row?: HistoryRow): vscode.ProviderResult<HistoryRow[]> {
    return this.room.rows.getChildren(row);
  }

  getParent(row: HistoryRow): HistoryRow | undefined {
    return row.type === 'pastTarget' ? { type: 'past', entry: row.entry } : undefined;
  }

  dispose(): void {
    this.#view.dispose();
    this.#heard?.dispose();
    this.#room?.dispose();
    this.#changed.dispose();
  }
}
