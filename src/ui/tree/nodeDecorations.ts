import * as vscode from 'vscode';
import { formatPercent } from '../../core/base/percent';
import type { NodeRank } from '../../core/diagnosis/types';
import type { Disposable } from '../../core/base/disposable';

const SCHEME = 'distdiag-node';

/** The URI of a node's row, which decorations refer to. */
export const nodeUri = (id: string): vscode.Uri => vscode.Uri.from({ scheme: SCHEME, path: `/${id}` });

/** `anomaly score 97%`. */
export const scoreWords = (score: number): string => vscode.l10n.t('anomaly score {0}', formatPercent(score));

/** Colours the label of each anomalous node as a warning. No badge: its icon shows the same, and a narrow view needs the room. */
export class NodeDecorations implements vscode.FileDecorationProvider, Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri[]>();
  readonly onDidChangeFileDecorations = this.#changed.event;
  readonly #registration: vscode.Disposable;
  #scores: ReadonlyMap<string, number> = new Map();

  constructor() {
    this.#registration = vscode.window.registerFileDecorationProvider(this);
  }

  /** Sets the current ranks, by the rows' ids. Refreshes only marks that appear, disappear or change their text. */
  show(ranks: ReadonlyMap<string, NodeRank>): void {
    const before = this.#scores;
    this.#scores = new Map(
      [...ranks].filter(([, { anomalous }]) => anomalous).map(([id, { rank }]) => [id, Math.round(rank * 100)]),
    );
    const changed = [...new Set([...before.keys(), ...this.#scores.keys()])].filter(
      (id) => before.get(id) !== this.#scores.get(id),
    );
    if (changed.length > 0) this.#changed.fire(changed.map(nodeUri));
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== SCHEME) return undefined;
    const score = this.#scores.get(uri.path.slice(1));
    if (score === undefined) return undefined;
    return new vscode.FileDecoration(
      undefined,
      scoreWords(score / 100),
      new vscode.ThemeColor('list.warningForeground'),
    );
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
