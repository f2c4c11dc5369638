import * as vscode from 'vscode';
import type { Experiment, ExperimentTarget } from '../../core/experiment';
import { derivePhase, isActive, timeLeft } from '../../core/experimentPhase';
import { ExperimentRows, type ExperimentOfRow, type ExperimentRow } from '../../core/experimentRows';
import type { Clock, Disposable, ExperimentSnapshot } from '../../core/ports';
import { localized } from '../coreText';
import { sentences } from '../errors';
import type { ClusterSession, SessionManager } from '../session';
import { times } from '../times';
import { experimentName } from '../words';
import { ConnectionWords } from './connectionWords';
import { contextValue, PHASE_LOOKS, shortPod, targetPhaseLabel, timeLeftText } from './experimentLook';
import type { ScenarioMemory } from '../scenario/scenarioMemory';
import { groupTreeItem } from './groupLook';
import { GroupSources } from './groupSources';
import { lines } from './tooltip';
import { truthNote, TruthNotes } from './truthNote';

export type { ExperimentRow } from '../../core/experimentRows';

const TICK_MS = 5000;

/** What the tree is made of. */
export interface ExperimentsTreeParts {
  sessions: SessionManager;
  clock: Clock;
  scenarios: ScenarioMemory;
}

/** The tree of running experiments: live by list and watch while it is visible. */
export class ExperimentsTree implements vscode.TreeDataProvider<ExperimentRow>, Disposable {
  readonly #sessions: SessionManager;
  readonly #clock: Clock;
  readonly #changed = new vscode.EventEmitter<ExperimentRow | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<ExperimentRow>;
  readonly #rows = new ExperimentRows();
  readonly #notes = new TruthNotes();
  readonly #disposables: vscode.Disposable[] = [];
  #subscription: Disposable | undefined;
  #truth: Disposable | undefined;
  #timer: Disposable | undefined;
  #session: ClusterSession | undefined;
  #words: ConnectionWords | undefined;
  #groups: GroupSources | undefined;
  #state = '';
  readonly #memory: ScenarioMemory;

