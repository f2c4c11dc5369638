import * as vscode from 'vscode';
import { FAULTS } from '../../../core/faults/catalogue';
import { presetTest } from '../../../core/presets/presetTest';
import { localized } from '../../text/coreText';
import type { Command } from '../context';
import { openNewScenario } from './openNewScenario';

/** Opens a ready-made resilience test of one fault as a new scenario file. */
export const newResilienceTest: Command = {
  id: 'newResilienceTest',
  run: async (context) => {
    const items = FAULTS.map(({ type, title, description, kind }) => ({
      label: localized(title),
      description: kind,
      detail: localized(description),
      type,
    }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('New resilience test: select a fault'),
      placeHolder: vscode.l10n.t('Opens a scenario with expectations for three nodes. Nothing is injected.'),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (chosen) await openNewScenario(context, presetTest(chosen.type));
  },
};
