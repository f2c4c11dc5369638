import * as vscode from 'vscode';
import { formatDuration } from '../../core/duration';
import type { ChaosObject, Experiment } from '../../core/experiment';
import { cloneManifest, endedAfter } from '../../core/manifest';
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

/**
 * Asks what would be hit now, which need not be what was hit then (nor where: `contexts` has those of then), and injects
 * a clone of each.
 */
export async function runAgain(
  context: CommandContext,
  chosen: readonly Experiment[],
  contexts: readonly string[] = [],
): Promise<void> {
  const [first] = chosen;
  if (!first) return;
  const session = await context.sessions.current();
  await session.access.require('inject', kindsOf(chosen));
  const { defaultDurationMs } = session.config;
  const copies = chosen.map(({ object }) => cloneManifest(object, context.createdBy));
  const clones = copies.map((copy) => endedAfter(copy, defaultDurationMs));
  const notes: string[] = [];
  const elsewhere = [...new Set(contexts)].filter((one) => one !== session.context);
  if (elsewhere.length > 0)
    notes.push(
      `⚠ ${vscode.l10n.t('It acted in {0} then, and acts in {1} now.', elsewhere.join(', '), session.context)}`,
    );
  if (clones.some((clone, i) => clone !== copies[i]))
    notes.push(vscode.l10n.t('What had no end gets one: {0}.', formatDuration(defaultDurationMs)));
  const said = { action: vscode.l10n.t('Run Again'), ...(notes.length > 0 ? { note: notes.join('\n') } : {}) };
  let manifests: ChaosObject[];
  if (chosen.length === 1) {
    const question = vscode.l10n.t('Inject {0} again?', first.ref.name);
    const confirmed = await confirmHarm(clones[0] as ChaosObject, session, { ...said, question });
    manifests = confirmed ? [confirmed] : [];
  } else {
    const question = vscode.l10n.t('Inject {0} experiments again?', chosen.length);
    manifests = (await confirmHarmOfAll(clones, session, { ...said, question })) ? clones : [];
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
