import * as vscode from 'vscode';
import type { Scenario } from '../../../core/scenario/scenario';
import { showInformationMessage } from '../../text/notify';
import type { CommandContext } from '../context';

/** Opens a scenario as a new unsaved file; nothing is injected. */
export async function openNewScenario({ scenarioLanguage }: CommandContext, scenario: Scenario): Promise<void> {
  const text = (await scenarioLanguage()).write(scenario);
  const uri = freeName(scenario.name.toLowerCase().replace(/[^a-z0-9]+/g, '-'));
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, new vscode.Position(0, 0), text);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document);
  void showInformationMessage(
    vscode.l10n.t('Nothing was injected. Save the file in the workspace to run it in the Testing view.'),
  );
}

/** The proposed file name; its ending marks the file as a scenario. */
function freeName(stem: string): vscode.Uri {
  const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
  for (let count = 1; ; count += 1) {
    const name = `${stem}${count === 1 ? '' : `-${count}`}.scenario.yaml`;
    const uri = vscode.Uri.from({ scheme: 'untitled', path: name });
    if (!open.has(uri.toString())) return uri;
  }
}
