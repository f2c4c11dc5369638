import * as vscode from 'vscode';
import type { Disposable } from '../../core/base/disposable';
import { derivePhase, isActive } from '../../core/experiments/phase';
import type { SessionManager } from '../session/session';

/** How many experiments run, on the icon of a view: also while the view is hidden, without holding the watch itself. */
export function runningBadge(
  view: Pick<vscode.TreeView<unknown>, 'badge'>,
  sessions: Pick<SessionManager, 'onDidOpen' | 'onDidChange'>,
): Disposable {
  let watching: Disposable | undefined;
  const opened = sessions.onDidOpen(({ store, clock }) => {
    watching?.dispose();
    watching = store.observe(({ experiments }) => {
      const running = experiments.filter((one) => isActive(derivePhase(one, clock.now()).phase)).length;
      view.badge = running > 0 ? { value: running, tooltip: words(running) } : undefined;
    });
  });
  const changed = sessions.onDidChange(() => {
    watching?.dispose();
    view.badge = undefined;
  });
  return { dispose: () => [opened, changed, watching].forEach((one) => one?.dispose()) };
}

const words = (running: number): string =>
  running === 1 ? vscode.l10n.t('1 experiment is running') : vscode.l10n.t('{0} experiments are running', running);
