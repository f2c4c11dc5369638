import * as vscode from 'vscode';
import { isFaultType } from '../../core/faults/catalogue';
import type { GroupItem, GroupState } from '../../core/experiments/groupItem';
import { localized } from '../text/coreText';
import { times } from '../text/times';
import { anomalyName } from '../text/labels';
import { coarse } from './experimentStyle';
import { plainTooltip } from './tooltip';

interface GroupLook {
  icon: string;
  color: string | undefined;
  label: string;
}

/** Icon, colour and label of a group's state. The label says everything that the icon says. */
export const GROUP_STYLES: Readonly<Record<GroupState, GroupLook>> = {
  waiting: { icon: 'watch', color: undefined, label: vscode.l10n.t('Waiting') },
  injecting: { icon: 'loading~spin', color: undefined, label: vscode.l10n.t('Injecting') },
  running: { icon: 'flame', color: 'list.warningForeground', label: vscode.l10n.t('Running') },
  done: { icon: 'pass', color: 'charts.green', label: vscode.l10n.t('Finished') },
  failed: { icon: 'error', color: 'errorForeground', label: vscode.l10n.t('Failed') },
  cancelled: { icon: 'circle-slash', color: undefined, label: vscode.l10n.t('Not started') },
  interrupted: { icon: 'debug-disconnect', color: 'charts.yellow', label: vscode.l10n.t('Interrupted') },
  stopping: { icon: 'loading~spin', color: undefined, label: vscode.l10n.t('Stopping') },
  stopped: { icon: 'debug-stop', color: undefined, label: vscode.l10n.t('Stopped') },
  scheduled: { icon: 'calendar', color: 'charts.blue', label: vscode.l10n.t('Scheduled') },
  suspended: { icon: 'debug-pause', color: 'charts.blue', label: vscode.l10n.t('Suspended') },
};

/** The name of a group's type. */
export function groupTypeName(type: GroupItem['type']): string {
  switch (type) {
    case 'scenario':
      return vscode.l10n.t('Scenario');
    case 'workflow':
      return vscode.l10n.t('Workflow');
    case 'schedule':
      return vscode.l10n.t('Schedule');
    case 'step':
      return vscode.l10n.t('Step');
    case 'node':
      return vscode.l10n.t('Node');
    case 'finished':
      return vscode.l10n.t('Finished');
  }
}

/** The actions for a group, as words of the row's context value. */
function groupContext(group: GroupItem): string {
  const words = ['group', group.type, group.state];
  const live = group.state !== 'stopping';
  if (group.type === 'scenario') {
    const acts = group.members.some((member) => 'ref' in member);
    const over = ['done', 'failed', 'stopped', 'interrupted'].includes(group.state);
    if (live && (acts || !over)) words.push('stoppable');
    if (over && !acts) words.push('dismissable');
  }
  if (group.object && live) words.push('object', 'stoppable');
  if (group.type === 'schedule' && live && group.what !== 'Workflow')
    words.push(group.state === 'suspended' ? 'resumable' : 'suspendable');
  return words.join(' ');
}

/** The row of the finished experiments. */
function finishedItem({ key, members }: GroupItem): vscode.TreeItem {
  const label = vscode.l10n.t('Finished ({0})', members.length);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = key;
  item.iconPath = new vscode.ThemeIcon('pass');
  item.contextValue = 'group finished removable';
  item.tooltip = vscode.l10n.t('Also listed in the History view.');
  return item;
}

/** The row of a scenario, a workflow, a schedule, or of a part of one. */
export function groupTreeItem(group: GroupItem, nowMs: number): vscode.TreeItem {
  if (group.type === 'finished') return finishedItem(group);
  const look = GROUP_STYLES[group.state];
  const type = groupTypeName(group.type);
  const what = group.what === undefined ? undefined : group.type === 'step' ? anomalyName(group.what) : group.what;
  // An unnamed step is named after its anomaly, before, while and after it runs.
  const name = group.type === 'step' && isFaultType(group.name) ? anomalyName(group.name) : group.name;
  const when = whenOf(group, nowMs);
  const counted = countOf(group);
  const others = group.ours ? undefined : vscode.l10n.t('by others');
  const reason = localized(group.reason ?? '');
  const isPart = group.type === 'step' || group.type === 'node';
  const item = new vscode.TreeItem(
    name,
    // A group that is empty now would stay collapsed later if it did not start expanded.
    group.members.length > 0 || !isPart
      ? vscode.TreeItemCollapsibleState.Expanded
      : vscode.TreeItemCollapsibleState.None,
  );
  item.id = group.key;
  // In the order in which a narrow view may cut it off.
  item.description = [when, counted, look.label, isPart ? (what === name ? undefined : what) : type, others]
    .filter(Boolean)
    .join(' · ');
  item.iconPath = new vscode.ThemeIcon(look.icon, look.color ? new vscode.ThemeColor(look.color) : undefined);
  item.contextValue = groupContext(group);
  item.accessibilityInformation = {
    label: [`${type} ${name}`, look.label, when, what, counted, others, reason].filter(Boolean).join(', '),
  };
  const last = group.lastAt === undefined ? undefined : times().dayAndTime(group.lastAt);
  item.tooltip = plainTooltip(
    `${type} ${name}`,
    what,
    `${look.label}${reason ? `: ${reason}` : ''}`,
    group.at === undefined ? undefined : vscode.l10n.t('Next: {0}', times().dayAndTime(group.at)),
    last && vscode.l10n.t('Last: {0}', last),
    counted,
    others,
  );
  return item;
}

/** Details besides the state: when it runs next, and how much of it has finished. */
export const groupWords = (group: GroupItem, nowMs: number): string[] =>
  [whenOf(group, nowMs), countOf(group)].filter((one) => one !== undefined);

const countOf = ({ progress }: GroupItem): string | undefined =>
  progress && vscode.l10n.t('{0} of {1} finished', progress.done, progress.total);

function whenOf({ at, type }: GroupItem, nowMs: number): string | undefined {
  if (at === undefined) return undefined;
  const left = coarse(Math.max(0, at - nowMs));
  return type === 'schedule' ? vscode.l10n.t('next in {0}', left) : vscode.l10n.t('in {0}', left);
}
