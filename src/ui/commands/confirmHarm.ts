import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import type { ChaosObject } from '../../core/experiment';
import { isOneShot } from '../../core/experimentKinds';
import { summarize } from '../../core/experimentSummary';
import { checkPolicy, namespacesOf } from '../../core/policy';
import type { Harm, Moments } from '../../core/selection/harm';
import { narrowed } from '../../core/selection/hits';
import { podId, type SelectablePod } from '../../core/selection/pod';
import { textOf } from '../../core/unknown';
import { localized } from '../coreText';
import { withProgress } from '../errors';
import { lookAtHarm } from '../harm';
import { harmLines, hitWords } from '../harmWords';
import { showWarningMessage } from '../notify';
import { withoutIcons } from '../plainText';
import { askedPolicyOf } from '../policy';
import type { ClusterSession } from '../session';

/** How the question is put. */
export interface HarmQuestion {
  /** The button that goes on, e.g. "Run Again"; "Inject" by default. */
  action?: string;
  /** What is asked, e.g. "Inject x again?"; by default it names the object. */
  question?: string;
  /** What happens besides, below the list of what is hit. */
  note?: string;
  /** Which of several objects act at the same time; all of them where it is left out. */
  moments?: Moments;
  /** The workflow or schedule that starts these by itself. */
  starter?: ChaosObject;
  /** What stands before each of several objects: when it begins, or its name. */
  before?: readonly string[];
  /** What to do where nothing would be hit. */
  hint?: string;
}

/**
 * Shows what an object would hit before anything is sent: its pods with check boxes where there are several, then the
 * risks; where a majority of the database, a pod on its host's network, something protected or something unknown is hit,
 * the context's name has to be typed. Resolves with the object to inject (narrowed to the ticked pods), undefined where the user left.
 * Throws AppError `invalid` where the policy forbids it or where nothing would be hit.
 */
export async function confirmHarm(
  manifest: ChaosObject,
  session: ClusterSession,
  question: HarmQuestion = {},
): Promise<ChaosObject | undefined> {
  const harm = await lookedAt([manifest], session);
  const pods = harm.parts[0]?.hits.pods ?? [];
  if (pods.length < 2) return (await ask(harm, session, question)) ? manifest : undefined;
  const ticked = await tick(manifest, harm, session);
  if (!ticked) return undefined;
  if (ticked.length === pods.length) return (await ask(harm, session, question)) ? manifest : undefined;
  const fewer = narrowed(manifest, ticked);
  return (await ask(await lookedAt([fewer], session), session, question)) ? fewer : undefined;
}

/** The same for objects that one command creates, counted together and without check boxes: true where all may be injected. */
export async function confirmHarmOfAll(
  manifests: readonly ChaosObject[],
  session: ClusterSession,
  question: HarmQuestion = {},
): Promise<boolean> {
  return ask(await lookedAt(manifests, session, question), session, question);
}

/** Asks for the context's name where something grave would be hit; true where it was typed, or where nothing is grave. */
export async function confirmGrave(harm: Harm, context: string): Promise<boolean> {
  if (harm.grave.length === 0) return true;
  const typed = await vscode.window.showInputBox({
    title: harm.grave.map(localized).join(' '),
    prompt: vscode.l10n.t('To inject all the same, type the name of the context: {0}', context),
    placeHolder: context,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === '' || text === context
        ? undefined
        : vscode.l10n.t('This is not the name of the context. It is {0}.', context),
  });
  return typed === context;
}

async function lookedAt(
  manifests: readonly ChaosObject[],
  session: ClusterSession,
  { moments, starter, hint }: HarmQuestion = {},
): Promise<Harm> {
  const concerned = [...manifests, ...(starter ? [starter] : [])].flatMap(namespacesOf);
  const [issue] = checkPolicy(askedPolicyOf(session), concerned);
  if (issue) throw new AppError('invalid', issue.message, { hint: 'Nothing was changed in the cluster.' });
  const harm = await withProgress(vscode.l10n.t('Looking at what would be hit'), (signal) =>
    lookAtHarm(manifests, session, signal, moments, concerned),
  );
  const [problem] = harm.problems;
  if (problem !== undefined)
    throw new AppError('invalid', problem, {
      hint:
        hint ??
        vscode.l10n.t(
          'Chaos Mesh chooses its targets once: correct the selector, or wait until its pods are there. Nothing was created.',
        ),
    });
  return harm;
}

async function tick(
  manifest: ChaosObject,
  { parts }: Harm,
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
      ? vscode.l10n.t('Chaos Mesh chooses {0} of these. Untick what must not be hit.', hits.atMost)
      : vscode.l10n.t('These pods are hit. Untick what must not be hit.'),
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  if (!chosen) return undefined;
  if (chosen.length === 0)
    throw new AppError('invalid', 'No pod is chosen.', { hint: 'Nothing was changed in the cluster.' });
  const wanted = new Set(chosen.map(({ pod }) => podId(pod)));
  return hits.pods.filter((pod) => wanted.has(podId(pod)));
}

/** Everything that is to be known, in one question; the typed name comes after it. */
async function ask(harm: Harm, session: ClusterSession, asked: HarmQuestion): Promise<boolean> {
  const { action, question, note, before = [] } = asked;
  const inject = action ?? vscode.l10n.t('Inject');
  const go = harm.grave.length > 0 ? vscode.l10n.t('{0}…', inject) : inject;
  const names = harm.parts.map(({ manifest }) => manifest.metadata.name ?? manifest.kind).join(', ');
  const several = harm.parts.length > 1;
  const lines = harm.parts.map(({ manifest, hits }, i) => {
    const what = `${summarize(manifest)} · ${lasting(manifest)}`;
    // Where there are several, each says what it hits itself.
    return several ? `• ${before[i] ?? ''} ${what} → ${hitWords(hits)}`.replace('  ', ' ') : what;
  });
  if (several) lines.push('');
  const detail = [...lines, ...harmLines(harm), ...(note === undefined ? [] : ['', note]), '', session.context].join(
    '\n',
  );
  const answer = await showWarningMessage(question ?? vscode.l10n.t('Inject {0}?', names), { modal: true, detail }, go);
  return answer === go && confirmGrave(harm, session.context);
}

function lasting({ kind, spec }: ChaosObject): string {
  if (isOneShot(kind, spec)) return vscode.l10n.t('happens once');
  return textOf(spec['duration']) || vscode.l10n.t('until stopped');
}
