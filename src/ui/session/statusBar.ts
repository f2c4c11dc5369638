import * as vscode from 'vscode';
import { derivePhase, isActive } from '../../core/experiments/phase';
import { plainText, withoutIcons } from '../text/plainText';
import type { ClusterSession } from './session';
import { times } from '../text/times';
import type { Disposable } from '../../core/base/disposable';
import type { ExperimentSnapshot } from '../../core/experiments/gateway';

/** The cluster on which faults are running. */
export type Where = Pick<ClusterSession, 'context' | 'server' | 'config'>;

const lastChecked = (since: number): string => vscode.l10n.t('last checked {0}', times().timeOfDay(since));

/** One item, shown only while faults are running: how many and where. A click stops all. */
export class StatusBar implements Disposable {
  readonly #item: vscode.StatusBarItem;

  constructor() {
    this.#item = vscode.window.createStatusBarItem('distdiag.status', vscode.StatusBarAlignment.Left);
    this.#item.name = 'DistDiag';
    this.#item.command = 'distdiag.stopAllAnomalies';
    this.#item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
  }

  show(snapshot: ExperimentSnapshot, where: Where, nowMs: number): void {
    const { server, config } = where;
    const context = plainText(where.context);
    const acting = snapshot.experiments.filter((experiment) => isActive(derivePhase(experiment, nowMs).phase)).length;
    if (acting === 0) return this.#item.hide();
    const shown = withoutIcons(where.context);
    this.#item.text = `$(flame) ${acting === 1 ? vscode.l10n.t('1 fault · {0}', shown) : vscode.l10n.t('{0} faults · {1}', acting, shown)}`;
    const tooltip =
      acting === 1
        ? vscode.l10n.t('1 experiment is running on {0}. Click to stop it.', context)
        : vscode.l10n.t('{0} experiments are running on {1}. Click to stop them.', acting, context);
    const { health } = snapshot;
    const old = health.state === 'stale' ? lastChecked(health.since) : undefined;
    if (old !== undefined) this.#item.text += ` · ${old}`;
    this.#item.tooltip = [tooltip, old, `${server} · ${config.query.namespace}`].filter(Boolean).join('\n');
    this.#item.accessibilityInformation = { label: [tooltip, old].filter(Boolean).join(' '), role: 'button' };
    this.#item.show();
  }

  hide(): void {
    this.#item.hide();
  }

  dispose(): void {
    this.#item.dispose();
  }
}
