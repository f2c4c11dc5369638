import * as vscode from 'vscode';
import type { MonitorState } from '../../core/monitorState';
import type { Disposable } from '../../core/ports';
import type { Target } from '../../core/target';
import { localized } from '../coreText';
import { sentences } from '../errors';
import { shortZone } from '../commands/injectSteps';
import type { SessionManager } from '../session';
import { anomalyName, reasonWords } from '../words';

/** The database's nodes with their current rank and what the diagnosis says of them; live while it is visible. */
export class NodesTree implements vscode.TreeDataProvider<Target>, Disposable {
  readonly #sessions: SessionManager;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Target>;
  readonly #disposables: vscode.Disposable[] = [];
  #subscription: Disposable | undefined;
  #state: MonitorState | undefined;

  constructor(sessions: SessionManager) {
    this.#sessions = sessions;
    this.#view = vscode.window.createTreeView('distdiag.nodes', { treeDataProvider: this });
    this.#disposables.push(
      this.#view,
      this.#changed,
      this.#view.onDidChangeVisibility(() => void this.#sync()),
      sessions.onDidChange(() => this.#restart()),
    );
    this.#setWelcome('loading');
    void this.#sync();
  }

  getTreeItem(target: Target): vscode.TreeItem {
    const rank = this.#state?.diagnosis?.nodes.find((node) => node.node === target.pod);
    const named = this.#state?.diagnosis?.ranking.filter((pair) => pair.named && pair.node === target.pod) ?? [];
    const item = new vscode.TreeItem(target.pod);
    item.id = `${target.namespace}/${target.pod}`;
    const words =
      named.length > 0
        ? named.map((pair) => `${anomalyName(pair.type)} ${Math.round(pair.probability * 100)} %`).join(', ')
        : target.ready
          ? ''
          : vscode.l10n.t('not ready');
    const zone = shortZone(target.zone);
    item.description = [
      words,
      rank ? vscode.l10n.t('rank {0}', rank.rank.toFixed(2)) : undefined,
      target.pod.includes(zone) ? undefined : zone,
    ]
      .filter(Boolean)
      .join(' · ');
    item.iconPath = rank?.anomalous
      ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
      : new vscode.ThemeIcon('server', target.ready ? undefined : new vscode.ThemeColor('disabledForeground'));
    item.accessibilityInformation = {
      label: [
        target.pod,
        rank ? vscode.l10n.t('rank {0}', rank.rank.toFixed(2)) : vscode.l10n.t('no rank yet'),
        words || (rank ? vscode.l10n.t('nothing is wrong') : undefined),
      ]
        .filter(Boolean)
        .join(', '),
    };
    const tooltip = new vscode.MarkdownString();
    const none = vscode.l10n.t('none');
    tooltip.appendText(
      vscode.l10n.t('{0}: host {1}, address {2}', target.pod, target.hostNode ?? none, target.ip ?? none),
    );
    for (const pair of named)
      for (const reason of pair.reasons) tooltip.appendText(`\n${anomalyName(pair.type)}: ${reasonWords(reason)}`);
    item.tooltip = tooltip;
    item.command = { command: 'distdiag.openMetricsPanel', title: vscode.l10n.t('Open Metrics Panel') };
    return item;
  }

  getChildren(target?: Target): Target[] {
    if (target) return [];
    const ranks = new Map(this.#state?.diagnosis?.nodes.map((node) => [node.node, node.rank]));
    const sick = (pod: string): number => (this.#state?.diagnosis?.healthy === false ? (ranks.get(pod) ?? 0) : 0);
    return [...(this.#state?.targets ?? [])].sort((a, b) => sick(b.pod) - sick(a.pod) || a.pod.localeCompare(b.pod));
  }

  dispose(): void {
    this.#subscription?.dispose();
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  #restart(): void {
    this.#subscription?.dispose();
    this.#subscription = undefined;
    this.#state = undefined;
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
      const { monitor } = await this.#sessions.current();
      if (!this.#view.visible || this.#subscription) return;
      this.#subscription = monitor.subscribe((state) => this.#show(state));
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
        ? sentences(health.error.message, health.error.hint)
        : health.state === 'empty'
          ? noTargets
            ? ''
            : localized(health.message) // a message would hide the welcome with its button
          : diagnosis?.insufficient !== undefined
            ? localized(diagnosis.insufficient)
            : diagnosis?.healthy
              ? vscode.l10n.t('Nothing is wrong.')
              : '';
    this.#view.description = state.live ? '' : vscode.l10n.t('paused in the panel');
    if (before?.diagnosis !== diagnosis || before?.targets !== targets) this.#changed.fire(undefined);
  }
}
