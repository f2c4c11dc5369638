import * as vscode from 'vscode';
import type { MonitorState } from '../../core/monitorState';
import { nodeRowId, nodeRows, type NodeRow } from '../../core/nodeRows';
import type { Disposable, ExperimentSnapshot } from '../../core/ports';
import { localized } from '../coreText';
import { sentences } from '../errors';
import type { SessionManager } from '../session';
import { NodeDecorations } from './nodeDecorations';
import { nodeItem } from './nodeLook';
import { nodesDescription, stillSeen } from './nodeWindow';
import { outageWords } from './outageWords';

/** The database's nodes with their current rank and what the diagnosis says of them; live while it is visible. */
export class NodesTree implements vscode.TreeDataProvider<NodeRow>, Disposable {
  readonly #sessions: SessionManager;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<NodeRow>;
  readonly #decorations = new NodeDecorations();
  readonly #disposables: vscode.Disposable[] = [];
  #subscription: Disposable | undefined;
  #state: MonitorState | undefined;
  /** The list of experiments, whose view may tell of an outage already. */
  #list: ExperimentSnapshot | undefined;

  constructor(view: vscode.TreeView<NodeRow>, sessions: SessionManager) {
    this.#sessions = sessions;
    this.#view = view;
    this.#disposables.push(
      this.#changed,
      this.#decorations,
      this.#view.onDidChangeVisibility(() => void this.#sync()),
      sessions.onDidChange(() => this.#restart()),
    );
    this.#setWelcome('loading');
    void this.#sync();
  }

  getTreeItem(row: NodeRow): vscode.TreeItem {
    return nodeItem(row, { diagnosis: this.#state?.diagnosis });
  }

  getChildren(parent?: NodeRow): NodeRow[] {
    return this.#state ? nodeRows(this.#state, parent) : [];
  }

  dispose(): void {
    this.#subscription?.dispose();
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  #restart(): void {
    this.#subscription?.dispose();
    this.#subscription = undefined;
    this.#state = this.#list = undefined;
    this.#view.message = '';
    this.#setWelcome('loading');
    this.#changed.fire(undefined);
    void this.#sync();
  }

  async #sync(): Promise<void> {
    if (!this.#view.visible) {
      this.#subscription?.dispose();
      this.#subscription = undefined;
      return;
    }
    if (this.#subscription) return;
    try {
      const { monitor, store } = await this.#sessions.current();
      if (!this.#view.visible || this.#subscription) return;
      const list = store.observe((snapshot) => {
        this.#list = snapshot;
        if (this.#state) this.#show(this.#state);
      });
      this.#list = store.snapshot;
      this.#subscription = vscode.Disposable.from(
        list,
        monitor.subscribe((state) => this.#show(state)),
      );
    } catch {
      // The experiments' view keeps its room for the buttons; here is room for the whole reason.
      const { error } = this.#sessions;
      this.#view.message = error ? sentences(error.message, error.hint) : '';
      this.#setWelcome('noCluster');
    }
  }

  /** Which welcome an empty view shows. */
  #setWelcome(state: 'loading' | 'noCluster' | 'empty'): void {
    void vscode.commands.executeCommand('setContext', 'distdiag.nodes', state);
  }

  #show(state: MonitorState): void {
    const before = this.#state;
    this.#state = state;
    const { health, diagnosis, targets } = state;
    const noTargets = health.state === 'empty' && targets.length === 0;
    if (before?.health !== health) this.#setWelcome(noTargets ? 'empty' : 'loading');
    this.#view.message =
      health.state === 'failed' || health.state === 'stale'
        ? outageWords(health, this.#list)
        : health.state === 'empty'
          ? noTargets
            ? ''
            : localized(health.message) // a message would hide the welcome with its button
          : diagnosis?.insufficient !== undefined
            ? localized(diagnosis.insufficient)
            : [diagnosis?.healthy ? vscode.l10n.t('Nothing is wrong.') : '', stillSeen(state)]
                .filter(Boolean)
                .join(' ');
    this.#view.description = nodesDescription(state);
    if (before?.diagnosis === diagnosis && before?.targets === targets) return;
    const ids = new Map(targets.map((target) => [target.pod, nodeRowId({ type: 'node', target })]));
    this.#decorations.show(new Map(diagnosis?.nodes.map((node) => [ids.get(node.node) ?? node.node, node])));
    this.#changed.fire(undefined);
  }
}
