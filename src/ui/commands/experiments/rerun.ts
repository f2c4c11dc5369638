import * as vscode from 'vscode';
import { formatDuration } from '../../../core/time/duration';
import type { Experiment } from '../../../core/experiments/experiment';
import { cloneManifest, endedAfter } from '../../../core/injection/manifest';
import { confirmHarm, confirmHarmOfAll } from '../inject/confirmHarm';
import type { Command, CommandContext } from '../context';
import { chooseExperiments, experimentKinds } from './pickExperiment';
import { waitForInjection } from '../inject/waitForInjection';

/** Injects clones under new names: a spec cannot be edited. */
export const rerunExperiment: Command = {
  id: 'rerunExperiment',
  run: async (context, ...args) =>
    runAgain(context, await chooseExperiments(context, args, vscode.l10n.t('Select an experiment to run again'))),
};

/**
 * Confirms what the experiments would hit now, which may differ from then (and so may the cluster: `contexts` has the
 * contexts of that time), and injects a clone of each.
 */
export async function runAgain(
  context: CommandContext,
  chosen: readonly Experiment[],
  contexts: readonly string[] = [],
): Promise<void> {
  const [first] = chosen;
  if (!first) return;
  const session = await context.sessions.current();
  await session.access.require('inject', experimentKinds(chosen));
  const { defaultDurationMs } = session.config;
  const copies = chosen.map(({ object }) => cloneManifest(object, context.createdBy));
  const clones = copies.map((copy) => endedAfter(copy, defaultDurationMs));
  const notes: string[] = [];
  const elsewhere = [...new Set(contexts)].filter((one) => one !== session.context);
  if (elsewhere.length > 0)
    notes.push(`⚠ ${vscode.l10n.t('It ran in {0} and will now run in {1}.', elsewhere.join(', '), session.context)}`);
  if (clones.some((clone, i) => clone !== copies[i]))
    notes.push(vscode.l10n.t('A duration is added where there was none: {0}.', formatDuration(defaultDurationMs)));
  const said = { action: vscode.l10n.t('Run Again'), ...(notes.length > 0 ? { note: notes.join('\n') } : {}) };
  const [only] = clones.length === 1 ? clones : [];
  const question = only
    ? vscode.l10n.t('Inject {0} again?', first.ref.name)
    : vscode.l10n.t('Inject {0} experiments again?', chosen.length);
  const agreed = only
    ? await confirmHarm(only, session, { ...said, question })
    : await confirmHarmOfAll(clones, session, { ...said, question });
  if (!agreed) return;
  await Promise.all(
    agreed.manifests.map((manifest, i) =>
      waitForInjection(context, vscode.l10n.t('Running {0} again', (chosen[i] as Experiment).ref.name), (options) =>
        session.injection.injectManifest(manifest, agreed.policy, options),
      ),
    ),
  );
}
