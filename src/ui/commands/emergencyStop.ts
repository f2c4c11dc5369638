import * as vscode from 'vscode';
import { emergencyStop as stopEverything, isOver } from '../../core/emergencyStop';
import { showError, withProgress } from '../errors';
import { endStarters } from '../starters';
import { emergencyText } from '../emergencyText';
import type { Command, CommandContext } from './context';
import { partsOf } from './lifecycle';
import { showErrorMessage, showInformationMessage } from '../notify';

/** Stops everything of ours at once, with no question first: it only takes faults back. What is not recovered is reported by target. */
export const emergencyStop: Command = {
  id: 'emergencyStop',
  run: async (context) => {
    const session = await context.sessions.current();
    const parts = partsOf(session, context);
    const title = vscode.l10n.t('Emergency stop on {0}', session.context);
    const starters = endStarters(session, context.log); // nothing begins behind what is stopped here
    const report = await withProgress(title, (signal, onProgress) =>
      stopEverything(parts, session.store.snapshot.experiments, { signal, onProgress }),
    );
    for (const error of await starters) void showError(error, context.log);
    session.store.relist();
    const { outcomes, unlisted, listError } = report;
    if (outcomes.length === 0 && unlisted.length === 0 && !listError) {
      void showInformationMessage(vscode.l10n.t('No experiment of yours is on {0}.', session.context));
      return;
    }
    const text = emergencyText(report, session.context);
    const name = `emergency-stop-${new Date(report.startedAt).toISOString().slice(0, 19).replaceAll(':', '-')}.md`;
    const left = outcomes.filter((outcome) => !isOver(outcome));
    const bad = left.length > 0 || unlisted.length > 0 || listError !== undefined;
    if (bad) await context.reports.show(name, text);
    void tell(context, { bad, left: left.map(({ experiment }) => experiment.key), all: outcomes.length, name, text });
  },
};

interface Told {
  bad: boolean;
  left: readonly string[];
  all: number;
  name: string;
  text: string;
}

async function tell(context: CommandContext, { bad, left, all, name, text }: Told): Promise<void> {
  const show = vscode.l10n.t('Show Report');
  const save = vscode.l10n.t('Save Report…');
  const force = vscode.l10n.t('Force Clean-Up…');
  const chosen = bad
    ? await showErrorMessage(
        left.length > 0
          ? vscode.l10n.t(
              '{0} of {1} experiments are not recovered. The report says which targets, and why.',
              left.length,
              all,
            )
          : vscode.l10n.t('Not everything could be looked at. The report says what.'),
        ...(left.length > 0 ? [force] : []),
        save,
      )
    : await showInformationMessage(
        all === 1
          ? vscode.l10n.t('Your experiment is stopped, and its targets are recovered.')
          : vscode.l10n.t('All {0} experiments are stopped, and their targets are recovered.', all),
        show,
        save,
      );
  if (chosen === show) await context.reports.show(name, text);
  else if (chosen === save) await saveReport(name, text);
  else if (chosen === force)
    for (const key of left) await vscode.commands.executeCommand('distdiag.forceCleanExperiment', key);
}

async function saveReport(name: string, text: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    filters: { Markdown: ['md'] },
  });
  if (uri) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}
