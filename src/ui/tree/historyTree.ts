import * as vscode from 'vscode';
import { formatDuration } from '../../core/time/duration';
import type { ExperimentTarget } from '../../core/experiments/experiment';
import type { HistoryEntry } from '../../core/history/entry';
import { SCENARIO_ANNOTATION } from '../../core/experiments/labels';
import type { Clock } from '../../core/base/clock';
import type { Disposable } from '../../core/base/disposable';
import { localized } from '../text/coreText';
import type { HistoryService } from '../history/historyService';
import { times } from '../text/times';
import { experimentName } from '../text/labels';
import { setContext } from '../contextKeys';
import { nodeName, podWords } from './experimentStyle';
import { END_STYLES, endWords } from './historyStyle';
import { plainTooltip } from './tooltip';

/** A row of the history: an experiment that has ended, or one of its targets. */
export type HistoryRow =
  { type: 'past'; entry: HistoryEntry } | { type: 'pastTarget'; entry: HistoryEntry; target: ExperimentTarget };

/** The ended experiments of this workspace, newest first. Reads its file when the view is opened. */
export class HistoryRows implements vscode.TreeDataProvider<HistoryRow>, Disposable {
  readonly #keeper: HistoryService;
  readonly #clock: Clock;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #disposables: vscode.Disposable;

  constructor(keeper: HistoryService, clock: Clock) {
    this.#keeper = keeper;
    this.#clock = clock;
    let shown = '';
    this.#disposables = vscode.Disposable.from(
      vscode.window.createTreeView('distdiag.history', { canSelectMany: true, treeDataProvider: this }),
      this.#changed,
      keeper.onDidChange(() => {
        const now = keeper.entries.map(({ experiment, end }) => `${experiment.key}${end}`).join();
        if (now !== shown) this.#changed.fire(undefined);
        shown = now;
        this.#tellEditor();
      }),
    );
  }

  getTreeItem(row: HistoryRow): vscode.TreeItem {
    return row.type === 'past' ? this.#item(row.entry) : targetItem(row.entry, row.target);
  }

  async getChildren(row?: HistoryRow): Promise<HistoryRow[]> {
    if (row?.type === 'pastTarget') return [];
    if (row) return row.entry.experiment.targets.map((target) => ({ type: 'pastTarget', entry: row.entry, target }));
    await this.#keeper.load();
    this.#tellEditor();
    return this.#keeper.entries.map((entry) => ({ type: 'past', entry }));
  }

  getParent(row: HistoryRow): HistoryRow | undefined {
    return row.type === 'pastTarget' ? { type: 'past', entry: row.entry } : undefined;
  }

  #tellEditor(): void {
    void setContext('noHistory', this.#keeper.entries.length === 0);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #item(entry: HistoryEntry): vscode.TreeItem {
    const { experiment, end, endedAt, context, reason } = entry;
    const { ref, summary, ours, createdAt, injectedAt, durationMs, targets, object } = experiment;
    const look = END_STYLES[end ?? 'vanished'];
    const title = experimentName(experiment);
    const place = podWords(targets);
    const others = ours ? undefined : vscode.l10n.t('by others');
    const began = injectedAt ?? createdAt;
    const when = times().recent(began, this.#clock.now());
    const item = new vscode.TreeItem(
      place.short || title,
      targets.length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
    );
    const scenario = object.metadata.annotations?.[SCENARIO_ANNOTATION];
    item.id = `history/${experiment.key}`;
    item.description = [when, place.short && title, endWords(entry), others].filter(Boolean).join(' · ');
    item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.color));
    item.contextValue = `past ${end ?? ''}${scenario === undefined ? '' : ' scenario'}`;
    item.accessibilityInformation = {
      label: [`${title} ${place.full}`.trim(), endWords(entry), when, others, reason].filter(Boolean).join(', '),
    };
    item.tooltip = plainTooltip(
      title,
      `${ref.kind} ${ref.namespace}/${ref.name}`,
      [summary, ...place.pods].join(' · '),
      `${endWords(entry)}${reason === undefined ? '' : `: ${localized(reason)}`}`,
      acted(began, endedAt),
      [context, others, scenario, durationMs === undefined ? undefined : formatDuration(durationMs)]
        .filter(Boolean)
        .join(' · '),
    );
    return item;
  }
}

function acted(fromMs: number, toMs: number | undefined): string {
  const from = times().dayAndTime(fromMs);
  return toMs === undefined || toMs < fromMs ? from : `${from} – ${times().dayAndTime(toMs)}`;
}

function targetItem(entry: HistoryEntry, target: ExperimentTarget): vscode.TreeItem {
  const item = new vscode.TreeItem(nodeName(target.pod));
  const injected = target.injectedCount > 0 || target.phase.startsWith('Injected');
  const failure = target.events.findLast(({ type, message }) => type === 'Failed' && message !== undefined)?.message;
  const recovered = target.phase === 'Not Injected';
  const words = !injected
    ? vscode.l10n.t('Not injected')
    : recovered || entry.end === 'done'
      ? vscode.l10n.t('Injected, recovered')
      : vscode.l10n.t('Injected, recovery not observed');
  const trouble = !injected || entry.end === 'forced' ? failure : undefined;
  item.id = `history/${entry.experiment.key}#${target.id}`;
  item.description = trouble ? `${words}: ${trouble}` : words;
  item.iconPath = trouble
    ? new vscode.ThemeIcon('error', new vscode.ThemeColor('errorForeground'))
    : new vscode.ThemeIcon(injected ? 'circle-filled' : 'circle-outline');
  item.contextValue = 'pastTarget';
  item.accessibilityInformation = { label: `${target.pod}, ${item.description}` };
  item.tooltip = plainTooltip(`${target.id}: ${words}`, failure);
  return item;
}
