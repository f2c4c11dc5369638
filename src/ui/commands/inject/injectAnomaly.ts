import * as vscode from 'vscode';
import {
  faultDefinition,
  defaultParameters,
  FAULTS,
  type AnomalyParameters,
  type AnomalyType,
  type FaultType,
} from '../../../core/faults/catalogue';
import { formatDuration } from '../../../core/time/duration';
import { AppError } from '../../../core/base/errors';
import type { InjectionPlan } from '../../../core/injection/plan';
import type { DatabasePod } from '../../../core/cluster/databasePod';
import { withProgress } from '../../text/errors';
import { showInformationMessage, showWarningMessage } from '../../text/notify';
import { policyOf } from '../../session/policy';
import type { Proposal } from '../../impact/proposal';
import type { ClusterSession } from '../../session/session';
import { anomalyName } from '../../text/labels';
import type { Command, CommandContext } from '../context';
import { confirmInjection, previewStep, proposalOf } from './injectPreview';
import { durationStep, shortZone, strengthStep, targetStep, typeStep, type StepAt } from './injectSteps';
import type { StepResult } from './multiStep';
import { waitForInjection } from './waitForInjection';

/** The choices so far. */
interface Draft {
  type: FaultType | undefined;
  targets: DatabasePod[];
  peers: DatabasePod[];
  parameters: AnomalyParameters;
  durationMs: number;
}

/** A step: its question, and how the answer changes the draft. */
type Step = (at: StepAt, draft: Draft) => Promise<StepResult<Partial<Draft>>>;

/** The guided injection: type → pods (→ the other group) → strength → duration → preview. */
export const injectAnomaly: Command = {
  id: 'injectAnomaly',
  run: async (context) => {
    const session = await context.sessions.current();
    const locked = await session.access.requireSome('inject', [...new Set(FAULTS.map(({ kind }) => kind))]);
    const targets = await loadTargets(session);
    let draft: Draft = {
      type: undefined,
      targets: [],
      peers: [],
      parameters: {},
      durationMs: session.config.defaultDurationMs,
    };
    for (let i = 0; ;) {
      const steps = stepsOf(session, draft.type, locked, targets);
      const { type } = draft;
      const title = type ? vscode.l10n.t('Inject {0}', anomalyName(type)) : vscode.l10n.t('Inject anomaly');
      const at = { title, step: i + 1, totalSteps: steps.length + 1 };
      const step = steps[i];
      const plan = type === undefined ? undefined : planOf(context, session, { ...draft, type });
      const result = step
        ? await step(at, draft)
        : await previewStep(at, session, plan as InjectionPlan, targets.length);
      if (result.type === 'cancel') return;
      if (result.type === 'back') {
        i -= 1;
        continue;
      }
      if (!step) return inject(context, session, result.value as Proposal, true);
      draft = { ...draft, ...(result.value as Partial<Draft>) };
      i += 1;
    }
  },
};

/** The steps before the preview; some faults need no severity, no duration, or a second group of pods. */
function stepsOf(
  session: ClusterSession,
  type: FaultType | undefined,
  locked: readonly string[],
  targets: readonly DatabasePod[],
): Step[] {
  const definition = type === undefined ? undefined : faultDefinition(type);
  const { defaultDurationMs } = session.config;
  const choose: Step = async (at) => {
    const result = await typeStep(at, locked);
    if (result.type !== 'next') return result;
    if (result.value === 'yaml') {
      void vscode.commands.executeCommand('distdiag.newExperimentFromTemplate');
      return { type: 'cancel' };
    }
    await session.access.require('inject', [faultDefinition(result.value).kind]);
    return { type: 'next', value: { type: result.value } };
  };
  const pods: Step = async (at, draft) => {
    const question = definition?.needsPeers
      ? vscode.l10n.t('Select the pods to isolate. Only selected pods are affected.')
      : vscode.l10n.t('Select target pods. Only selected pods are affected.');
    return changes(await targetStep(at, question, targets, draft.targets), (chosen) => ({ targets: chosen }));
  };
  const peers: Step = async (at, draft) => {
    const others = targets.filter((one) => !draft.targets.includes(one));
    if (others.length === 0) {
      void showWarningMessage(vscode.l10n.t('No pods are left for the other group. Select fewer for the first.'));
      return { type: 'back' };
    }
    const chosen = draft.peers.filter((one) => others.includes(one));
    const question = vscode.l10n.t('Select the pods they are isolated from');
    return changes(await targetStep(at, question, others, chosen.length > 0 ? chosen : others), (other) => ({
      peers: other,
    }));
  };
  const strength: Step = async (at, draft) => {
    const { memoryUsed } = policyOf(session);
    return changes(await strengthStep(at, draft.type as FaultType, draft.targets, memoryUsed), (parameters) => ({
      parameters,
    }));
  };
  const duration: Step = async (at) =>
    changes(await durationStep(at, defaultDurationMs), (durationMs) => ({ durationMs }));
  return [
    choose,
    pods,
    ...(definition?.needsPeers ? [peers] : []),
    ...(definition?.parameters.length === 0 ? [] : [strength]),
    ...(definition?.oneShot ? [] : [duration]),
  ];
}

