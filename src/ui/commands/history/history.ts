import * as vscode from 'vscode';
import { AppError } from '../../../core/base/errors';
import { msg } from '../../../core/base/text';
import { lacksSecrets, type HistoryEntry } from '../../../core/history/entry';
import { exportHistory as write, type HistoryFormat } from '../../../core/history/export';
import { cloneManifest } from '../../../core/injection/manifest';
import { showInformationMessage, showWarningMessage } from '../../text/notify';
import { withoutIcons } from '../../text/plainText';
import { times } from '../../text/times';
import { endWords } from '../../tree/historyStyle';
import type { HistoryRow } from '../../tree/historyTree';
import { experimentName } from '../../text/labels';
import type { Command, CommandContext } from '../context';
import { runAgain } from '../experiments/rerun';

/** The entries that the command was called on, else one that the user selects. */
async function chooseEntries(context: CommandContext, args: readonly unknown[]): Promise<HistoryEntry[]> {
  const [first, selection] = args;
  const rows = (Array.isArray(selection) && selection.length > 0 ? selection : first ? [first] : []) as HistoryRow[];
  if (rows.length > 0) return [...new Set(rows.map(({ entry }) => entry))];
  await context.history.load();
  const now = context.clock.now();
  const items = context.history.entries.map((entry) => ({
    label: experimentName(entry.experiment),
    description: `${times().recent(entry.experiment.createdAt, now)} · ${endWords(entry)}`,
    detail: withoutIcons(
      `${entry.experiment.ref.namespace}/${entry.experiment.ref.name}: ${entry.experiment.summary} (${entry.context})`,
    ),
    entry,
  }));
  if (items.length === 0) {
    tellEmpty();
    return [];
  }
  const placeHolder = vscode.l10n.t('Select an experiment');
  const chosen = await vscode.window.showQuickPick(items, {
    title: placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen ? [chosen.entry] : [];
}

const tellEmpty = (): void => void showInformationMessage(vscode.l10n.t('The history of this workspace is empty.'));

/** Injects experiments of the history again, with the same guards as any other injection. */
export const rerunFromHistory: Command = {
  id: 'rerunFromHistory',
  run: async (context, ...args) => {
    const entries = await chooseEntries(context, args);
    const lacking = entries.find(lacksSecrets);
    if (lacking)
      throw new AppError(
        'invalid',
        msg`${lacking.experiment.ref.name} contained a possible secret, which was not saved.`,
        {
          hint: 'Open its YAML, add the missing value, and apply it.',
        },
      );
    await runAgain(
      context,
      entries.map(({ experiment }) => experiment),
      entries.map((entry) => entry.context),
    );
  },
};

/** Opens the manifest as it would be sent again. */
export const showHistoryYaml: Command = {
  id: 'showHistoryYaml',
  run: async (context, ...args) => {
    for (const { experiment } of await chooseEntries(context, args)) {
      const { status: _status, ...manifest } = cloneManifest(experiment.object, context.createdBy);
      const { name, kind, namespace } = experiment.ref;
      const content = `# ${kind} ${namespace}/${name}\n${await context.sessions.toYaml(manifest)}`;
      await context.reports.show(`${name}.yaml`, content);
    }
  },
};

/** The events of an ended experiment: from its records, and from the server if it still has them. */
export const showHistoryEvents: Command = {
  id: 'showHistoryEvents',
  run: async (context, ...args) => {
    for (const { experiment } of await chooseEntries(context, args)) await context.events.show(experiment);
  },
};

/** Saves the history as JSON, CSV or Markdown. */
export const exportHistoryCommand: Command = {
  id: 'exportHistory',
  run: async (context) => {
    await context.history.load();
    const { entries } = context.history;
    if (entries.length === 0) return tellEmpty();
    const formats: (vscode.QuickPickItem & { format: HistoryFormat })[] = [
      { label: 'JSON', description: vscode.l10n.t('everything, including manifests'), format: 'json' },
      { label: 'CSV', description: vscode.l10n.t('one line per experiment, for a spreadsheet'), format: 'csv' },
      { label: 'Markdown', description: vscode.l10n.t('a table to read'), format: 'md' },
    ];
    const placeHolder = vscode.l10n.t('Export {0} experiments as', entries.length);
    const chosen = await vscode.window.showQuickPick(formats, { title: placeHolder });
    if (!chosen) return;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const uri = await vscode.window.showSaveDialog({
      ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, `distdiag-history.${chosen.format}`) } : {}),
      filters: { [chosen.label]: [chosen.format] },
    });
    if (!uri) return;
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(write(entries, chosen.format)));
    const open = vscode.l10n.t('Open');
    const message = vscode.l10n.t('Exported {0} experiments.', entries.length);
    void showInformationMessage(message, open).then((answer) => {
      if (answer === open) void vscode.window.showTextDocument(uri);
    });
  },
};

/** Clears the history after a confirmation; the cluster stays unchanged. */
export const clearHistory: Command = {
  id: 'clearHistory',
  run: async (context) => {
    await context.history.load();
    const count = context.history.entries.length;
    if (count === 0) return tellEmpty();
    const go = vscode.l10n.t('Clear');
    const detail = vscode.l10n.t(
      'This cannot be undone. The runs of resilience tests are cleared too. The cluster is not changed.',
    );
    const question = vscode.l10n.t('Clear the {0} experiments from this workspace’s history?', count);
    if ((await showWarningMessage(question, { modal: true, detail }, go)) === go)
      await Promise.all([context.history.clear(), context.testRuns.clear()]);
  },
};
