import * as vscode from 'vscode';
import { inARow, type Text } from '../../../core/base/text';
import { AppError } from '../../../core/base/errors';
import type { ChaosObject } from '../../../core/experiments/experiment';
import { isOneShot } from '../../../core/experiments/kinds';
import { elsewhereText } from '../../../core/experiments/remoteClusters';
import { summarize } from '../../../core/experiments/summary';
import { oneLine } from '../../../core/base/sanitize';
import { checkObjects, type InjectionPolicy } from '../../../core/injection/policy';
import type { Impact } from '../../../core/impact/impact';
import { narrowed, pinned } from '../../../core/impact/hits';
import { podId, type SelectablePod } from '../../../core/impact/pod';
import { LONGEST_SUMMARY } from '../../../core/impact/rest';
import { textOf } from '../../../core/base/unknown';
import { localized } from '../../text/coreText';
import { withProgress } from '../../text/errors';
import { assessImpact, type Beginning } from '../../impact/impact';
import { impactLines, hitWords, restLines } from '../../impact/impactText';
import { showWarningMessage } from '../../text/notify';
import { plainText, withoutIcons } from '../../text/plainText';
import { askedPolicyOf } from '../../session/policy';
import type { ClusterSession } from '../../session/session';

/** The texts of the confirmation. */
export interface HarmQuestion extends Beginning {
  /** The button that confirms, e.g. "Run Again"; "Inject" by default. */
  action?: string;
  /** The question, e.g. "Inject x again?"; by default it names the object. */
  question?: string;
  /** Further effects, below the list of what is hit. */
  note?: string;
  /** Prefix for each of several objects: when it starts, or its name. */
  before?: readonly string[];
  /** What to do if nothing would be hit. */
  hint?: string;
}

/** What a person has confirmed, and what that allows. */
export interface Agreement {
  /** The objects to send, for exactly the pods that were shown. */
  manifests: readonly ChaosObject[];
  policy: InjectionPolicy;
}

/**
 * Shows what an object would hit before anything is sent: its pods, with check boxes if there are several, then the risks.
 * If it hits a majority of the database, a pod on its host's network, another cluster, or anything protected or unknown,
 * the context's name must be typed. Resolves with what was confirmed, undefined if the user cancelled. Throws AppError
 * `invalid` if the policy forbids it or nothing would be hit.
 */
export async function confirmHarm(
  manifest: ChaosObject,
  session: ClusterSession,
  question: HarmQuestion = {},
): Promise<Agreement | undefined> {
  const harm = await lookedAt([manifest], session);
  const pods = harm.parts[0]?.hits.pods ?? [];
  const ticked = pods.length < 2 ? pods : await tick(manifest, harm, session);
  if (!ticked) return undefined;
  if (ticked.length === pods.length) return askAbout(harm, session, question);
  return askAbout(await lookedAt([narrowed(manifest, ticked)], session), session, question);
}

/** The same for several objects of one command, counted together and without check boxes. */
export async function confirmHarmOfAll(
  manifests: readonly ChaosObject[],
  session: ClusterSession,
  question: HarmQuestion = {},
): Promise<Agreement | undefined> {
  return askAbout(await lookedAt(manifests, session, question), session, question);
}

/**
 * Asks for the context's name if there is a grave risk in it, and for those of other clusters; true if all were typed, or
 * if nothing is grave.
 */
async function confirmGrave({ grave, clusters }: Impact, context: string): Promise<boolean> {
  const remote = clusters.map((name) => String(elsewhereText(name)));
  const isRemote = (reason: Text): boolean => remote.includes(String(reason));
  const here = grave.filter((reason) => !isRemote(reason));
  const elsewhere = clusters.join(', ');
  return (
    (here.length === 0 ||
      (await isTyped(context, here, vscode.l10n.t('To inject anyway, type the context name: {0}', context)))) &&
    (elsewhere === '' ||
      (await isTyped(
        elsewhere,
        grave.filter(isRemote),
        vscode.l10n.t('To inject anyway, type the name of the target cluster: {0}', elsewhere),
      )))
  );
}

async function isTyped(name: string, reasons: readonly Text[], prompt: string): Promise<boolean> {
  const typed = await vscode.window.showInputBox({
    title: plainText(oneLine(inARow(...reasons.map(localized)))),
    prompt,
    placeHolder: name,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === '' || text === name ? undefined : vscode.l10n.t('The name does not match. Type {0}.', name),
  });
  return typed === name;
}