function changes<T>(result: StepResult<T>, change: (value: T) => Partial<Draft>): StepResult<Partial<Draft>> {
  return result.type === 'next' ? { type: 'next', value: change(result.value) } : result;
}

/** A command for one type with its defaults; it asks only for the pods. */
export function injectType(id: string, type: AnomalyType): Command {
  return {
    id,
    run: async (context) => {
      const session = await context.sessions.current();
      await session.access.require('inject', [faultDefinition(type).kind]);
      const targets = await loadTargets(session);
      const durationMs = session.config.defaultDurationMs;
      const title = vscode.l10n.t('Inject {0} for {1}', anomalyName(type), formatDuration(durationMs));
      const items = targets.map((target) => ({ label: target.pod, description: shortZone(target.zone), target }));
      const chosen = await vscode.window.showQuickPick(items, {
        title: `${title} · ${session.context} · ${session.config.query.namespace}`,
        placeHolder: vscode.l10n.t('Select a target pod'),
      });
      if (!chosen) return;
      const draft = { type, targets: [chosen.target], peers: [], parameters: defaultParameters(type), durationMs };
      await inject(context, session, await proposalOf(session, planOf(context, session, draft)), false);
    },
  };
}

/** The pods of the database. Throws AppError `notFound` if there are none. */
export async function loadTargets(session: ClusterSession): Promise<DatabasePod[]> {
  const { query } = session.config;
  const targets = await withProgress(vscode.l10n.t('Looking for database pods'), (signal) =>
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

function planOf(
  { createdBy }: CommandContext,
  { config }: ClusterSession,
  { type, targets, peers, parameters, durationMs }: Draft & { type: FaultType },
): InjectionPlan {
  const { needsPeers } = faultDefinition(type);
  return {
    type,
    targets,
    ...(needsPeers ? { peers } : {}),
    parameters,
    durationMs,
    chaosNamespace: config.chaosNamespace,
    container: config.query.container,
    createdBy,
  };
}

/** Asks for confirmation if there is a risk, injects, and waits until every target is injected. */
async function inject(
  context: CommandContext,
  session: ClusterSession,
  proposal: Proposal,
  previewed: boolean,
): Promise<void> {
  const agreement = await confirmInjection(session, proposal, previewed);
  if (!agreement) return;
  const { plan, manifest } = proposal;
  const name = anomalyName(plan.type);
  const pods = plan.targets.map(({ pod }) => pod).join(', ');
  const title = vscode.l10n.t('{0} on {1}', name, pods);
  const inject = session.injection.injectManifest.bind(session.injection, manifest, agreement.policy);
  if (!(await waitForInjection(context, title, inject))) return;
  const open = vscode.l10n.t('Open Metrics Panel');
  const done = faultDefinition(plan.type).oneShot
    ? vscode.l10n.t('{0} was applied to {1}.', name, pods)
    : vscode.l10n.t('{0} is running on {1}.', name, pods);
  void showInformationMessage(done, open).then((chosen) => {
    if (chosen === open) context.panel.show();
  });
}
