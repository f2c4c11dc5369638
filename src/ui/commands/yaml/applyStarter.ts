import * as vscode from 'vscode';
import { parseCron } from '../../../core/time/cron';
import type { ChaosObject } from '../../../core/experiments/experiment';
import { SCHEDULE } from '../../../core/workflows/embedded';
import type { Held } from '../../../core/workflows/held';
import { oneLine } from '../../../core/base/sanitize';
import { textOf } from '../../../core/base/unknown';
import { withProgress } from '../../text/errors';
import { withoutIcons } from '../../text/plainText';
import type { ClusterSession } from '../../session/session';
import { coarse } from '../../tree/experimentStyle';
import { confirmHarmOfAll } from '../inject/confirmHarm';

/** Applies a workflow or a schedule, after confirmation of everything that it would start. */
export async function applyStarter(session: ClusterSession, manifest: ChaosObject, held: Held): Promise<void> {
  const name = manifest.metadata.name ?? manifest.kind;
  const agreed = await confirmHarmOfAll(held.manifests, session, {
    action: vscode.l10n.t('Apply'),
    question: vscode.l10n.t('Apply {0}?', `${manifest.kind} ${name}`),
    note: startsWords(manifest, session.clock.now()).join('\n'),
    moments: held.moments,
    starter: manifest,
    besides: held,
    before: held.manifests.map((one) => `${one.metadata.name ?? ''}:`),
    hint: vscode.l10n.t(
      'Correct the selector, or wait until its pods exist: an experiment without targets fails. Nothing was created.',
    ),
  });
  if (!agreed) return;
  await withProgress(vscode.l10n.t('Applying {0}', name), (signal, onProgress) =>
    session.injection.createStarter(manifest, agreed.policy, { signal, onProgress }, held),
  );
  vscode.window.setStatusBarMessage(`$(pass) ${withoutIcons(vscode.l10n.t('{0} applied', name))}`, 5000);
}

/** What it starts and when, in words. */
function startsWords({ kind, spec }: ChaosObject, nowMs: number): string[] {
  const lines: string[] = [];
  if (kind === SCHEDULE) {
    const when = oneLine(textOf(spec['schedule']));
    const next = parseCron(when)?.next(nowMs);
    lines.push(
      next === undefined
        ? vscode.l10n.t('It repeats ({0}) until it is stopped.', when)
        : vscode.l10n.t('It repeats ({0}), next in {1}, until it is stopped.', when, coarse(next - nowMs)),
    );
    if (spec['concurrencyPolicy'] === 'Allow')
      lines.push(`⚠ ${vscode.l10n.t('A run may start while the previous one is still active, also in other pods.')}`);
  } else lines.push(vscode.l10n.t('Chaos Mesh runs the steps itself, even when this editor is closed.'));
  return lines;
}
