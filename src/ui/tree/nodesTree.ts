import * as vscode from 'vscode';
import { inARow } from '../../core/base/text';
import { diagnosisState, type DiagnosisState } from '../../core/monitoring/diagnosisState';
import { shownLooks, type MonitorState } from '../../core/monitoring/monitorState';
import { nodeRowId, nodeRows, type NodeRow } from '../../core/monitoring/nodeRows';
import type { Disposable } from '../../core/base/disposable';
import type { ExperimentSnapshot } from '../../core/experiments/gateway';
import { localized } from '../text/coreText';
import { sentences } from '../text/errors';
import type { SessionManager } from '../session/session';
import { setContext } from '../contextKeys';
import { NodeDecorations } from './nodeDecorations';
import { nodeItem } from './nodeItem';
import { isOld, knownWords, nodesDescription, stillSeen } from './nodesText';
import { outageWords } from './outageWords';

/** The database's nodes with their current anomaly score and diagnosis, kept up to date while the view is visible. */
export class NodesTree implements vscode.TreeDataProvider<NodeRow>, Disposable {
  readonly #sessions: SessionManager;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<NodeRow>;
  readonly #decorations = new NodeDecorations();
  readonly #disposables: vscode.Disposable[] = [];
  #subscription: Disposable | undefined;
  #state: MonitorState | undefined;
  #diagnosisState: DiagnosisState | undefined;
  /** The cluster's time. */
  #nowMs: () => number = Date.now;
  /** The list of experiments, whose view may already show the outage. */
  #list: ExperimentSnapshot | undefined;

  constructor(sessions: SessionManager) {
    this.#sessions = sessions;
    this.#view = vscode.window.createTreeView('distdiag.nodes', { treeDataProvider: this });
    this.#disposables.push(
      this.#view,
      this.#changed,
      this.#decorations,
      this.#view.onDidChangeVisibility(() => void this.#sync()),
      sessions.onDidChange(() => this.#restart()),
    );
    this.#setWelcome('loading');
    void this.#sync();
  }

  getTreeItem(row: NodeRow): vscode.TreeItem {
    const [state, known] = [this.#state, this.#diagnosisState];
    return nodeItem(row, {
      diagnosis: state?.diagnosis,
      looks: state ? shownLooks(state) : new Map(),
      known: state && known && { ...known, old: isOld(state, known) },
    });
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
    this.#state = this.#diagnosisState = this.#list = undefined;
    this.#view.message = '';
    this.#view.description = '';
    this.#decorations.show(new Map());
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
      const { monitor, store, clock } = await this.#sessions.current();
      if (!this.#view.visible || this.#subscription) return;
      this.#nowMs = () => clock.now();
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
      // The experiments' view shows buttons instead; this view shows the whole reason.
      const { error } = this.#sessions;
      this.#view.message = error ? sentences(error.text, error.hint) : '';
      this.#setWelcome('noCluster');
    }
  }

  /** Which welcome view is shown while there are no nodes. */
  #setWelcome(state: 'loading' | 'noCluster' | 'empty'): void {
    void setContext('nodes', state);
  }

  #show(state: MonitorState): void {
    const before = this.#state;
    this.#state = state;
    const { health, diagnosis, targets } = state;
    const known = diagnosisState(state, this.#nowMs());
    const noTargets = health.state === 'empty' && targets.length === 0;
    if (before?.health !== health) this.#setWelcome(noTargets ? 'empty' : 'loading');
    this.#view.message =
      health.state === 'failed' || health.state === 'stale'
        ? outageWords(known, health, this.#list)
        : health.state === 'empty'
          ? noTargets
            ? ''
            : localized(health.message) // a message would hide the welcome view with its button
          : inARow(knownWords(known), stillSeen(state));
    this.#view.description = nodesDescription(state);
    const [then, now] = [this.#diagnosisState, known];
    this.#diagnosisState = known;
    if (
      before?.diagnosis === diagnosis &&
      before?.targets === targets &&
      then?.state === now.state &&
      then.since === now.since
    )
      return;
    const ids = new Map(targets.map((target) => [target.pod, nodeRowId({ type: 'node', target })]));
    const nodes = isOld(state, known) ? [] : (diagnosis?.nodes ?? []);
    this.#decorations.show(new Map(nodes.map((node) => [ids.get(node.node) ?? node.node, node])));
    this.#changed.fire(undefined);
  }
}
