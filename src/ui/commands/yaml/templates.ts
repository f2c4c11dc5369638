import * as vscode from 'vscode';
import type { ChaosObject } from '../../../core/experiments/experiment';
import { isRecord } from '../../../core/base/unknown';
import { localized } from '../../text/coreText';
import type { Command } from '../context';
import { chooseExperiments } from '../experiments/pickExperiment';

/** Opens a new YAML document from a template, filled with the settings' target. */
export const newExperimentFromTemplate: Command = {
  id: 'newExperimentFromTemplate',
  run: async ({ documents }) => {
    const { templates } = await documents.language();
    const items = templates(documents.context).map(({ title, description, kind, text }) => ({
      label: localized(title),
      description: kind,
      detail: localized(description),
      text,
    }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Select an experiment'),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (chosen) await openUntitled(chosen.text);
  },
};

/** Opens an experiment, or an object that is not injected yet, as a YAML document. */
export const saveExperimentAsYaml: Command = {
  id: 'saveExperimentAsYaml',
  run: async (context, ...args) => {
    const [first] = args;
    const { write } = await context.documents.language();
    if (isManifest(first)) return openUntitled(write(first));
    for (const { object } of await chooseExperiments(context, args, vscode.l10n.t('Select an experiment')))
      await openUntitled(write(object));
  },
};

const isManifest = (value: unknown): value is ChaosObject =>
  isRecord(value) && typeof value['apiVersion'] === 'string' && isRecord(value['spec']);

/** Opens a new unsaved document. */
async function openUntitled(content: string): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'yaml', content }));
}
