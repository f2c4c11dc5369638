import * as vscode from 'vscode';
import { toAppError } from '../../core/base/errors';
import type { QueryGateway } from '../../core/metrics/chartQuery';
import type { TestBoard } from '../../core/resilience/testBoard';
import type { Monitor } from '../../core/monitoring/monitor';
import type { MonitorState } from '../../core/monitoring/monitorState';
import type { Clock } from '../../core/base/clock';
import type { Disposable } from '../../core/base/disposable';
import type { Log } from '../../core/base/log';
import { parseViewMessage, PROTOCOL_VERSION, type HostMessage, type ViewMessage } from '../../shared/protocol';
import { ChartController } from './chartController';
import { panelHtml } from './html';
import { RangeController } from './rangeController';
import { failedPicture, toSnapshot } from './snapshot';
import { EvaluationController, type EvaluatedSession } from './evaluationController';
import { TestsController, type TestsSideDeps } from './testsController';

/** The editor's type of the metrics panel. */
const PANEL_TYPE = 'distdiag.metrics';

/** What the panel needs. */
export interface MetricsPanelDeps extends Pick<TestsSideDeps, 'history' | 'testRuns'> {
  extensionUri: vscode.Uri;
  clock: Clock;
  log: Log;
  /** Where the workspace's charts are kept. */
  memory: vscode.Memento;
  /** The current cluster's session; connects where needed. Rejects with an AppError to show. */
  session: () => Promise<PanelSession>;
  onDidChangeSession: vscode.Event<void>;
  run: (command: string, ...args: unknown[]) => void;
}

/** A past time range to show, epoch milliseconds. */
export interface PanelMoment {
  fromMs: number;
  toMs: number;
  metric: string | undefined;
  atMs: number | undefined;
}

/** The part of a session that the panel needs. */
export interface PanelSession extends EvaluatedSession {
  context: string;
  server: string;
  monitor: Monitor;
  /** The resilience tests that were run there from this window. */
  tests?: Pick<TestBoard, 'tests' | 'onChange'>;
  queries: QueryGateway;
  /** The cluster's time, which its samples use. */
  clock: Pick<Clock, 'now'>;
}

