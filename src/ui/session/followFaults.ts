import * as vscode from 'vscode';
import { inARow } from '../../core/base/text';
import { UNTIL_STOPPED_MS } from '../../core/time/duration';
import type { ChaosObject, Experiment } from '../../core/experiments/experiment';
import { derivePhase, isActive } from '../../core/experiments/phase';
import { goesOn } from '../../core/workflows/starters';
import { objectsIn, oursIn, partOf } from '../../core/stop/ours';
import type { Disposable } from '../../core/base/disposable';
import type { Log } from '../../core/base/log';
import type { ExperimentSnapshot } from '../../core/experiments/gateway';
import { isRecord } from '../../core/base/unknown';
import { showWarningMessage } from '../text/notify';
import { clusterKey } from '../../core/cluster/clusterKey';
import type { ClusterSession, SessionManager } from './session';
import type { StatusBar } from './statusBar';
import type { YamlDocuments } from '../documents/yamlDocuments';

/** What follows the faults. */
export interface FollowFaultsParts {
  sessions: SessionManager;
  statusBar: StatusBar;
  yaml: YamlDocuments;
  memory: vscode.Memento;
  log: Log;
}

const ACTING_KEY = 'distdiag.oursActing';

/** Where our faults are running, and until when at the latest, by the cluster's clock. */
type Acting = Readonly<Record<string, { context: string; until: number }>>;

/** Beyond every date. */
const NEVER = 8.64e15;

/**
 * Keeps the status bar and open documents up to date without holding the watch itself. It remembers on which clusters our
 * faults are running: a window that was closed meanwhile checks them at its next start, and says so.
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
    yaml.refresh(); // open documents may belong to another cluster by now
    const { clock, injection, store } = session;
    const acting = new ActingHere(session);
    // Before anything is sent: an editor that is killed from here on checks at its next start.
    announced = injection.onWillAct((lasting) => {
      acting.forget();
      return remember(session, lasting ? NEVER : clock.now() + UNTIL_STOPPED_MS);
    });
    let versions = '';
    watching = store.observe((snapshot) => {
      statusBar.show(snapshot, session, clock.now());
      // If not all namespaces may be listed, it is unknown whether the faults are over: nothing is forgotten.
      if (snapshot.health.state === 'live' && !snapshot.onlyIn && !injection.isActing)
        void acting.look(snapshot).then((found) => {
          // What started during the check is not forgotten.
          if (found?.sure && !injection.isActing) void remember(session, found.until);
        });
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

/** Parses what was remembered. */
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

/** Warns that faults may be running on clusters that are not in use: no view lists them. */
function tellOthers(others: Acting, nowMs: number): void {
  const contexts = Object.values(others).flatMap(({ context, until }) => (until > nowMs ? [context] : []));
  if (contexts.length === 0) return;
  void showWarningMessage(
    vscode.l10n.t(
      'Faults injected earlier may still be running on {0}, which is not the current cluster.',
      contexts.join(', '),
    ),
  );
}

/** What of ours is running, or will. */
interface Found {
  experiments: readonly Experiment[];
  /** Workflows and schedules that keep starting experiments. */
  starters: readonly ChaosObject[];
  /** When the last of it ends by itself; undefined if there is nothing. */
  until: number | undefined;
  /** False if workflows and schedules could not be listed: there may be more. */
  sure: boolean;
}

/** Finds what of ours is running on one cluster, including what our workflows and schedules start there. */
class ActingHere {
  readonly #session: ClusterSession;
  #seen: string | undefined;
  /** What our workflows and schedules had started at the last check: it stays ours when they are gone. */
  #roots: readonly ChaosObject[] = [];

  constructor(session: ClusterSession) {
    this.#session = session;
  }

  /** The next check happens even if nothing has changed. */
  forget(): void {
    this.#seen = undefined;
  }

  /** Undefined if nothing has changed since the last check. */
  async look({ experiments }: ExperimentSnapshot): Promise<Found | undefined> {
    const { clock, orchestration } = this.#session;
    const acting = experiments.filter((one) => isActive(derivePhase(one, clock.now()).phase));
    const seen = acting.map(({ key }) => key).join();
    if (seen === this.#seen) return undefined;
    this.#seen = seen;
    const held = await orchestration.list();
    if (this.#seen !== seen) return undefined; // a later check decides
    const sure = held.lost.length === 0;
    if (!sure) this.forget(); // what is remembered stays, and it is asked again
    const starters = [...held.schedules, ...held.workflows];
    const whole = { starters, nodes: held.nodes, experiments };
    const roots = [...this.#roots, ...objectsIn(oursIn(whole))];
    const ours = partOf(whole, roots);
    this.#roots = objectsIn(ours);
    const mine = new Set(ours.experiments);
    const found = {
      sure,
      experiments: acting.filter((one) => mine.has(one)),
      starters: ours.starters.filter((one) => starters.includes(one) && goesOn(one)),
    };
    const ends = [
      ...found.experiments.map(({ createdAt, durationMs }) =>
        durationMs === undefined ? NEVER : createdAt + durationMs,
      ),
      ...found.starters.map(() => NEVER),
    ];
    return { ...found, until: ends.length === 0 ? undefined : ends.reduce((a, b) => Math.max(a, b)) };
  }
}

/** Checks once after a start, and tells the user if faults are still running, or will. */
function tellOnce(session: ClusterSession): Disposable {
  const acting = new ActingHere(session);
  const subscription = session.store.subscribe((snapshot) => {
    if (snapshot.health.state !== 'live') return;
    session.clock.after(0, () => subscription.dispose());
    void acting.look(snapshot).then((found) => found && tell(session, found));
  });
  return subscription;
}

function tell({ context }: ClusterSession, { experiments, starters }: Found): void {
  if (experiments.length + starters.length === 0) return;
  const stop = vscode.l10n.t('Stop All');
  const names = starters.map(({ kind, metadata }) => `${kind} ${metadata.name ?? ''}`).join(', ');
  const lines = [
    experiments.length === 0
      ? ''
      : experiments.length === 1
        ? vscode.l10n.t('A fault injected earlier is still running on {0}.', context)
        : vscode.l10n.t('{0} faults injected earlier are still running on {1}.', experiments.length, context),
    names === '' ? '' : vscode.l10n.t('Objects created earlier keep starting faults on {0}: {1}.', context, names),
  ];
  void showWarningMessage(inARow(...lines), stop).then((chosen) => {
    if (chosen === stop) void vscode.commands.executeCommand('distdiag.stopAllAnomalies');
  });
}
