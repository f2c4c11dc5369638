import * as vscode from 'vscode';
import type { Experiment } from '../../core/experiments/experiment';
import { derivePhase, timeLeft } from '../../core/experiments/phase';
import { localized } from '../text/coreText';
import { experimentName } from '../text/labels';
import { contextValue, PHASE_STYLES, phaseWords, podWords, shortTimeLeft, timeLeftText } from './experimentStyle';
import { plainTooltip } from './tooltip';

/** What a row says of an experiment beside what the experiment itself says. */
export interface ExperimentAbout {
  /** The cluster's time. */
  nowMs: number;
  ours: boolean;
  /** What the diagnosis made of it. */
  note: string | undefined;
}

/** The row of an experiment. */
export function experimentItem(experiment: Experiment, { nowMs, ours, note }: ExperimentAbout): vscode.TreeItem {
  const { phase, reason: why } = derivePhase(experiment, nowMs);
  const reason = localized(why ?? '');
  const look = PHASE_STYLES[phase];
  const title = experimentName(experiment);
  const place = podWords(experiment.targets);
  const others = ours ? undefined : vscode.l10n.t('by others');
  const item = new vscode.TreeItem(
    // The node is what tells two rows apart: it stands where nothing is cut off.
    place.short || title,
    experiment.targets.length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  const injected = experiment.targets.filter((target) => target.phase.startsWith('Injected')).length;
  const words = phaseWords(phase, injected, experiment.targets.length);
  const state = words ?? look.label;
  const timed = ['running', 'partial', 'injecting', 'paused', 'failing'].includes(phase);
  const leftMs = timeLeft(experiment, nowMs);
  const left = timed ? timeLeftText(leftMs) : undefined;
  item.id = experiment.key;
  // In the order in which a narrow view may cut it off.
  item.description = [timed && shortTimeLeft(leftMs), place.short && title, words, others].filter(Boolean).join(' · ');
  item.iconPath = new vscode.ThemeIcon(look.icon, look.color ? new vscode.ThemeColor(look.color) : undefined);
  item.contextValue = contextValue(phase, experiment.ours);
  item.accessibilityInformation = {
    label: [`${title} ${place.full}`.trim(), state, left, note, others, reason].filter(Boolean).join(', '),
  };
  item.tooltip = plainTooltip(
    title,
    `${experiment.ref.kind} ${experiment.ref.namespace}/${experiment.ref.name}`,
    [experiment.summary, ...place.pods].join(' · '),
    `${state}${reason ? `: ${reason}` : ''}`,
    left,
    note,
    others,
  );
  return item;
}
