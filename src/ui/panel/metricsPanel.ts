import * as vscode from 'vscode';
import { toAppError } from '../../core/errors';
import type { Monitor } from '../../core/monitor';
import type { Clock, Disposable, Log } from '../../core/ports';
import { parseViewMessage, PROTOCOL_VERSION, type HostMessage, type ViewMessage } from '../../shared/protocol';
import { panelHtml } from './html';
import { toSnapshot, wordsOf } from './snapshot';

export const PANEL_TYPE = 'distdiag.metrics';

/** What the panel needs of the rest. */
export interface MetricsPanelDeps {
  extensionUri: vscode.Uri;
  clock: Clock;
  log: Log;
  /** The current cluster's monitor; connects where needed. Rejects with an AppError to show. */
  monitor: () => Promise<Monitor>;
  onDidChangeMonitor: vscode.Event<void>;
  run: (command: string, ...args: unknown[]) => void;
}

/** The one metrics panel: sends full snapshots while it is visible, and asks for nothing while it is not. */
export class MetricsPanelController implements vscode.WebviewPanelSerializer {
  readonly #deps: MetricsPanelDeps;
  readonly #subscriptions: vscode.Disposable[] = [];
  #panel: vscode.WebviewPanel | undefined;
  #monitor: Monitor | undefined;
  #watching: Disposable | undefined;
  #ready = false;
  #seq = 0;
  #focus: string | undefined;

  constructor(deps: MetricsPanelDeps) {
    this.#deps = deps;
    this.#subscriptions.push(
      vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, this),
      deps.onDidChangeMonitor(() => {
        this.#release();
        void this.#sync();
      }),
    );
  }

  /** Opens the panel or brings it to the front; `metric` is scrolled to. */
  show(metric?: string): void {
    this.#focus = metric;
    if (this.#panel) {
      this.#panel.reveal();
      this.#sendFocus();
      return;
    }
    this.#adopt(
      vscode.window.createWebviewPanel(
        PANEL_TYPE,
        vscode.l10n.t('DistDiag Metrics'),
        vscode.ViewColumn.Active,
        this.#options(),
      ),
    );
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.options = this.#options();
    this.#adopt(panel);
  }

  dispose(): void {
    this.#panel?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #options(): vscode.WebviewOptions {
    const { extensionUri } = this.#deps;
    return {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist'), vscode.Uri.joinPath(extensionUri, 'media')],
    };
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    this.#ready = false;
    panel.iconPath = vscode.Uri.joinPath(this.#deps.extensionUri, 'media', 'icon.svg');
    panel.webview.onDidReceiveMessage((input: unknown) => {
      const message = parseViewMessage(input);
      if (message) this.#handle(message);
      else this.#deps.log.warn('the panel sent a message of an unknown shape');
    });
    panel.onDidChangeViewState(() => void this.#sync());
    panel.onDidDispose(() => {
      this.#monitor?.setLive(true); // a pause belongs to the panel; the node view goes on
      this.#release();
      this.#panel = undefined;
    });
    panel.webview.html = panelHtml(panel.webview, this.#deps.extensionUri);
  }

  /** Subscribes while the panel is visible and its page is ready; lets go otherwise. */
  async #sync(): Promise<void> {
    if (!this.#panel?.visible) {
      // A hidden page is thrown away by the editor and says `ready` again when it is back.
      this.#ready = false;
      this.#release();
      return;
    }
    if (!this.#ready || this.#watching) return;
    try {
      const monitor = await this.#deps.monitor();
      if (!this.#panel?.visible || !this.#ready || this.#watching) return;
      this.#monitor = monitor;
      this.#watching = monitor.subscribe((state) => {
        this.#seq += 1;
        this.#post(toSnapshot(state, this.#seq, this.#deps.clock.now()));
      });
      this.#sendFocus();
    } catch (error) {
      this.#postFailure(error);
    }
  }

  #postFailure(error: unknown): void {
    const now = this.#deps.clock.now();
    this.#seq += 1;
    this.#post({
      type: 'snapshot',
      seq: this.#seq,
      health: { state: 'failed', ...wordsOf(toAppError(error)) },
      windowMs: 1_800_000,
      stepMs: 15_000,
      live: true,
      fromMs: now - 1_800_000,
      toMs: now,
      timestamps: [],
      nodes: [],
      series: [],
      ranks: undefined,
      spans: [],
      diagnosis: undefined,
      source: undefined,
      problems: [],
    });
  }

  #release(): void {
    this.#watching?.dispose();
    this.#watching = undefined;
    this.#monitor = undefined;
  }

  #handle(message: ViewMessage): void {
    const { log, run } = this.#deps;
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#release();
        this.#post({ type: 'init', version: PROTOCOL_VERSION });
        void this.#sync();
        return;
      case 'setRange':
        this.#monitor?.setRange(message.windowMs, stepFor(message.windowMs));
        return;
      case 'setLive':
        this.#monitor?.setLive(message.live);
        return;
      case 'retry':
      case 'diagnoseNow':
        if (this.#monitor) this.#monitor.refresh().catch((error: unknown) => log.debug(`refresh: ${String(error)}`));
        else void this.#sync();
        return;
      case 'revealExperiment':
        return run('distdiag.showExperimentYaml', message.key);
      case 'inject':
        return run('distdiag.injectAnomaly');
      case 'stopAll':
        return run('distdiag.stopAllAnomalies');
    }
  }

  #sendFocus(): void {
    if (this.#focus !== undefined && this.#ready) this.#post({ type: 'focus', metric: this.#focus });
    this.#focus = undefined;
  }

  #post(message: HostMessage): void {
    void this.#panel?.webview.postMessage(message);
  }
}

/** A step that keeps a chart at about 120 to 180 points. */
function stepFor(windowMs: number): number {
  if (windowMs <= 15 * 60_000) return 5000;
  return Math.max(15_000, Math.ceil(windowMs / 180 / 15_000) * 15_000);
}