  constructor(view: vscode.TreeView<ExperimentRow>, { sessions, clock, scenarios }: ExperimentsTreeParts) {
    this.#view = view;
    this.#memory = scenarios;
    this.#sessions = sessions;
    this.#clock = clock;
    this.#setState('connecting');
    this.#disposables.push(
      this.#changed,
      this.#view.onDidChangeVisibility(() => void this.#sync()),
      sessions.onDidChange(() => this.restart()),
    );
    void this.#sync();
  }

  /** Lets go of the session and connects anew where the view is visible. */
  restart(): void {
    this.#subscription?.dispose();
    this.#truth?.dispose();
    this.#subscription = this.#truth = undefined;
    this.#session = undefined;
    this.#words?.dispose();
    this.#words = undefined;
    this.#rows.clear();
    this.#view.message = '';
    this.#view.description = '';
    this.#view.badge = undefined;
    this.#setState('connecting');
    this.#changed.fire(undefined);
    void this.#sync();
  }

  getTreeItem(row: ExperimentRow): vscode.TreeItem {
    if (row.type === 'group') return groupTreeItem(row.group, this.#now());
    return row.type === 'experiment' ? this.#experimentItem(row) : targetItem(row.experiment, row.target);
  }

  getChildren(row?: ExperimentRow): ExperimentRow[] {
    return row ? this.#rows.children(row) : this.#rows.roots;
  }

  getParent(row: ExperimentRow): ExperimentRow | undefined {
    return this.#rows.parent(row);
  }

  dispose(): void {
    this.#subscription?.dispose();
    this.#truth?.dispose();
    this.#words?.dispose();
    this.#timer?.dispose();
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  async #sync(): Promise<void> {
    if (!this.#view.visible) {
      this.#subscription?.dispose();
      this.#truth?.dispose();
      this.#subscription = this.#truth = undefined;
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
      this.#truth = session.truth.subscribe(() => {
        for (const row of this.#notes.changed(this.#rows.experiments, session.truth)) this.#changed.fire(row);
      });
      this.#tick();
    } catch {
      this.#setState(this.#sessions.error?.code === 'notConfigured' ? 'notConfigured' : 'unreachable');
      // A message would hide the welcome view with its buttons.
      this.#view.description = this.#sessions.error
        ? sentences(this.#sessions.error.message, this.#sessions.error.hint)
        : '';
    }
  }

  #tick(): void {
    this.#timer?.dispose();
    this.#timer = this.#clock.after(TICK_MS, () => {
      // What a step or a schedule does may depend on the time alone.
      if (this.#session && this.#groups?.some) this.#show(this.#session.store.snapshot);
      else for (const row of this.#rows.tick(this.#now())) this.#changed.fire(row);
      this.#tick();
    });
  }

  #show(snapshot: ExperimentSnapshot): void {
    const { health, experiments } = snapshot;
    const changed = this.#rows.update(experiments, this.#now(), this.#groups?.of(experiments, this.#now()));
    if (changed === 'all') this.#changed.fire(undefined);
    // Rows whose words changed, and no others: nothing moves under the pointer.
    else for (const row of changed) this.#changed.fire(row);
    const running = experiments.filter((experiment) => isActive(derivePhase(experiment, this.#now()).phase)).length;
    this.#view.badge =
      running > 0
        ? {
            value: running,
            tooltip: running === 1 ? vscode.l10n.t('1 experiment acts') : vscode.l10n.t('{0} experiments act', running),
          }
        : undefined;
    if (health.state === 'failed') {
      const { code } = health.error;
      const message = sentences(health.error.message, health.error.hint);
      this.#setState(
        code === 'forbidden' || code === 'notInstalled' || code === 'notConfigured' ? code : 'unreachable',
      );
      this.#view.message = experiments.length > 0 ? message : '';
      this.#view.description = experiments.length > 0 ? '' : message;
    } else {
      this.#describe();
      this.#setState(health.state === 'connecting' ? 'connecting' : 'empty');
      this.#view.message =
        health.state === 'stale'
          ? vscode.l10n.t(
              'Not up to date since {0}: {1}',
              times().timeOfDay(health.since),
              sentences(health.error.message, health.error.hint),
            )
          : [partly(snapshot), experiments.length > 0 ? narrowed(snapshot) : ''].filter(Boolean).join(' ');
    }
  }

  /** Names the connection, unless the room is taken by why nothing can be shown. */
  #describe(): void {
    const { health, experiments, onlyIn } = this.#session?.store.snapshot ?? {};
    if (health?.state === 'failed') return;
    // An empty list has its welcome in the place of a message.
    const where = onlyIn && experiments?.length === 0 ? vscode.l10n.t('only in {0}', onlyIn.join(', ')) : '';
    this.#view.description = [this.#words?.text, where].filter(Boolean).join(' · ');
  }

  /** The cluster's time, by which its experiments are judged. */
  #now(): number {
    return (this.#session?.clock ?? this.#clock).now();
  }

  #setState(state: string): void {
    if (state === this.#state) return;
    this.#state = state;
    void vscode.commands.executeCommand('setContext', 'distdiag.state', state);
  }

  /** Also what a workflow or a schedule of ours has started, which carries Chaos Mesh's labels only. */
  #isOurs(row: ExperimentOfRow): boolean {
    if (row.experiment.ours) return true;
    let above = this.#rows.parent(row);
    while (above?.type === 'group' && !above.group.object) above = this.#rows.parent(above);
    return above?.type === 'group' && above.group.ours;
  }

  #experimentItem(row: ExperimentOfRow): vscode.TreeItem {
    const { experiment } = row;
    const now = this.#now();
    const { phase, reason: why } = derivePhase(experiment, now);
    const reason = localized(why ?? '');
    const look = PHASE_LOOKS[phase];
    const title = experimentName(experiment);
    const pods = [...new Set(experiment.targets.map((target) => target.pod))];
    const where = pods.length > 1 ? vscode.l10n.t('{0} pods', pods.length) : (pods[0] ?? '');
    const others = this.#isOurs(row) ? undefined : vscode.l10n.t('by others');
    const item = new vscode.TreeItem(
      title,
      experiment.targets.length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
    );
    const injected = experiment.targets.filter((target) => target.phase.startsWith('Injected')).length;
    const state = phase === 'partial' ? `${look.label} ${injected}/${experiment.targets.length}` : look.label;
    const left = ['running', 'partial', 'injecting', 'paused', 'failing'].includes(phase)
      ? timeLeftText(timeLeft(experiment, now))
      : undefined;
    item.id = experiment.key;
    // In the order in which a narrow view may cut it off.
    const note = truthNote(this.#session?.truth.verdictOf(experiment.key));
    item.description = [state, left, others, pods.length > 1 ? where : shortPod(where), note]
      .filter(Boolean)
      .join(' · ');
    item.iconPath = new vscode.ThemeIcon(look.icon, look.color ? new vscode.ThemeColor(look.color) : undefined);
    item.contextValue = contextValue(phase, experiment.ours);
    item.accessibilityInformation = {
      label: [`${title} ${where}`.trim(), state, left, note, others, reason].filter(Boolean).join(', '),
    };
    item.tooltip = lines(
      `${experiment.ref.kind} ${experiment.ref.namespace}/${experiment.ref.name}`,
      [experiment.summary, ...pods].join(' · '),
      `${state}${reason ? `: ${reason}` : ''}`,
      left,
      note,
      others,
    );
    return item;
  }
}

