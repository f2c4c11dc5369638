import * as vscode from 'vscode';
import {
  ANOMALIES,
  anomalyDefinition,
  defaultParameters,
  type AnomalyParameters,
  type AnomalyType,
} from '../../core/anomalies';
import { formatDuration } from '../../core/duration';
import { summarize } from '../../core/experimentSummary';
import { AppError } from '../../core/errors';
import { toManifest } from '../../core/manifest';
import { validatePlan, type InjectionPlan } from '../../core/plan';
import type { Target } from '../../core/target';
import { localized } from '../coreText';
import { withProgress } from '../errors';
import { policyOf } from '../policy';
import type { ClusterSession } from '../session';
import { anomalyName } from '../words';
import type { Command, CommandContext } from './context';
import { durationStep, shortZone, strengthStep, targetStep, TOTAL_STEPS, typeStep } from './injectSteps';
import { pickStep, type StepResult } from './multiStep';
import { waitForInjection } from './waitForInjection';

/** The guided injection: type → pods → strength → duration → preview. */
export const injectAnomaly: Command = {
  id: 'injectAnomaly',
  run: async (context) => {
    const session = await context.sessions.current();
    const locked = await session.access.requireSome(
      'inject',
      ANOMALIES.map(({ kind }) => kind),
    );
    const targets = await loadTargets(session);
    let type: AnomalyType | undefined;
    let chosen: Target[] = [];
    let parameters: AnomalyParameters = {};
    let durationMs = session.config.defaultDurationMs;
    for (let step = 1; ;) {
      const title = type ? vscode.l10n.t('Inject {0}', anomalyName(type)) : '';
      const result =
        step === 1
          ? await typeStep(locked)
          : step === 2
            ? await targetStep(title, targets, chosen)
            : step === 3
              ? await strengthStep(title, type as AnomalyType, chosen)
              : step === 4
                ? await durationStep(title, session.config.defaultDurationMs)
                : await previewStep(
                    session,
                    plan(context, session, type as AnomalyType, chosen, parameters, durationMs),
                    targets.length,
                  );
      if (result.type === 'cancel') return;
      if (result.type === 'back') {
        step -= 1;
        continue;
      }
      if (step === 1) {
        type = result.value as AnomalyType;
        await session.access.require('inject', [anomalyDefinition(type).kind]);
      } else if (step === 2) chosen = result.value as Target[];
      else if (step === 3) parameters = result.value as AnomalyParameters;
      else if (step === 4) durationMs = result.value as number;
      else return inject(context, session, result.value as InjectionPlan, targets.length, true);
      step += 1;
    }
  },
};

/** A command for one type with its defaults, which asks only for the pods. */
export function injectType(id: string, type: AnomalyType): Command {
  return {
    id,
    run: async (context) => {
      const session = await context.sessions.current();
      await session.access.require('inject', [anomalyDefinition(type).kind]);
      const targets = await loadTargets(session);
      const title = vscode.l10n.t(
        'Inject {0} for {1}',
        anomalyName(type),
        formatDuration(session.config.defaultDurationMs),
      );
      const items = targets.map((target) => ({ label: target.pod, description: shortZone(target.zone), target }));
      const chosen = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Which pod?') });
      if (chosen)
        await inject(
          context,
          session,
          plan(context, session, type, [chosen.target], defaultParameters(type), session.config.defaultDurationMs),
          targets.length,
        );
    },
  };
}

async function loadTargets(session: ClusterSession): Promise<Target[]> {
  const { query } = session.config;
  const targets = await withProgress(vscode.l10n.t('Looking for the database’s pods'), (signal) =>
    session.targets.list(query, signal),
  );
  if (targets.length === 0) {
    const message = vscode.l10n.t('No pod in {0} has the label {1}.', query.namespace, query.labelSelector);
    throw new AppError('notFound', message, {
      hint: vscode.l10n.t('Check the settings distdiag.target.namespace and distdiag.target.labelSelector.'),
    });
  }
  return targets;
}

