import * as vscode from 'vscode';
import { formatDuration, parseDuration, UNTIL_STOPPED_MS } from '../../../core/time/duration';
import type { Experiment } from '../../../core/experiments/experiment';
import { timeLeft } from '../../../core/experiments/phase';
import { cannotExtend, extensionOf, mayOverlap } from '../../../core/injection/prolongation';
import { extendExperiment as extend } from '../../../core/injection/extending';
import { confirmHarmOfAll } from '../inject/confirmHarm';
import type { Command } from '../context';
import { partsOf } from './lifecycle';
import { chooseExperiments, experimentKinds } from './pickExperiment';
import { waitForInjection } from '../inject/waitForInjection';

/** Extends running experiments, each by a clone with the remaining time plus the extension. */
export const extendExperimentCommand: Command = {
  id: 'extendExperiment',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const now = session.clock.now();
    const given = args.length > 0;
    const chosen = await chooseExperiments(
      context,
      args,
      vscode.l10n.t('Select an experiment to extend'),
      (experiment) => given || cannotExtend(experiment, now) === undefined,
    );
    const [first] = chosen;
    if (!first) return;
    const able = chosen.filter((experiment) => cannotExtend(experiment, now) === undefined);
    const refusal = cannotExtend(first, now);
    if (able.length === 0 && refusal) throw refusal;
    await session.access.require('inject', experimentKinds(able));
    await session.access.require('stop', experimentKinds(able));
    const moreMs = await askForMore(able, now);
    if (moreMs === undefined) return;
    const [only] = able as [Experiment];
    const ask =
      able.length === 1
        ? vscode.l10n.t('Extend {0} by {1}?', only.ref.name, formatDuration(moreMs))
        : vscode.l10n.t('Extend {0} experiments by {1}?', able.length, formatDuration(moreMs));
    const clones = able.map((experiment) => extensionOf(experiment, moreMs, now, context.createdBy));
    const agreed = await confirmHarmOfAll(clones, session, {
      action: vscode.l10n.t('Extend'),
      question: ask,
      note: orders(able).join('\n'),
    });
    if (!agreed) return;
    const { policy } = agreed;
    const parts = partsOf(session, context);
    const { createdBy } = context;
    await Promise.all(
      able.map((experiment) =>
        waitForInjection(context, vscode.l10n.t('Extending {0}', experiment.ref.name), (options) =>
          extend(parts, { experiment, moreMs, policy, createdBy }, options),
        ),
      ),
    );
  },
};

/** What happens to the targets between the two. */
function orders(experiments: readonly Experiment[]): string[] {
  const overlapping = experiments.filter(mayOverlap).length;
  return [
    ...(overlapping < experiments.length
      ? [
          vscode.l10n.t(
            'The duration of an experiment cannot be changed, so a clone replaces it: the old experiment is paused and its targets recover, the clone is injected into the same targets, then the old experiment is deleted. The fault is gone for a few seconds and is never applied twice.',
          ),
        ]
      : []),
    ...(overlapping > 0
      ? [
          vscode.l10n.t(
            'A partition is extended without a gap: the clone is injected first, then the old experiment is deleted.',
          ),
        ]
      : []),
  ];
}

async function askForMore(experiments: readonly Experiment[], nowMs: number): Promise<number | undefined> {
  const [only] = experiments.length === 1 ? experiments : [];
  const left = only ? timeLeft(only, nowMs) : undefined;
  const then = (ms: number): string =>
    left === undefined ? '' : vscode.l10n.t('ends in {0}', formatDuration(Math.ceil((left + ms) / 1000) * 1000));
  const offered = [60_000, 180_000, 300_000, 600_000, 1_800_000, 3_600_000];
  const other = vscode.l10n.t('Another duration…');
  const items = [
    ...offered.map((ms) => ({ label: `+${formatDuration(ms)}`, description: then(ms), ms })),
    { label: other, description: '', ms: undefined },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Extend by…') });
  if (!picked || picked.ms !== undefined) return picked?.ms;
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Extend by…'),
    prompt: vscode.l10n.t('A duration, for example 90s, 5m or 1h30m.'),
    validateInput: (text) => {
      const ms = parseDuration(text);
      if (ms === undefined) return vscode.l10n.t('Enter a duration such as 90s, 5m or 1h30m.');
      return ms < 1000 || ms > UNTIL_STOPPED_MS
        ? vscode.l10n.t('Enter a duration between one second and one day.')
        : undefined;
    },
  });
  return typed === undefined ? undefined : parseDuration(typed);
}
