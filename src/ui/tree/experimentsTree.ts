import * as vscode from 'vscode';
import { inARow } from '../../core/base/text';
import type { Experiment } from '../../core/experiments/experiment';
import { finishedGroup, isToFold } from '../../core/experiments/finished';
import { experimentsIn, type GroupItem } from '../../core/experiments/groupItem';
import { ExperimentRows, type ExperimentOfRow, type ExperimentRow } from '../../core/experiments/rows';
import type { Clock } from '../../core/base/clock';
import type { Disposable } from '../../core/base/disposable';
import type { ExperimentSnapshot } from '../../core/experiments/gateway';
import { sentences } from '../text/errors';
import type { ClusterSession, SessionManager } from '../session/session';
import { times } from '../text/times';
import { ConnectionWords } from './connectionWords';
import { experimentItem } from './experimentItem';
import type { ScenarioMemory } from '../scenario/scenarioMemory';
import { setContext, type ContextKeys } from '../contextKeys';
import { groupTreeItem } from './groupStyle';
import { GroupSources } from './groupSources';
import { narrowedWords, missingWords } from './listWords';
import { targetItem } from './targetItem';
import { runningBadge } from './runningBadge';
import { verdictNote, VerdictNotes } from './verdictNote';

export type { ExperimentRow } from '../../core/experiments/rows';

const TICK_MS = 5000;

/** What the tree needs. */
export interface ExperimentsTreeParts {
  sessions: SessionManager;
  clock: Clock;
  scenarios: ScenarioMemory;
  /** Called when the view is shown and its cluster is connected. */
  connected: () => void;
}

/** The tree of running experiments, kept up to date by list and watch while it is visible. */
export class ExperimentsTree implements vscode.TreeDataProvider<ExperimentRow>, Disposable {
  readonly #sessions: SessionManager;
  readonly #clock: Clock;
  readonly #changed = new vscode.EventEmitter<ExperimentRow | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<ExperimentRow>;
  readonly #rows = new ExperimentRows();
  readonly #notes = new VerdictNotes();
  readonly #disposables: vscode.Disposable[] = [];
  #subscription: Disposable | undefined;
  #verdicts: Disposable | undefined;
  #timer: Disposable | undefined;
  #session: ClusterSession | undefined;
  #words: ConnectionWords | undefined;
  #groups: GroupSources | undefined;
  #state: ContextKeys['state'] | undefined;
  readonly #memory: ScenarioMemory;
  readonly #connected: () => void;

  constructor({ sessions, clock, scenarios, connected }: ExperimentsTreeParts) {
    this.#connected = connected;
    this.#view = vscode.window.createTreeView('distdiag.experiments', { canSelectMany: true, treeDataProvider: this });
    this.#memory = scenarios;
    this.#sessions = sessions;
    this.#clock = clock;
    this.#setState('connecting');
    this.#disposables.push(
      this.#view,
      this.#changed,
      this.#view.onDidChangeVisibility(() => void this.#sync()),
      sessions.onDidChange(() => this.restart()),
      runningBadge(this.#view, sessions),
    );
    void this.#sync();
  }

  /** Releases the session, and reconnects if the view is visible. */
  restart(): void {
    this.#subscription?.dispose();
    this.#verdicts?.dispose();
    this.#subscription = this.#verdicts = undefined;
    this.#session = undefined;
    this.#words?.dispose();
    this.#words = undefined;
    this.#rows.clear();
    this.#view.message = '';
    this.#view.description = '';
    this.#setState('connecting');
    void setContext('noExperiments', false);
    this.#changed.fire(undefined);
    void this.#sync();
  }

