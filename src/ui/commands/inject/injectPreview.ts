import * as vscode from 'vscode';
import { faultDefinition } from '../../../core/faults/catalogue';
import { formatDuration } from '../../../core/time/duration';
import { AppError } from '../../../core/base/errors';
import { summarize } from '../../../core/experiments/summary';
import { planDurationMs, type InjectionPlan } from '../../../core/injection/plan';
import { localized } from '../../text/coreText';
import { withProgress } from '../../text/errors';
import { propose, type Proposal } from '../../impact/proposal';
import { headroomWords, shareWords } from '../../impact/impactText';
import { withoutIcons } from '../../text/plainText';
import { askedPolicyOf } from '../../session/policy';
import type { ClusterSession } from '../../session/session';
import { anomalyName } from '../../text/labels';
import { agreementOn, askAbout, type Agreement } from './confirmHarm';
import { shortZone, type StepAt } from './injectSteps';
import { pickStep, type StepResult } from './multiStep';

/** The proposal for a plan on the current cluster. The impact, which includes running faults, covers the majority. */
export function proposalOf(session: ClusterSession, plan: InjectionPlan): Promise<Proposal> {
  return withProgress(vscode.l10n.t('Running a server-side dry run'), (signal) =>
    propose(session, plan, askedPolicyOf(session), signal),
  );
}

/** The last step: targets, risks, and the server's verdict, before anything happens. */
export async function previewStep(
  at: StepAt,
  session: ClusterSession,
  plan: InjectionPlan,
  clusterSize: number,
): Promise<StepResult<Proposal>> {
  const proposal = await proposalOf(session, plan);
  const { manifest, impact } = proposal;
  const { problems } = impact;
  const count = [plan.targets.length, clusterSize];
  const { oneShot } = faultDefinition(plan.type);
  const go: vscode.QuickPickItem = {
    label: `$(zap) ${
      oneShot
        ? vscode.l10n.t('Inject into {0} of {1} nodes, once', ...count)
        : vscode.l10n.t('Inject into {0} of {1} nodes for {2}', ...count, formatDuration(planDurationMs(plan)))
    }`,
    description: `${session.context} · ${plan.chaosNamespace}`,
    detail: `$(pass) ${[vscode.l10n.t('Server-side dry run passed'), ...(impact.share.of > 0 ? [shareWords(impact.share)] : [])].join(' · ')}`,
  };
  const asYaml = { label: `$(file-code) ${vscode.l10n.t('Open as YAML instead')}` };
  const items: vscode.QuickPickItem[] = [
    ...(problems.length > 0
      ? [
          separator(vscode.l10n.t('Cannot be injected')),
          ...problems.map((text) => ({ label: `$(error) ${localized(text)}` })),
        ]
      : [go]),
    asYaml,
    ...impact.grave.map((text) => ({ label: `$(alert) ${localized(text)}` })),
    ...impact.warnings.map((text) => ({ label: `$(warning) ${localized(text)}` })),
    ...impact.headroom.flatMap(headroomWords).map((text) => ({ label: `$(info) ${text}` })),
    ...podItems(plan, withoutIcons([summarize(manifest), ...(impact.parts[0]?.rest.lines ?? [])].join(' · '))),
  ];
  const placeholder = vscode.l10n.t('Review the targets');
  for (;;) {
    const result = await pickStep({ ...at, placeholder }, items, problems.length > 0 ? {} : { active: go });
    if (result.type !== 'next') return result;
    if (result.value[0] === go) return { type: 'next', value: proposal };
    if (result.value[0] === asYaml) {
      await vscode.commands.executeCommand('distdiag.saveExperimentAsYaml', manifest);
      return { type: 'cancel' };
    }
  }
}

const separator = (label: string): vscode.QuickPickItem => ({ label, kind: vscode.QuickPickItemKind.Separator });

function podItems({ targets, peers = [] }: InjectionPlan, summary: string): vscode.QuickPickItem[] {
  const item = ({ pod, zone }: InjectionPlan['targets'][number], icon: string): vscode.QuickPickItem => ({
    label: `$(${icon}) ${withoutIcons(pod)}`,
    description: shortZone(zone),
  });
  return [
    separator(vscode.l10n.t('Targets')),
    ...targets.map((target) => ({ ...item(target, 'target'), detail: summary })),
    ...(peers.length > 0 ? [separator(vscode.l10n.t('Isolated from'))] : []),
    ...peers.map((peer) => item(peer, 'debug-disconnect')),
  ];
}

/**
 * Asks once more if there is a risk or a new warning; for a grave risk, asks for the context's name. Resolves with what
 * was confirmed, undefined if the user cancelled. Throws AppError `invalid` if it cannot be injected.
 */
export async function confirmInjection(
  session: ClusterSession,
  { plan, impact }: Proposal,
  previewed: boolean,
): Promise<Agreement | undefined> {
  const [problem] = impact.problems;
  if (problem !== undefined) throw new AppError('invalid', problem, { hint: 'Nothing was changed in the cluster.' });
  const seen = previewed || impact.warnings.length === 0;
  if (seen && !faultDefinition(plan.type).needsConfirmation && impact.grave.length === 0)
    return agreementOn(impact, session);
  return askAbout(impact, session, { question: vscode.l10n.t('Inject {0}?', anomalyName(plan.type)) });
}
