import * as vscode from 'vscode';
import { distinct, type Text } from '../../../core/base/text';
import { faultDefinition } from '../../../core/faults/catalogue';
import { formatDuration } from '../../../core/time/duration';
import { summarize } from '../../../core/experiments/summary';
import { Gate } from '../../../core/base/gate';
import { toManifest } from '../../../core/injection/manifest';
import { toWorkflow } from '../../../core/scenario/toWorkflow';
import { ownWarnings } from '../../../core/scenario/planImpact';
import type { PlannedStep, ScenarioPlan } from '../../../core/scenario/planScenario';
import type { Impact } from '../../../core/impact/impact';
import { localized } from '../../text/coreText';
import { withProgress } from '../../text/errors';
import { assessImpact } from '../../impact/impact';
import { headroomWords } from '../../impact/impactText';
import { withoutIcons } from '../../text/plainText';
import type { ClusterSession } from '../../session/session';
import { anomalyName } from '../../text/labels';
import type { CommandContext } from '../context';

/** Concurrent dry runs. */
const ASKED_AT_ONCE = 8;

type Row = vscode.QuickPickItem & { run?: () => Promise<boolean> };

/**
 * Shows everything that would happen: the steps with their pods, the total time, the largest share of the database at any
 * moment, the risks, and the server's verdict on each step. True if the user continues.
 */
export async function previewScenario(
  context: CommandContext,
  session: ClusterSession,
  plan: ScenarioPlan,
  clusterSize: number,
  mayBeSaved: boolean,
  startWorkflow: () => Promise<void>,
): Promise<boolean> {
  const { refused, harm } = await askedBefore(session, plan);
  const problems = distinct([...plan.problems.map(({ message }) => message), ...refused, ...(harm?.problems ?? [])]);
  const grave = harm?.grave ?? [];
  const warnings = distinct([...ownWarnings(plan, { grave }), ...(harm?.warnings ?? [])]);
  const start: Row = {
    label: `$(zap) ${vscode.l10n.t('Start {0} steps, {1} in total', plan.steps.length, formatDuration(plan.totalMs))}`,
    description: `${session.context} · ${session.config.chaosNamespace}`,
    detail: `$(pass) ${[
      vscode.l10n.t('Server-side dry run passed'),
      vscode.l10n.t(
        'at most {0} of {1} nodes affected at once, from {2}',
        plan.worst.pods.length,
        clusterSize,
        `+${formatDuration(plan.worst.atMs)}`,
      ),
    ].join(' · ')}`,
    run: () => Promise.resolve(true),
  };
  const save: Row = {
    label: `$(save) ${vscode.l10n.t('Open as a scenario file')}`,
    detail: vscode.l10n.t('To change offsets and severity, and to save it'),
    run: async () => {
      await openText((await context.scenarioLanguage()).write(plan.scenario));
      return false;
    },
  };
  const workflow: Row = {
    label: `$(type-hierarchy) ${vscode.l10n.t('Start as a Chaos Mesh Workflow')}`,
    detail: vscode.l10n.t('Chaos Mesh starts the steps itself, so you can close this window'),
    run: async () => {
      await startWorkflow();
      return false;
    },
  };
  const text: Row = {
    label: `$(code) ${vscode.l10n.t('Open as a Workflow’s YAML')}`,
    run: async () => {
      await openText(await context.sessions.toYaml(toWorkflow(plan)));
      return false;
    },
  };
  const separator = (label: string): Row => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const rows: Row[] = [
    ...(problems.length > 0
      ? [
          separator(vscode.l10n.t('Cannot be started')),
          ...problems.map((one) => ({ label: `$(error) ${localized(one)}` })),
        ]
      : [start, workflow, text]),
    ...(mayBeSaved ? [save] : []),
    ...grave.map((text) => ({ label: `$(alert) ${localized(text)}` })),
    ...warnings.map((text) => ({ label: `$(warning) ${localized(text)}` })),
    ...(harm?.headroom ?? []).flatMap(headroomWords).map((text) => ({ label: `$(info) ${text}` })),
    separator(vscode.l10n.t('Steps')),
    ...plan.steps.map(stepRow),
  ];
  for (;;) {
    const chosen = await vscode.window.showQuickPick(rows, {
      title: vscode.l10n.t('Scenario "{0}"', plan.scenario.name),
      placeHolder: vscode.l10n.t('Review the targets'),
      ignoreFocusOut: true,
    });
    if (!chosen) return false;
    if (chosen.run) return chosen.run();
  }
}

function stepRow({ name, offsetMs, durationMs, injection }: PlannedStep): Row {
  const names = (of: typeof injection.targets): string => withoutIcons(of.map(({ pod }) => pod).join(', '));
  const { peers = [] } = injection;
  const pods = names(injection.targets) + (peers.length > 0 ? ` ⇄ ${names(peers)}` : '');
  const start = `+${formatDuration(offsetMs)}`;
  const during = faultDefinition(injection.type).oneShot
    ? vscode.l10n.t('{0}, once', start)
    : vscode.l10n.t('{0} for {1}', start, formatDuration(durationMs));
  return {
    label: `$(watch) ${during} · ${anomalyName(injection.type)}`,
    description: pods,
    detail: `${name}: ${injection.targets.length > 0 ? summarize(toManifest(injection)) : ''}`,
  };
}

/** The server's verdict on each step, and what all steps would hit; skipped if the plan has problems. */
async function askedBefore(
  session: ClusterSession,
  plan: ScenarioPlan,
): Promise<{ refused: Text[]; harm: Impact | undefined }> {
  if (plan.problems.length > 0) return { refused: [], harm: undefined };
  const gate = new Gate(ASKED_AT_ONCE);
  const manifests = plan.steps.map(({ injection }) => toManifest(injection));
  const moments = plan.moments.map(({ steps }) => steps);
  const [harm, ...refusals] = await withProgress(vscode.l10n.t('Running a server-side dry run'), (signal) =>
    Promise.all([
      assessImpact(manifests, session, signal, { moments }),
      ...manifests.map((manifest) => gate.pass(() => session.injection.refusalOf(manifest, signal))),
    ]),
  );
  return { refused: refusals.flatMap((refusal) => (refusal ? [refusal.text] : [])), harm };
}

/** Opens a text as a new unsaved document. */
async function openText(content: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ content, language: 'yaml' });
  await vscode.window.showTextDocument(document);
}