function plan(
  context: CommandContext,
  session: ClusterSession,
  type: AnomalyType,
  targets: Target[],
  parameters: AnomalyParameters,
  durationMs: number,
): InjectionPlan {
  const { chaosNamespace, query } = session.config;
  return {
    type,
    targets,
    parameters,
    durationMs,
    chaosNamespace,
    container: query.container,
    createdBy: context.createdBy,
  };
}

/** Step 5: what will be hit, and what the server says of it, before anything happens. */
async function previewStep(
  session: ClusterSession,
  given: InjectionPlan,
  clusterSize: number,
): Promise<StepResult<InjectionPlan>> {
  const preview = await withProgress(vscode.l10n.t('Asking the server'), (signal) =>
    session.injection.preview(given, policyOf(session, clusterSize), signal),
  );
  const title = vscode.l10n.t('Inject {0}', anomalyName(given.type));
  const pods = given.targets.map(({ pod, zone }): vscode.QuickPickItem => ({
    label: `$(target) ${pod}`,
    description: shortZone(zone),
    detail: summarize(preview.manifest),
  }));
  const separator = (label: string): vscode.QuickPickItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const problems = [
    ...preview.report.problems.map(({ message }) => localized(message)),
    ...(preview.refusal ? [localized(preview.refusal.message)] : []),
  ];
  const go: vscode.QuickPickItem = {
    label: `$(zap) ${vscode.l10n.t('Inject into {0} of {1} nodes for {2}', given.targets.length, clusterSize, formatDuration(given.durationMs as number))}`,
    description: `${session.context} · ${given.chaosNamespace}`,
    detail: `$(pass) ${vscode.l10n.t('A dry run on the server passed')}`,
  };
  const items: vscode.QuickPickItem[] = [
    ...(problems.length > 0
      ? [
          separator(vscode.l10n.t('It cannot be injected')),
          ...problems.map((label) => ({ label: `$(error) ${label}` })),
        ]
      : [go]),
    ...preview.report.warnings.map(({ message }) => ({ label: `$(warning) ${localized(message)}` })),
    separator(vscode.l10n.t('These pods are hit')),
    ...pods,
  ];
  for (;;) {
    const result = await pickStep(
      { title, step: TOTAL_STEPS, totalSteps: TOTAL_STEPS, placeholder: vscode.l10n.t('Check what will be hit') },
      items,
      problems.length > 0 ? {} : { active: go },
    );
    if (result.type !== 'next') return result;
    if (result.value[0] === go) return { type: 'next', value: given };
  }
}

/** Confirms where there is a risk, injects, and waits until every target is injected. */
async function inject(
  context: CommandContext,
  session: ClusterSession,
  given: InjectionPlan,
  clusterSize: number,
  previewed = false,
): Promise<void> {
  const name = anomalyName(given.type);
  const pods = given.targets.map(({ pod }) => pod).join(', ');
  const { warnings } = validatePlan(given, policyOf(session, clusterSize));
  if (anomalyDefinition(given.type).needsConfirmation || (!previewed && warnings.length > 0)) {
    const ok = vscode.l10n.t('Inject');
    const what = [summarize(toManifest(given)), formatDuration(given.durationMs as number), session.context];
    const detail = [pods, what.join(' · '), '', ...warnings.map(({ message }) => localized(message))].join('\n');
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('Inject {0}?', name),
      { modal: true, detail },
      ok,
    );
    if (answer !== ok) return;
  }
  const title = vscode.l10n.t('{0} on {1}', name, pods);
  const policy = policyOf(session, clusterSize);
  if (!(await waitForInjection(context, title, (options) => session.injection.inject(given, policy, options)))) return;
  const open = vscode.l10n.t('Open Metrics Panel');
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} acts on {1}.', name, pods), open).then((chosen) => {
    if (chosen === open) context.panel.show();
  });
}
