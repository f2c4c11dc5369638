import * as vscode from 'vscode';
import { AppError } from '../../../core/base/errors';
import type { ExperimentRow } from '../../../core/experiments/rows';
import { experimentsIn, type GroupItem } from '../../../core/experiments/groupItem';
import type { StopReport } from '../../../core/injection/injection';
import { scenarioGroups } from '../../../core/scenario/progress';
import { localized } from '../../text/coreText';
import { withProgress } from '../../text/errors';
import { showInformationMessage } from '../../text/notify';
import { withoutIcons } from '../../text/plainText';
import type { ClusterSession } from '../../session/session';
import { GROUP_STYLES } from '../../tree/groupStyle';
import type { Command, CommandContext } from '../context';
import { experimentKinds } from '../experiments/pickExperiment';

/** Stops scenarios: no further step starts, and all their experiments are deleted. */
export const stopScenario: Command = {
  id: 'stopScenario',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const chosen = await chooseScenarios(context, session, args);
    await session.access.require('stop', experimentKinds(chosen.flatMap(experimentsIn)));
    for (const group of chosen) await stop(context, session, group);
  },
};

/** Removes a scenario that is over and has no experiments left from the list. */
export const dismissScenario: Command = {
  id: 'dismissScenario',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    for (const { run } of groupsOf(args)) if (run !== undefined) dismiss(context, session, run);
  },
};

async function stop(context: CommandContext, session: ClusterSession, group: GroupItem): Promise<void> {
  const run = group.run === undefined ? undefined : session.scenarios.find(group.run);
  const report = await withProgress(
    vscode.l10n.t('Stopping the scenario "{0}"', group.name),
    (signal, onProgress): Promise<StopReport> =>
      run?.isActive
        ? run.stop({ signal, onProgress })
        : session.injection.stopAll(
            experimentsIn(group).map(({ ref }) => ref),
            { signal, onProgress },
          ),
  );
  const failed = report.failed.filter(({ error }) => error.code !== 'cancelled');
  const [first] = failed;
  if (first) {
    const { code, text, hint } = first.error;
    throw new AppError(
      code,
      vscode.l10n.t(
        '{0} of {1} experiments were not stopped: {2}',
        failed.length,
        experimentsIn(group).length,
        localized(text),
      ),
      hint ? { hint } : {},
    );
  }
  if (group.run !== undefined && report.failed.length === 0) dismiss(context, session, group.run);
}

function dismiss(context: CommandContext, session: ClusterSession, run: string): void {
  session.scenarios.forget(run);
  context.scenarios.dismiss(run);
}

function groupsOf(args: readonly unknown[]): GroupItem[] {
  const [first, selection] = args;
  const rows = (Array.isArray(selection) && selection.length > 0 ? selection : first ? [first] : []) as ExperimentRow[];
  return rows.flatMap((row) => (row.type === 'group' && row.group.type === 'scenario' ? [row.group] : []));
}

async function chooseScenarios(
  context: CommandContext,
  session: ClusterSession,
  args: readonly unknown[],
): Promise<GroupItem[]> {
  const given = groupsOf(args);
  if (given.length > 0) return given;
  const { experiments } = await session.experiments.list();
  const interrupted = context.scenarios.interrupted(session.context);
  const groups = scenarioGroups({ experiments, runs: session.scenarios.all, interrupted }, session.clock.now());
  const items = groups.map((group) => ({
    label: withoutIcons(group.name),
    description: GROUP_STYLES[group.state].label,
    detail: vscode.l10n.t('{0} experiments', experimentsIn(group).length),
    group,
  }));
  if (items.length === 0) {
    void showInformationMessage(vscode.l10n.t('There are no scenarios.'));
    return [];
  }
  const placeHolder = vscode.l10n.t('Select a scenario to stop');
  const one = await vscode.window.showQuickPick(items, { title: placeHolder, matchOnDescription: true });
  return one ? [one.group] : [];
}
