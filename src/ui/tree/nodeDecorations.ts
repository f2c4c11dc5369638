import * as vscode from 'vscode';
import type { NodeRank } from '../../core/diagnosis/types';
import type { Disposable } from '../../core/base/disposable';

const SCHEME = 'distdiag-node';

/** The address that a node's row carries so that it can be decorated. */
export const nodeUri = (id: string): vscode.Uri => vscode.Uri.from({ scheme: SCHEME, path: `/${id}` });

/** Each node's rank as two figures at the end of its row, in the warning's colour where the node is sick. */
export class NodeDecorations implements vscode.FileDecorationProvider, Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeFileDecorations = this.#changed.event;
  readonly #registration: vscode.Disposable;
  #ranks: ReadonlyMap<string, NodeRank> = new Map();

  constructor() {
    this.#registration = vscode.window.registerFileDecorationProvider(this);
  }

  /** Takes the ranks of now, by the rows' ids. */
  show(ranks: ReadonlyMap<string, NodeRank>): void {
    this.#ranks = ranks;
    this.#changed.fire(undefined);
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== SCHEME) return undefined;
    const found = this.#ranks.get(uri.path.slice(1));
    if (!found || !Number.isFinite(found.rank)) return undefined;
    const percent = Math.min(99, Math.round(found.rank * 100)); // a badge holds two characters
    return new vscode.FileDecoration(
      String(percent),
      vscode.l10n.t('rank {0}', found.rank.toFixed(2)),
      found.anomalous ? new vscode.ThemeColor('list.warningForeground') : undefined,
    );
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
