import * as vscode from 'vscode';
import { derivePhase, isActive } from '../core/experimentPhase';
import type { Disposable, ExperimentSnapshot, Log } from '../core/ports';
import { showWarningMessage } from './notify';
import type { ClusterSession, SessionManager } from './session';
import type { StatusBar } from './statusBar';
import type { YamlDocuments } from './yamlDocuments';

/** What follows the faults. */
export interface FollowFaultsParts {
  sessions: SessionManager;
  statusBar: StatusBar;
  yaml: YamlDocuments;
  memory: vscode.Memento;
  log: Log;
}

const ACTING_KEY = 'distdiag.oursActing';

/**
 * Keeps the status bar and open documents in step with the experiments, without holding the watch itself. It remembers
 * when faults of ours act, so that a window that was closed over them looks again at its next start and says so.
 */
export function followFaults({ sessions, statusBar, yaml, memory, log }: FollowFaultsParts): Disposable {
  let watching: Disposable | undefined;
  let announced: Disposable | undefined;
  let starting: Disposable | undefined;
  const opened = sessions.onDidOpen((session) => {
    watching?.dispose();
    announced?.dispose();
    // Before anything is sent: an editor that is killed from here on looks at its next start.
    announced = session.injection.onWillAct(() => memory.update(ACTING_KEY, true));
    let versions = '';
    watching = session.store.observe((snapshot) => {
      statusBar.show(snapshot, session, session.clock.now());
      const ours = session.injection.isActing || acting(snapshot, session.clock.now()) > 0;
      if (snapshot.health.state === 'live' && memory.get<boolean>(ACTING_KEY, false) !== ours)
        void memory.update(ACTING_KEY, ours);
      const now = snapshot.experiments.map(({ object }) => object.metadata.resourceVersion).join();
      if (now !== versions) yaml.refresh();
      versions = now;
    });
  });
  const changed = sessions.onDidChange(() => {
    watching?.dispose();
    watching = undefined;
    statusBar.hide();
  });
  if (memory.get<boolean>(ACTING_KEY, false)) {
    sessions.current().then(
      (session) => (starting = tellOnce(session)),
      (error: unknown) =>
        log.warn(`faults of this window may still act, but the cluster cannot be asked: ${String(error)}`),
    );
  }
  return { dispose: () => [opened, changed, watching, announced, starting].forEach((one) => one?.dispose()) };
}

const acting = (snapshot: ExperimentSnapshot, nowMs: number): number =>
  snapshot.experiments.filter((one) => one.ours && isActive(derivePhase(one, nowMs).phase)).length;

/** Looks once after a start, and tells the user when faults still act. */
function tellOnce(session: ClusterSession): Disposable {
  const subscription = session.store.subscribe((snapshot) => {
    if (snapshot.health.state !== 'live') return;
    session.clock.after(0, () => subscription.dispose());
    const ours = acting(snapshot, session.clock.now());
    if (ours === 0) return;
    const stop = vscode.l10n.t('Stop All');
    void showWarningMessage(
      ours === 1
        ? vscode.l10n.t('A fault that was injected earlier still acts on {0}.', session.context)
        : vscode.l10n.t('{0} faults that were injected earlier still act on {1}.', ours, session.context),
      stop,
    ).then((chosen) => {
      if (chosen === stop) void vscode.commands.executeCommand('distdiag.stopAllAnomalies');
    });
  });
  return subscription;
}
