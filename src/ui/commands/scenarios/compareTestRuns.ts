import * as vscode from 'vscode';
import { isRecord } from '../../../core/base/unknown';
import { SCENARIO_ANNOTATION } from '../../../core/experiments/labels';
import type { HistoryEntry } from '../../../core/history/entry';
import { startOf, type TestRun } from '../../../core/resilience/runs/testRun';
import { lastPassedBefore } from '../../../core/resilience/runs/testRunBook';
import { showInformationMessage } from '../../text/notify';
import { verdictName } from '../../text/labels';
import { times } from '../../text/times';
import { withoutIcons } from '../../text/plainText';
import type { Command, CommandContext } from '../context';

/** Compares two runs of resilience tests in the panel: from a row of the Testing view or the history, else chosen by the user. */
export const compareTestRuns: Command = {
  id: 'compareTestRuns',
  run: async (context, on) => {
    const session = await context.sessions.current();
    const scenario = scenarioOf(on);
    const all = await context.testRuns.of(session);
    const runs = scenario === undefined ? all : all.filter((run) => run.scenario === scenario.name);
    if (runs.length < 2)
      return void showInformationMessage(
        scenario === undefined
          ? vscode.l10n.t('Two runs are needed. Run a resilience test in the Testing view, or import test results.')
          : vscode.l10n.t(
              'Two runs of "{0}" are needed. Run it in the Testing view, or import test results.',
              scenario.name,
            ),
      );
    const near = scenario?.at;
    const now = near === undefined ? await pick(context, runs, vscode.l10n.t('Select a run')) : runAt(runs, near);
    if (!now) return;
    const before = await pickEarlier(context, now, all);
    if (!before) return;
    context.panel.show();
    context.panel.tests.compare(before, now);
  },
};

/** The scenario of a row, and for a history row when it ran. */
function scenarioOf(row: unknown): { name: string; at: number | undefined } | undefined {
  if (!isRecord(row)) return undefined;
  if (isRecord(row['entry'])) {
    const { experiment } = row['entry'] as unknown as HistoryEntry;
    const name = experiment.object.metadata.annotations?.[SCENARIO_ANNOTATION];
    return name === undefined ? undefined : { name, at: experiment.injectedAt ?? experiment.createdAt };
  }
  // An expectation stands for the whole of its scenario.
  const item = (row['parent'] ?? row) as Partial<vscode.TestItem>;
  return item.label === undefined ? undefined : { name: item.label, at: undefined };
}

/** The run that an experiment belongs to: the last one started before it. */
const runAt = (runs: readonly TestRun[], at: number): TestRun | undefined =>
  runs.find((run) => run.phases.before.toMs <= at) ?? runs[0];

/** Chooses a run: the last that passed comes first, then others, also of other scenarios. */
function pickEarlier(context: CommandContext, now: TestRun, all: readonly TestRun[]): Promise<TestRun | undefined> {
  const passed = lastPassedBefore(now, all);
  const others = all.filter((run) => run.id !== now.id && run.id !== passed?.id);
  const same = (run: TestRun): number => Number(run.scenario === now.scenario);
  const ordered = [...(passed ? [passed] : []), ...[...others].sort((a, b) => same(b) - same(a))];
  return pick(context, ordered, vscode.l10n.t('Compare it with'), passed);
}

async function pick(
  { clock }: CommandContext,
  runs: readonly TestRun[],
  title: string,
  passed?: TestRun,
): Promise<TestRun | undefined> {
  const items = runs.map((run) => ({
    label: withoutIcons(run.scenario),
    description: [
      times().recent(startOf(run), clock.now()),
      verdictName(run.verdict),
      ...(run === passed ? [vscode.l10n.t('last passed')] : []),
      ...(run.imported ? [vscode.l10n.t('imported')] : []),
    ].join(' · '),
    detail: withoutIcons(
      [
        [...new Set(run.steps.flatMap(({ pods }) => pods))].join(', '),
        ...(run.imported ? [vscode.l10n.t('Imported from {0}', run.imported.from)] : []),
      ].join(' · '),
    ),
    run,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true }))?.run;
}
