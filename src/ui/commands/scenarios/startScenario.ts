import * as vscode from 'vscode';
import { faultDefinition } from '../../../core/faults/catalogue';
import { AppError } from '../../../core/base/errors';
import { toManifest } from '../../../core/injection/manifest';
import type { ScenarioRun } from '../../../core/scenario/run';
import { startRun } from '../../../core/scenario/startRun';
import { localized } from '../../text/coreText';
import { showError } from '../../text/errors';
import { showWarningMessage } from '../../text/notify';
import { withoutIcons } from '../../text/plainText';
import { planOn } from '../../scenario/planOn';
import { askedPolicyOf, policyOf } from '../../session/policy';
import type { ClusterSession } from '../../session/session';
import { confirmHarmOfAll } from '../inject/confirmHarm';
import type { Command, CommandContext } from '../context';
import { loadTargets } from '../inject/injectAnomaly';
import { chooseScenario } from './scenarioChoice';
import { startWorkflow, timesOf } from '../experiments/orchestration';
import { previewScenario } from './scenarioPreview';

/** Starts a scenario: the file in the editor, one of the workspace, or a family on chosen pods. */
export const startScenario: Command = {
  id: 'startScenario',
  run: async (context, argument) => {
    const session = await context.sessions.current();
    const targets = await loadTargets(session);
    const chosen = await chooseScenario(context, session, targets, argument);
    if (!chosen) return;
    const plan = planOn(chosen.scenario, session, targets, context.createdBy);
    const kinds = [...new Set(plan.steps.map(({ injection }) => faultDefinition(injection.type).kind))];
    await session.access.require('inject', kinds);
    const asWorkflow = (): Promise<void> => startWorkflow(session, plan);
    const isNew = chosen.uri === undefined;
    if (!(await previewScenario(context, session, plan, targets.length, isNew, asWorkflow))) return;
    const confirmed = policyOf(session);
    const manifests = plan.steps.map(({ injection }) => toManifest(injection));
    const question = vscode.l10n.t('Start the scenario "{0}"?', plan.scenario.name);
    const asked = { action: vscode.l10n.t('Start'), question, ...timesOf(plan) };
    const agreement = await confirmHarmOfAll(manifests, session, asked);
    if (!agreement) return;
    const { agreed } = agreement.policy;
    const run = startRun(session.scenarios, plan, () => ({
      ...askedPolicyOf(session, targets.length, confirmed),
      ...(agreed ? { agreed } : {}),
    }));
    context.log.info(`scenario ${plan.scenario.name} (${run.mark.run}) started with ${plan.steps.length} steps`);
    vscode.window.setStatusBarMessage(
      `$(play) ${withoutIcons(vscode.l10n.t('Scenario "{0}" started', plan.scenario.name))}`,
      5000,
    );
    void run.ended.then(() => tellEnd(context, session, run));
  },
};

/** Reports the end of a scenario if the user would not notice it otherwise. */
async function tellEnd(context: CommandContext, session: ClusterSession, run: ScenarioRun): Promise<void> {
  const { name } = run.mark;
  switch (run.state) {
    case 'done':
      vscode.window.setStatusBarMessage(
        `$(pass) ${withoutIcons(vscode.l10n.t('Scenario "{0}" finished', name))}`,
        10_000,
      );
      return;
    case 'failed':
      return showError(new AppError('injectionFailed', localized(run.reason ?? '')), context.log);
    case 'abandoned': {
      if (!run.steps.some(({ state }) => state === 'cancelled')) return;
      const stop = vscode.l10n.t('Stop All');
      const message = vscode.l10n.t(
        'The scenario "{0}" was interrupted on {1}. No further steps start; running experiments end by themselves.',
        name,
        session.context,
      );
      const said = run.reason === undefined ? message : `${message} ${localized(run.reason)}`;
      if ((await showWarningMessage(said, stop)) === stop)
        void vscode.commands.executeCommand('distdiag.stopAllAnomalies');
      return;
    }
    default:
      if (run.reason !== undefined) void showWarningMessage(`${name}: ${localized(run.reason)}`);
  }
}
