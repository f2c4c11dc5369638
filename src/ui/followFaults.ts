import * as vscode from 'vscode';
import { UNTIL_STOPPED_MS } from '../core/duration';
import type { Experiment } from '../core/experiment';
import { derivePhase, isActive } from '../core/experimentPhase';
import type { Disposable, ExperimentSnapshot, Log } from '../core/ports';
import { isRecord } from '../core/unknown';
import { showWarningMessage } from './notify';
import { clusterKey } from './prometheusChoices';
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

/** Where faults of ours act, and until when at the most, by the cluster's clock. */
type Acting = Readonly<Record<string, { context: string; until: number }>>;

/** Beyond every date. */
const NEVER = 8.64e15;

/**
 * Keeps the status bar and open documents in step with the experiments, without holding the watch itself. It remembers
 * on which clusters faults of ours act, so that a window that was closed over them looks again at its next start and
 * says so.
 */
export function followFaults({ sessions, statusBar, yaml, memory, log }: FollowFaultsParts): Disposable {
  let watching: Disposable | undefined;
  let announced: Disposable | undefined;
  let starting: Disposable | undefined;
  const remember = (session: ClusterSession, until: number | undefined): PromiseLike<void> => {
    const { [clusterKey(session)]: before, ...others } = actingIn(memory);
    if (before?.until === until) return Promise.resolve();
    const own = until === undefined ? {} : { [clusterKey(session)]: { context: session.context, until } };
    return memory.update(ACTING_KEY, { ...others, ...own });
  };
  const opened = sessions.onDidOpen((session) => {
    watching?.dispose();
    announced?.dispose();
    const { clock, injection, store } = session;
    // Before anything is sent: an editor that is killed from here on looks at its next start.
    announced = injection.onWillAct(() => remember(session, clock.now() + UNTIL_STOPPED_MS));
    let versions = '';
    watching = store.observe((snapshot) => {
      const now = clock.now();
      statusBar.show(snapshot, session, now);
      if (snapshot.health.state === 'live' && !injection.isActing) void remember(session, lastEnd(snapshot, now));
      const seen = snapshot.experiments.map(({ object }) => object.metadata.resourceVersion).join();
      if (seen !== versions) yaml.refresh();
      versions = seen;
    });
  });
  const changed = sessions.onDidChange(() => {
    watching?.dispose();
    watching = undefined;
    statusBar.hide();
  });
  const before = actingIn(memory);
  if (memory.get<unknown>(ACTING_KEY) === true || Object.keys(before).length > 0) {
    sessions.current().then(
      (session) => {
        const { [clusterKey(session)]: here, ...others } = before;
        tellOthers(others, session.clock.now());
        if (here || Object.keys(others).length === 0) starting = tellOnce(session);
      },
      (error: unknown) =>
        log.warn(`faults of this window may still act, but the cluster cannot be asked: ${String(error)}`),
    );
  }
  return { dispose: () => [opened, changed, watching, announced, starting].forEach((one) => one?.dispose()) };
}

/** What was remembered, whatever that is. */
function actingIn(memory: vscode.Memento): Acting {
  const value = memory.get<unknown>(ACTING_KEY);
  if (!isRecord(value)) return {};
  const entries = Object.entries(value).flatMap(([key, one]): [string, Acting[string]][] =>
    isRecord(one) && typeof one['context'] === 'string' && typeof one['until'] === 'number'
      ? [[key, { context: one['context'], until: one['until'] }]]
      : [],
  );
  return Object.fromEntries(entries);
}

/** Says of clusters that are not in use that faults may act there: they are on no list. */
function tellOthers(others: Acting, nowMs: number): void {
  const contexts = Object.values(others).flatMap(({ context, until }) => (until > nowMs ? [context] : []));
  if (contexts.length === 0) return;
  void showWarningMessage(
    vscode.l10n.t(
      'Faults that were injected earlier may still act on {0}, which is not the cluster in use.',
      contexts.join(', '),
    ),
  );
}

const actingOnes = ({ experiments }: ExperimentSnapshot, nowMs: number): readonly Experiment[] =>
  experiments.filter((one) => one.ours && isActive(derivePhase(one, nowMs).phase));

/** When the last of what acts is over by itself; undefined where nothing does. */
function lastEnd(snapshot: ExperimentSnapshot, nowMs: number): number | undefined {
  const ends = actingOnes(snapshot, nowMs).map(({ createdAt, durationMs }) =>
    durationMs === undefined ? NEVER : createdAt + durationMs,
  );
  return ends.length === 0 ? undefined : ends.reduce((a, b) => Math.max(a, b));
}

/** Looks once after a start, and tells the user when faults still act. */
function tellOnce(session: ClusterSession): Disposable {
  const subscription = session.store.subscribe((snapshot) => {
    if (snapshot.health.state !== 'live') return;
    session.clock.after(0, () => subscription.dispose());
    const ours = actingOnes(snapshot, session.clock.now()).length;
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
