import * as vscode from 'vscode';
import { distinct, saysSame, type Text } from '../../../core/base/text';
import { faultDefinition } from '../../../core/faults/catalogue';
import { formatDuration } from '../../../core/base/duration';
import { summarize } from '../../../core/experiments/summary';
import { toManifest } from '../../../core/injection/manifest';
import { planDurationMs, validatePlan, type InjectionPlan } from '../../../core/injection/plan';
import type { Impact } from '../../../core/impact/impact';
import { localized } from '../../text/coreText';
import { withProgress } from '../../text/errors';
import { assessImpact } from '../../impact/impact';
import { impactLines, headroomWords, restLines, shareWords } from '../../impact/impactText';
import { showWarningMessage } from '../../text/notify';
import { withoutIcons } from '../../text/plainText';
import { askedPolicyOf } from '../../session/policy';
import type { ClusterSession } from '../../session/session';
import { anomalyName } from '../../text/labels';
import { confirmGrave } from './confirmHarm';
import { shortZone, type StepAt } from './injectSteps';
import { pickStep, type StepResult } from './multiStep';

/** What a plan would hit, from the cluster as it is now. */
export function harmOfPlan(session: ClusterSession, plan: InjectionPlan): Promise<Impact> {
  return withProgress(vscode.l10n.t('Looking at what would be hit'), (signal) =>
    assessImpact([toManifest(plan)], session, signal),
  );
}

/** The last step: what will be hit, what it may cost, and what the server says of it, before anything happens. */
export async function previewStep(
  at: StepAt,
  session: ClusterSession,
  plan: InjectionPlan,
  clusterSize: number,
): Promise<StepResult<object>> {
  // The majority is spoken of by the look at the cluster, which knows what runs already.
  const [preview, harm] = await withProgress(vscode.l10n.t('Asking the server'), (signal) =>
    Promise.all([
      session.injection.preview(plan, askedPolicyOf(session), signal),
      assessImpact([toManifest(plan)], session, signal),
    ]),
  );
  const problems = distinct([
    ...preview.report.problems.map(({ message }) => message),
    ...(preview.refusal ? [preview.refusal.text] : []),
    ...harm.problems,
  ]);
  const count = [plan.targets.length, clusterSize];
  const { oneShot } = faultDefinition(plan.type);
  const go: vscode.QuickPickItem = {
    label: `$(zap) ${
      oneShot
        ? vscode.l10n.t('Inject into {0} of {1} nodes, once', ...count)
        : vscode.l10n.t('Inject into {0} of {1} nodes for {2}', ...count, formatDuration(planDurationMs(plan)))
    }`,
    description: `${session.context} · ${plan.chaosNamespace}`,
    detail: `$(pass) ${[vscode.l10n.t('A dry run on the server passed'), ...(harm.share.of > 0 ? [shareWords(harm.share)] : [])].join(' · ')}`,
  };
  const asYaml = { label: `$(file-code) ${vscode.l10n.t('Write it as YAML, without injecting')}` };
  const items: vscode.QuickPickItem[] = [
    ...(problems.length > 0
      ? [
          separator(vscode.l10n.t('It cannot be injected')),
          ...problems.map((text) => ({ label: `$(error) ${localized(text)}` })),
        ]
      : [go]),
    asYaml,
    ...harm.grave.map((text) => ({ label: `$(alert) ${localized(text)}` })),
    ...warningsOf(preview.report, harm).map((text) => ({ label: `$(warning) ${localized(text)}` })),
    ...harm.headroom.flatMap(headroomWords).map((text) => ({ label: `$(info) ${text}` })),
    ...podItems(plan, withoutIcons([summarize(preview.manifest), ...(harm.parts[0]?.rest.lines ?? [])].join(' · '))),
  ];
  const placeholder = vscode.l10n.t('Check what will be hit');
  for (;;) {
    const result = await pickStep({ ...at, placeholder }, items, problems.length > 0 ? {} : { active: go });
    if (result.type !== 'next') return result;
    if (result.value[0] === go) return { type: 'next', value: {} };
    if (result.value[0] === asYaml) {
      await vscode.commands.executeCommand('distdiag.saveExperimentAsYaml', preview.manifest);
      return { type: 'cancel' };
    }
  }
}

const separator = (label: string): vscode.QuickPickItem => ({ label, kind: vscode.QuickPickItemKind.Separator });

const warningsOf = (report: ReturnType<typeof validatePlan>, harm: Impact): Text[] =>
  distinct([...report.warnings.map(({ message }) => message), ...harm.warnings]);

function podItems({ targets, peers = [] }: InjectionPlan, summary: string): vscode.QuickPickItem[] {
  const item = ({ pod, zone }: InjectionPlan['targets'][number], icon: string): vscode.QuickPickItem => ({
    label: `$(${icon}) ${withoutIcons(pod)}`,
    description: shortZone(zone),
  });
  return [
    separator(vscode.l10n.t('These pods are hit')),
    ...targets.map((target) => ({ ...item(target, 'target'), detail: summary })),
    ...(peers.length > 0 ? [separator(vscode.l10n.t('Cut off from these'))] : []),
    ...peers.map((peer) => item(peer, 'debug-disconnect')),
  ];
}

/** Asks once more where there is a risk, or where a warning was not seen yet; where it is grave, for the context's name. */
export async function confirmInjection(
  session: ClusterSession,
  plan: InjectionPlan,
  harm: Impact,
  previewed: boolean,
): Promise<boolean> {
  const { needsConfirmation, oneShot } = faultDefinition(plan.type);
  const warnings = warningsOf(validatePlan(plan, askedPolicyOf(session)), { ...harm, warnings: [] });
  const seen = previewed || (warnings.length === 0 && harm.warnings.length === 0);
  if (seen && !needsConfirmation && harm.grave.length === 0) return true;
  const inject = vscode.l10n.t('Inject');
  const ok = harm.grave.length > 0 ? vscode.l10n.t('{0}…', inject) : inject;
  const lasting = oneShot ? vscode.l10n.t('happens once') : formatDuration(planDurationMs(plan));
  const what = [summarize(toManifest(plan)), lasting, session.context].join(' · ');
  const lines = [...restLines(harm.parts.flatMap(({ rest }) => rest.lines)), ...impactLines(harm)];
  const rest = warnings
    .filter((text) => !harm.warnings.some((one) => saysSame(one, text)))
    .map((text) => `⚠ ${localized(text)}`);
  const answer = await showWarningMessage(
    vscode.l10n.t('Inject {0}?', anomalyName(plan.type)),
    { modal: true, detail: [what, '', ...lines, ...rest].join('\n') },
    ok,
  );
  return answer === ok && confirmGrave(harm, session.context);
}
