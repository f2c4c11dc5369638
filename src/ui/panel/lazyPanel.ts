import * as vscode from 'vscode';
import type { Monitor } from '../../core/monitor';
import type { PanelDrawing } from '../../shared/truthMessages';
import type { MetricsPanelController } from './metricsPanel';

/** The editor knows the metrics panel by this. */
export const PANEL_TYPE = 'distdiag.metrics';

/** The metrics panel before and after its code is there: it is loaded when the panel is opened or brought back. */
export class LazyPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #create: () => MetricsPanelController;
  readonly #serializer: vscode.Disposable;
  #loaded: MetricsPanelController | undefined;

  constructor(create: () => MetricsPanelController) {
    this.#create = create;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, this);
  }

  /** Opens the panel or brings it to the front; `metric` is scrolled to. */
  show(metric?: string): void {
    this.#panel().show(metric);
  }

  /** Leaves the stretch or the moment of the past that is looked at. */
  showNow(monitor: Monitor): void {
    this.#panel().showNow(monitor);
  }

  /** Drawings as PNG; undefined when no page is shown that could make them. */
  async draw(drawings: readonly PanelDrawing[]): Promise<readonly Uint8Array[] | undefined> {
    return this.#loaded?.draw(drawings);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.#panel().adopt(panel);
  }

  dispose(): void {
    this.#serializer.dispose();
    this.#loaded?.dispose();
  }

  #panel(): MetricsPanelController {
    this.#loaded ??= this.#create();
    return this.#loaded;
  }
}
