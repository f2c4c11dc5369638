import * as vscode from 'vscode';
import { isRecord } from '../../../core/base/unknown';
import { testOfUntried, untried, type Untried } from '../../../core/testCoverage/missing';
import { faultDefinition } from '../../../core/faults/catalogue';
import { MOST_STEPS } from '../../../core/scenario/scenario';
import { coverageOn } from '../../history/clusterCoverage';
import { showInformationMessage } from '../../text/notify';
import { anomalyName } from '../../text/labels';
import { withoutIcons } from '../../text/plainText';
import type { Command } from '../context';
import { loadTargets } from '../inject/injectAnomaly';
import { openNewScenario } from './openNewScenario';

/** Opens a new scenario of untested faults: one fault on one target, else those that the user leaves selected. */
export const testUntried: Command = {
  id: 'testUntried',
  run: async (context, cell) => {
    const session = await context.sessions.current();
    const targets = await loadTargets(session);
    const missing = untried(await coverageOn(context, session, targets));
    const asked = isRecord(cell)
      ? missing.filter(({ fault, target }) => fault === cell['fault'] && target === cell['target'])
      : await choose(missing);
    if (asked && asked.length > 0) return openNewScenario(context, testOfUntried(asked));
    if (missing.length === 0 || isRecord(cell))
      void showInformationMessage(vscode.l10n.t('Already tried. There is nothing to add.'));
  },
};

/** Faults that need a confirmation are offered, but not preselected. */
async function choose(missing: readonly Untried[]): Promise<readonly Untried[] | undefined> {
  if (missing.length === 0) return [];
  const harmless = missing.filter(({ fault }) => !faultDefinition(fault).needsConfirmation).slice(0, MOST_STEPS);
  const items = missing.map((one) => ({
    label: withoutIcons(`${anomalyName(one.fault)} · ${one.target}`),
    ...(one.target === one.node ? {} : { description: withoutIcons(one.node) }),
    picked: harmless.includes(one),
    one,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Test what is missing'),
    placeHolder: vscode.l10n.t(
      'Opens a scenario of at most {0} faults, one after another. Nothing is injected.',
      MOST_STEPS,
    ),
    canPickMany: true,
    matchOnDescription: true,
  });
  return chosen?.map(({ one }) => one);
}
