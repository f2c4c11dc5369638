import * as vscode from 'vscode';
import { emergencyStop as stopEverything, isOver } from '../../../core/stop/emergencyStop';
import { derivePhase, isActive } from '../../../core/experiments/phase';
import { showError, withProgress } from '../../text/errors';
import { emergencyText } from '../../text/emergencyText';
import type { Command, CommandContext } from '../context';
import { stopParts } from '../../scripting/stopParts';
import { showErrorMessage, showInformationMessage } from '../../text/notify';

/** Stops all our experiments at once, without a question because it only removes faults. Reports targets that have not recovered. */
export const emergencyStopCommand: Command = {
  id: 'emergencyStop',
  run: async (context) => {
    const session = await context.sessions.current();
    const parts = stopParts(session, context.log);
    const title = vscode.l10n.t('Emergency stop on {0}', session.context);
    const report = await withProgress(title, (signal, onProgress) =>
      stopEverything(parts, session.store.snapshot.experiments, { signal, onProgress }),
    );
    session.store.relist();
    const { outcomes, unlisted, listError, lost, others } = report;
    for (const error of lost) void showError(error, context.log);
    if (outcomes.length === 0 && unlisted.length === 0 && !listError && lost.length === 0) {
      const acting = others.filter((one) => isActive(derivePhase(one, session.clock.now()).phase));
      const none = vscode.l10n.t('You have no experiments on {0}.', session.context);
      void showInformationMessage(
        acting.length === 0
          ? none
          : `${none} ${vscode.l10n.t('Still running, started by others: {0}', acting.map(({ ref }) => ref.name).join(', '))}`,
      );
      return;
    }
    const text = emergencyText(report, session.context);
    const name = `emergency-stop-${new Date(report.startedAt).toISOString().slice(0, 19).replaceAll(':', '-')}.md`;
    const left = outcomes.filter((outcome) => !isOver(outcome));
    const bad = left.length > 0 || unlisted.length > 0 || listError !== undefined || lost.length > 0;
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
              '{0} of {1} experiments did not recover. The report lists the targets and the reasons.',
              left.length,
              all,
            )
          : vscode.l10n.t('Some objects could not be checked. The report lists them.'),
        ...(left.length > 0 ? [force] : []),
        save,
      )
    : await showInformationMessage(
        all === 1
          ? vscode.l10n.t('Your experiment is stopped and its targets have recovered.')
          : vscode.l10n.t('All {0} experiments are stopped and their targets have recovered.', all),
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