  getTreeItem(row: ExperimentRow): vscode.TreeItem {
    if (row.type === 'group') return groupTreeItem(row.group, this.#now());
    if (row.type === 'target') return targetItem(row.experiment, row.target);
    const note = verdictNote(this.#session?.evaluator.verdictOf(row.experiment.key));
    return experimentItem(row.experiment, { nowMs: this.#now(), ours: this.#isOurs(row), note });
  }

  getChildren(row?: ExperimentRow): ExperimentRow[] {
    return row ? this.#rows.children(row) : this.#rows.roots;
  }

  getParent(row: ExperimentRow): ExperimentRow | undefined {
    return this.#rows.parent(row);
  }

  dispose(): void {
    this.#subscription?.dispose();
    this.#verdicts?.dispose();
    this.#words?.dispose();
    this.#timer?.dispose();
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  async #sync(): Promise<void> {
    if (!this.#view.visible) {
      this.#subscription?.dispose();
      this.#verdicts?.dispose();
      this.#subscription = this.#verdicts = undefined;
      this.#timer?.dispose();
      this.#timer = undefined;
      return;
    }
    if (this.#subscription) return;
    try {
      const session = await this.#sessions.current();
      if (!this.#view.visible || this.#subscription) return;
      this.#session = session;
      this.#words ??= new ConnectionWords(session, () => this.#describe());
      this.#describe();
      this.#groups = new GroupSources(session, this.#memory, () => this.#show(session.store.snapshot));
      const subscription = session.store.subscribe((snapshot) => this.#show(snapshot));
      this.#subscription = vscode.Disposable.from(subscription, this.#groups);
      this.#verdicts = session.evaluator.subscribe(() => {
        for (const row of this.#notes.changed(this.#rows.experiments, session.evaluator)) this.#changed.fire(row);
      });
      this.#tick();
      this.#connected();
    } catch {
      this.#setState(this.#sessions.error?.code === 'notConfigured' ? 'notConfigured' : 'unreachable');
      // A message would hide the welcome view with its buttons; the nodes' view shows the reason.
      this.#view.description = '';
    }
  }

  #tick(): void {
    this.#timer?.dispose();
    this.#timer = this.#clock.after(TICK_MS, () => {
      // The state of a step or a schedule may change with time alone.
      const snapshot = this.#session?.store.snapshot;
      const folds = snapshot?.experiments.some((one) => isToFold(one, this.#now() - TICK_MS)) ?? false;
      if (snapshot && (this.#groups?.some || folds)) this.#show(snapshot);
      else for (const row of this.#rows.tick(this.#now())) this.#changed.fire(row);
      this.#tick();
    });
  }

  #show(snapshot: ExperimentSnapshot): void {
    const { health, experiments } = snapshot;
    const changed = this.#rows.update(experiments, this.#now(), this.#groupsOf(experiments));
    if (changed === 'all') this.#changed.fire(undefined);
    // Refreshes only rows whose text has changed: nothing moves under the pointer.
    else for (const row of changed) this.#changed.fire(row);
    this.#describe();
    void setContext('noExperiments', health.state === 'live' && experiments.length === 0);
    if (health.state === 'failed') {
      const { code } = health.error;
      const message = sentences(health.error.text, health.error.hint);
      this.#setState(
        code === 'forbidden' || code === 'notInstalled' || code === 'notConfigured' ? code : 'unreachable',
      );
      this.#view.message = experiments.length > 0 ? message : '';
    } else {
      this.#setState(health.state === 'connecting' ? 'connecting' : 'empty');
      this.#view.message =
        health.state === 'stale'
          ? vscode.l10n.t(
              'Not up to date since {0}: {1}',
              times().timeOfDay(health.since),
              sentences(health.error.text, health.error.hint),
            )
          : inARow(missingWords(snapshot), experiments.length > 0 ? narrowedWords(snapshot) : '');
    }
  }

  /** The groups, and a group of those that finished a while ago and belong to no other. */
  #groupsOf(experiments: readonly Experiment[]): GroupItem[] {
    const groups = this.#groups?.of(experiments, this.#now()) ?? [];
    const held = new Set(groups.flatMap(experimentsIn).map(({ key }) => key));
    const finished = finishedGroup(
      experiments.filter(({ key }) => !held.has(key)),
      this.#now(),
    );
    return finished ? [...groups, finished] : groups;
  }

  /** Names the connection. */
  #describe(): void {
    const { experiments, onlyIn } = this.#session?.store.snapshot ?? {};
    // An empty list shows its welcome view instead of a message.
    const where = onlyIn && experiments?.length === 0 ? vscode.l10n.t('only in {0}', onlyIn.join(', ')) : '';
    this.#view.description = [this.#words?.text, where].filter(Boolean).join(' · ');
  }

  /** The cluster's time, which its experiments are compared with. */
  #now(): number {
    return (this.#session?.clock ?? this.#clock).now();
  }

  #setState(state: ContextKeys['state']): void {
    if (state === this.#state) return;
    this.#state = state;
    void setContext('state', state);
  }

  /** Includes what our workflows and schedules have started, which has only Chaos Mesh's labels. */
  #isOurs(row: ExperimentOfRow): boolean {
    if (row.experiment.ours) return true;
    let above = this.#rows.parent(row);
    while (above?.type === 'group' && !above.group.object) above = this.#rows.parent(above);
    return above?.type === 'group' && above.group.ours;
  }
}