/** The metrics panel: sends snapshots while it is visible, and queries nothing while it is not. */
export class MetricsPanelController implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #deps: MetricsPanelDeps;
  readonly #clock: Pick<Clock, 'now'> = { now: () => (this.#session?.clock ?? this.#deps.clock).now() };
  readonly #subscriptions: vscode.Disposable[] = [];
  #panel: vscode.WebviewPanel | undefined;
  readonly #range: RangeController;
  readonly #charts: ChartController;
  readonly #evaluation: EvaluationController;
  /** The test coverage, and the comparison of two runs. */
  readonly tests: TestsController;
  #session: PanelSession | undefined;
  /** The monitor that the panel shows, or showed before it was hidden: a pause lasts until the panel is closed. */
  #followed: Monitor | undefined;
  #watching: Disposable | undefined;
  #ready = false;
  #focus: string | undefined;
  #now = false;
  #moment: Extract<HostMessage, { type: 'stretch' }> | undefined;

  constructor(deps: MetricsPanelDeps) {
    this.#deps = deps;
    this.#range = new RangeController(this.#clock, () => this.#show());
    this.#charts = new ChartController({
      ...deps,
      clock: this.#clock,
      post: (message) => this.#post(message),
      shown: () => this.#shown,
      queries: () => this.#session?.queries,
    });
    this.#evaluation = new EvaluationController({
      ...deps,
      post: (message) => this.#post(message),
      spans: () => this.#session?.monitor.state.spans ?? [],
    });
    this.tests = new TestsController({ ...deps, post: (message) => this.#post(message) });
    this.#subscriptions.push(
      vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, this),
      deps.onDidChangeSession(() => {
        this.#release();
        this.#leaveCluster();
        void this.#sync();
      }),
    );
  }

  /** Opens the panel or brings it to the front, and scrolls to `metric`. A new panel may open beside, without focus. */
  show(
    metric?: string,
    { beside, quiet }: { beside: boolean; quiet: boolean } = { beside: false, quiet: false },
  ): void {
    this.#focus = metric;
    if (this.#panel) {
      this.#panel.reveal(undefined, quiet);
      this.#sendFocus();
      return;
    }
    this.#adopt(
      vscode.window.createWebviewPanel(
        PANEL_TYPE,
        vscode.l10n.t('DistDiag Metrics'),
        { viewColumn: beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active, preserveFocus: quiet },
        this.#options(),
      ),
    );
  }

  /** Opens the panel at a past time range, with the crosshair at one moment. */
  showMoment({ fromMs, toMs, metric, atMs }: PanelMoment): void {
    this.#moment = { type: 'stretch', fromMs: Math.floor(fromMs), toMs: Math.ceil(toMs), metric, atMs };
    this.show(metric, { beside: true, quiet: false });
    this.#sendMoment();
  }

  /** Returns from a past range or moment to the newest data. */
  showNow(monitor: Monitor): void {
    this.#now = true;
    this.#sendNow();
    this.#range.leave(monitor);
  }

  /** Takes over a panel that the editor has restored. */
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
      this.#followed?.setLive(true); // a pause belongs to the panel; the node view continues
      this.#followed = undefined;
      this.#release();
      this.#range.forget();
      this.#panel = undefined;
    });
    panel.webview.html = panelHtml(panel.webview, this.#deps.extensionUri);
  }

  /** Subscribes while the panel is visible and its page is ready; unsubscribes otherwise. */
  async #sync(): Promise<void> {
    if (!this.#panel?.visible) {
      // The editor discards a hidden page; it sends `ready` again when it is back.
      this.#ready = false;
      this.#release();
      return;
    }
    if (!this.#ready || this.#watching) return;
    try {
      const session = await this.#deps.session();
      if (!this.#panel?.visible || !this.#ready || this.#watching) return;
      this.#session = session;
      const { monitor } = session;
      this.#followed = monitor;
      if (this.#range.stretch) {
        monitor.setLive(false);
        this.#range.load(monitor);
      }
      const shown = [monitor.subscribe(() => this.#show()), session.tests?.onChange(() => this.#show())];
      this.#watching = { dispose: () => shown.forEach((one) => one?.dispose()) };
      this.#evaluation.follow(session);
      this.tests.follow(session);
      this.#sendFocus();
    } catch (error) {
      this.#postFailure(error);
    }
  }

  /** The panel's current content. */
  get #shown(): MonitorState | undefined {
    return this.#session && this.#range.shown(this.#session.monitor.state);
  }

  /** Sends the current snapshot. */
  #show(): void {
    const state = this.#shown;
    if (!state || !this.#ready) return;
    const { stretch } = this.#range;
    const { monitor, tests } = this.#session ?? {};
    this.#post({
      ...toSnapshot(state, this.#clock.now(), stretch !== undefined, tests?.tests, monitor?.state.targets),
      ...stretch,
    });
    this.#charts.follow(state);
  }

  #postFailure(error: unknown): void {
    this.#post(failedPicture(toAppError(error), this.#clock.now()));
  }

  #release(): void {
    this.#watching?.dispose();
    this.#watching = undefined;
    this.#session = undefined;
    this.#range.stop();
    this.#charts.stop();
    this.#evaluation.stop();
    this.tests.stop();
  }

  /** A past moment of one cluster means nothing for another cluster. */
  #leaveCluster(): void {
    if (!this.#followed) return;
    this.#followed = undefined;
    this.#range.forget();
    this.tests.forget();
    this.#now = true;
    this.#sendNow();
  }

  #handle(message: ViewMessage): void {
    const { log, run } = this.#deps;
    const monitor = this.#session?.monitor;
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#release();
        this.#post({ type: 'init', version: PROTOCOL_VERSION });
        this.#sendNow();
        this.#sendMoment();
        this.#charts.restart();
        void this.#sync();
        return;
      case 'setRange':
      case 'setStretch':
      case 'setPixels':
        if (monitor) this.#range.handle(message, monitor);
        return;
      case 'setLive':
        if (!monitor) return;
        this.#range.leave(monitor);
        return monitor.setLive(message.live);
      case 'retry':
      case 'diagnoseNow':
        if (!monitor) void this.#sync();
        else if (this.#range.stretch && message.type === 'retry') this.#range.load(monitor);
        else {
          this.#range.leave(monitor);
          monitor.refresh().catch((error: unknown) => log.debug(`refresh: ${String(error)}`));
        }
        return;
      case 'revealExperiment':
        return run('distdiag.showExperimentYaml', message.key);
      case 'inject':
        return run('distdiag.injectAnomaly');
      case 'stopAll':
        return run('distdiag.stopAllAnomalies');
      case 'diagnoseAt':
      case 'diagnoseLive':
      case 'saveReport':
        return this.#evaluation.handle(message);
      case 'testUntried':
      case 'compareRuns':
      case 'importResults':
      case 'endComparison':
        return this.tests.handle(message);
      default:
        return this.#charts.handle(message);
    }
  }

  /** A page that is not ready yet gets the message when it is, before it asks for the range that it remembers. */
  #sendNow(): void {
    if (this.#now && this.#ready) {
      this.#post({ type: 'now' });
      this.#now = false;
    }
  }

  #sendMoment(): void {
    if (this.#moment && this.#ready) {
      this.#post(this.#moment);
      this.#moment = undefined;
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