/** What the list leaves out because it may not be looked at; '' when it is whole. */
function partly({ health, missingKinds }: ExperimentSnapshot): string {
  const hidden = missingKinds.filter(({ error }) => error.code === 'forbidden');
  const [first] = hidden;
  if (health.state !== 'live' || !first) return '';
  const kinds = hidden.map(({ kind }) => kind).join(', ');
  return vscode.l10n.t('Not all can be shown ({0}): {1}', kinds, sentences(first.error.message, first.error.hint));
}

/** Where alone is looked; '' when that is everywhere. */
function narrowed({ onlyIn }: ExperimentSnapshot): string {
  if (!onlyIn) return '';
  return vscode.l10n.t('Only experiments in {0} are shown: you may not list all namespaces.', onlyIn.join(', '));
}

function targetItem(experiment: Experiment, target: ExperimentTarget): vscode.TreeItem {
  const item = new vscode.TreeItem(target.pod);
  item.id = `${experiment.key}#${target.id}`;
  const phase = targetPhaseLabel(target.phase);
  const lost = {
    pod: vscode.l10n.t('its pod was replaced since'),
    daemon: vscode.l10n.t('the daemon on its node has ended since'),
  };
  const failure = target.lost ? lost[target.lost] : target.lastFailure;
  item.description = failure ? `${phase}: ${failure}` : phase;
  const failed = failure !== undefined;
  item.iconPath = failed
    ? new vscode.ThemeIcon('error', new vscode.ThemeColor('errorForeground'))
    : new vscode.ThemeIcon(target.phase.startsWith('Injected') ? 'circle-filled' : 'circle-outline');
  item.contextValue = 'target';
  if (failed)
    item.command = {
      command: 'distdiag.showExperimentEvents',
      title: vscode.l10n.t('See Events'),
      arguments: [experiment.key],
    };
  item.accessibilityInformation = { label: `${target.pod}, ${item.description}` };
  item.tooltip = lines(
    `${target.id}: ${phase}`,
    ...target.events.slice(-5).map(({ operation, type, message, at }) => {
      const time = at === undefined ? '' : `${times().timeOfDay(at)} `;
      return `${time}${operation} ${type}${message ? `: ${message}` : ''}`;
    }),
  );
  return item;
}
