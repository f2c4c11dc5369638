import * as vscode from 'vscode';
import { cloneManifest } from '../../core/manifest';
import { policyOf } from '../policy';
import { isPausable } from '../tree/experimentLook';
import type { Command } from './context';
import { chooseExperiments, kindsOf } from './pickExperiment';
import { waitForInjection } from './waitForInjection';

export const pauseExperiment: Command = {
  id: 'pauseExperiment',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const question = vscode.l10n.t('Which experiment is to pause?');
    const chosen = await chooseExperiments(context, args, question, (_, phase) => isPausable(phase));
    await session.access.require('pause', kindsOf(chosen));
    await Promise.all(chosen.map((experiment) => session.injection.pause(experiment.ref)));
  },
};

export const resumeExperiment: Command = {
  id: 'resumeExperiment',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const question = vscode.l10n.t('Which experiment is to go on?');
    const chosen = await chooseExperiments(context, args, question, ({ paused }) => paused);
    await session.access.require('pause', kindsOf(chosen));
    await Promise.all(chosen.map((experiment) => session.injection.resume(experiment, policyOf(session))));
  },
};

/** Injects a clone under a new name: a spec cannot be edited. */
export const rerunExperiment: Command = {
  id: 'rerunExperiment',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    for (const experiment of await chooseExperiments(
      context,
      args,
      vscode.l10n.t('Which experiment is to run again?'),
    )) {
      await session.access.require('inject', [experiment.ref.kind]);
      const go = vscode.l10n.t('Run Again');
      const pods = [...new Set(experiment.targets.map(({ pod }) => pod))].join(', ');
      const detail = `${experiment.summary}\n${pods}\n${session.context}`;
      if (
        (await vscode.window.showWarningMessage(
          vscode.l10n.t('Inject {0} again?', experiment.ref.name),
          { modal: true, detail },
          go,
        )) !== go
      )
        continue;
      const manifest = cloneManifest(experiment.object, context.createdBy);
      const title = vscode.l10n.t('Running {0} again', experiment.ref.name);
      const policy = policyOf(session);
      await waitForInjection(context, title, (options) => session.injection.injectManifest(manifest, policy, options));
    }
  },
};
