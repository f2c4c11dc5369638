import * as vscode from 'vscode';
import type { ChaosObject, Experiment } from '../../core/experiment';
import { cloneManifest } from '../../core/manifest';
import { askedPolicyOf } from '../policy';
import { confirmHarm, confirmHarmOfAll } from './confirmHarm';
import type { Command, CommandContext } from './context';
import { chooseExperiments, kindsOf } from './pickExperiment';
import { waitForInjection } from './waitForInjection';

/** Injects clones under new names: a spec cannot be edited. */
export const rerunExperiment: Command = {
  id: 'rerunExperiment',
  run: async (context, ...args) =>
    runAgain(context, await chooseExperiments(context, args, vscode.l10n.t('Which experiment is to run again?'))),
};

/** Asks what would be hit now, which need not be what was hit then, and injects a clone of each. */
export async function runAgain(context: CommandContext, chosen: readonly Experiment[]): Promise<void> {
  const [first] = chosen;
  if (!first) return;
  const session = await context.sessions.current();
  await session.access.require('inject', kindsOf(chosen));
  const clones = chosen.map(({ object }) => cloneManifest(object, context.createdBy));
  const action = vscode.l10n.t('Run Again');
  let manifests: ChaosObject[];
  if (chosen.length === 1) {
    const question = vscode.l10n.t('Inject {0} again?', first.ref.name);
    const confirmed = await confirmHarm(clones[0] as ChaosObject, session, { action, question });
    manifests = confirmed ? [confirmed] : [];
  } else {
    const question = vscode.l10n.t('Inject {0} experiments again?', chosen.length);
    manifests = (await confirmHarmOfAll(clones, session, { action, question })) ? clones : [];
  }
  const policy = askedPolicyOf(session);
  await Promise.all(
    manifests.map((manifest, i) =>
      waitForInjection(context, vscode.l10n.t('Running {0} again', (chosen[i] as Experiment).ref.name), (options) =>
        session.injection.injectManifest(manifest, policy, options),
      ),
    ),
  );
}