async function lookedAt(
  manifests: readonly ChaosObject[],
  session: ClusterSession,
  { hint, ...beginning }: HarmQuestion = {},
): Promise<Impact> {
  const { starter } = beginning;
  const [issue] = checkObjects(askedPolicyOf(session), [...manifests, ...(starter ? [starter] : [])]);
  if (issue) throw new AppError('invalid', issue.message, { hint: 'Nothing was changed in the cluster.' });
  const harm = await withProgress(vscode.l10n.t('Determining the targets'), (signal) =>
    assessImpact(manifests, session, signal, beginning),
  );
  const [problem] = harm.problems;
  if (problem !== undefined)
    throw new AppError('invalid', problem, {
      hint:
        hint ??
        vscode.l10n.t(
          'Chaos Mesh selects targets only once. Correct the selector, or wait until its pods exist. Nothing was created.',
        ),
    });
  return harm;
}

async function tick(
  manifest: ChaosObject,
  { parts }: Impact,
  session: ClusterSession,
): Promise<readonly SelectablePod[] | undefined> {
  const hits = parts[0]?.hits;
  if (!hits) return [];
  const items = hits.pods.map((pod) => ({
    label: withoutIcons(pod.target.pod),
    description: [pod.target.namespace, pod.target.hostNode ?? ''].filter((one) => one !== '').join(' · '),
    picked: true,
    pod,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: `${manifest.metadata.name ?? manifest.kind}: ${summarize(manifest)} · ${session.context}`,
    placeHolder: hits.random
      ? vscode.l10n.t('Chaos Mesh picks {0} of these. Clear the pods that must not be affected.', hits.atMost)
      : vscode.l10n.t('These pods are the targets. Clear the ones that must not be affected.'),
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  if (!chosen) return undefined;
  if (chosen.length === 0)
    throw new AppError('invalid', 'No pods are selected.', { hint: 'Nothing was changed in the cluster.' });
  const wanted = new Set(chosen.map(({ pod }) => podId(pod)));
  return hits.pods.filter((pod) => wanted.has(podId(pod)));
}

/** One dialog with everything to know; typing the name comes after it. */
export async function askAbout(
  harm: Impact,
  session: ClusterSession,
  asked: HarmQuestion,
): Promise<Agreement | undefined> {
  const { action, question, note, before = [] } = asked;
  const inject = action ?? vscode.l10n.t('Inject');
  const go = harm.grave.length > 0 ? vscode.l10n.t('{0}…', inject) : inject;
  const names = harm.parts.map(({ manifest }) => manifest.metadata.name ?? manifest.kind).join(', ');
  const several = harm.parts.length > 1;
  const lines = harm.parts.flatMap(({ manifest, hits, rest }, i) => {
    const what = `${summarize(manifest).slice(0, LONGEST_SUMMARY)} · ${lasting(manifest)}`;
    // Several objects each say what they hit.
    const line = several ? `• ${before[i] ?? ''} ${what} → ${hitWords(hits)}` : what;
    return [oneLine(line), ...restLines(rest.lines)];
  });
  if (several) lines.push('');
  const cluster = [session.context, ...(harm.clusters.length > 0 ? [harm.clusters.join(', ')] : [])].join(' → ');
  // Pods of another namespace may have the same names.
  const hit = harm.parts.flatMap(({ hits }) => [...hits.pods, ...(hits.peers?.pods ?? [])]);
  const namespaces = [...new Set(hit.map(({ target }) => target.namespace))];
  const where = [cluster, ...(hit.length > 0 ? [namespaces.join(', ')] : [])].join(' · ');
  const detail = [
    ...lines,
    ...impactLines(harm),
    ...restLines(harm.besides),
    ...(note === undefined ? [] : ['', note]),
    '',
    where,
  ].join('\n');
  const title = oneLine(question ?? vscode.l10n.t('Inject {0}?', names));
  const answer = await showWarningMessage(title, { modal: true, detail }, go);
  if (answer !== go || !(await confirmGrave(harm, session.context))) return undefined;
  return agreementOn(harm, session);
}

/** Records that a person has seen this impact and confirmed. */
export const agreementOn = (harm: Impact, session: ClusterSession): Agreement => ({
  manifests: harm.parts.map(({ manifest, hits }) => pinned(manifest, hits)),
  policy: { ...askedPolicyOf(session), agreed: harm },
});

function lasting({ kind, spec }: ChaosObject): string {
  if (isOneShot(kind, spec)) return vscode.l10n.t('happens once');
  return textOf(spec['duration']) || vscode.l10n.t('until stopped');
}
