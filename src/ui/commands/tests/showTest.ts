import * as vscode from 'vscode';
import { isRecord, textOf } from '../../../core/base/unknown';
import { showInformationMessage } from '../../text/notify';
import type { TestMoment } from '../../testing/moments';
import { spanTitle } from '../../text/labels';
import type { Command, CommandContext } from '../context';
import { saveExperimentReport } from '../experiments/saveReport';

/** Opens the panel at the time of a test and at the metric of its expectation. */
export const showTestInPanel: Command = {
  id: 'showTestInPanel',
  run: (context, chosen) => {
    const moment = momentOf(context, chosen);
    if (moment) context.panel.showMoment(moment);
  },
};

/** Saves the report of a test's experiment. */
export const saveTestReport: Command = {
  id: 'saveTestReport',
  run: async (context, chosen) => {
    const moment = momentOf(context, chosen);
    if (!moment) return;
    const { store } = await context.sessions.current();
    const spans = store.spans.filter(({ ref }) =>
      moment.refs.some((one) => one.kind === ref.kind && one.namespace === ref.namespace && one.name === ref.name),
    );
    const items = spans.map((span) => ({
      label: spanTitle(span),
      description: span.nodes.join(', '),
      detail: `${span.ref.namespace}/${span.ref.name}`,
      key: span.key,
    }));
    if (items.length === 0)
      return void showInformationMessage(
        vscode.l10n.t('Nothing to report: the test injected no fault, or it ran on another cluster.'),
      );
    const title = vscode.l10n.t('Select an experiment to report');
    const picked = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title });
    if (picked) await saveExperimentReport.run(context, picked.key);
  },
};

/** The result of the test or message that the command was called on; says so if it has not run yet. */
function momentOf({ tests }: CommandContext, chosen: unknown): TestMoment | undefined {
  // A message's menu gives `{ test, message }`, an item's menu the item.
  const item = isRecord(chosen) && isRecord(chosen['test']) ? chosen['test'] : chosen;
  const moment = tests.momentOf(typeof item === 'object' && item !== null && 'id' in item ? textOf(item.id) : '');
  if (!moment) void showInformationMessage(vscode.l10n.t('This test has not run yet. Run it first.'));
  return moment;
}
