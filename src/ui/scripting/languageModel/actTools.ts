import * as vscode from 'vscode';
import type { StartAnomaly } from '../../../../types/index';
import { formatDuration } from '../../../core/time/duration';
import { refOf } from '../../../core/stop/ours';
import { fullNameOf } from '../../../core/experiments/find';
import type { Chosen } from '../../../core/stop/chosen';
import { foreignText } from '../../../core/base/foreignText';
import { oneLine, withoutLinks } from '../../../core/base/sanitize';
import type { Log } from '../../../core/base/log';
import { impactLines } from '../../impact/impactText';
import { requestedPlan } from '../requestedPlan';
import type { SessionManager } from '../../session/session';
import { localized } from '../../text/coreText';
import { anomalyName, experimentName } from '../../text/labels';
import { namesToStop, podsMustBeNamed, type AgentTools } from '../agentTools/agentTools';
import { chooseToStop, stopChosen } from '../agentTools/stopNamed';
import { Agreements } from './agreements';
import { result, signalOf, type Tool } from './tool';

/** The most lines in the confirmation of a stop. */
const MOST_ROWS = 100;

/** Injects an anomaly after the user has confirmed its targets, cluster and duration. */
export function injectTool(sessions: SessionManager, { inject }: AgentTools): Tool<StartAnomaly> {
  const agreed = new Agreements<void>();
  return {
    name: inject.name,
    prepareInvocation: async ({ input }) => {
      const { type } = podsMustBeNamed(input);
      const session = await sessions.current();
      const { plan, impact } = await requestedPlan(session, 'agent', input);
      const { targets, parameters, durationMs, chaosNamespace } = plan;
      agreed.keep(input, session);
      const pods = targets.map(({ pod }) => pod).join(', ');
      const strengths = Object.entries(parameters).map(([id, value]) => `${id} ${value}`);
      const lines = [
        vscode.l10n.t('Target: {0} in the namespace {1} of {2}', pods, session.config.query.namespace, session.context),
        vscode.l10n.t('Duration: {0}', formatDuration(durationMs)),
        vscode.l10n.t('Severity: {0}', strengths.join(', ')),
        vscode.l10n.t('Experiment in the namespace {0}', chaosNamespace),
        ...impact.parts.flatMap(({ rest }) => rest.lines),
        ...impactLines(impact),
      ];
      return {
        invocationMessage: vscode.l10n.t('Injecting {0}', anomalyName(type)),
        confirmationMessages: {
          title: vscode.l10n.t('Inject {0}?', anomalyName(type)),
          message: plain(lines),
        },
      };
    },
    invoke: async ({ input }, token) => {
      podsMustBeNamed(input);
      agreed.of(input, await sessions.current());
      return result(await inject.call(input, signalOf(token)));
    },
  };
}

/** Stops our experiments, by name or all, with everything that they have started. */
export function stopTool(sessions: SessionManager, { stop }: AgentTools, log: Log): Tool<{ names?: string[] }> {
  const agreed = new Agreements<Chosen>();
  return {
    name: stop.name,
    prepareInvocation: async ({ input }) => {
      const session = await sessions.current();
      const found = await chooseToStop(session, log, namesToStop(input));
      agreed.keep(input, session, found);
      const { starters, experiments } = found.part;
      const rows = [
        ...found.doubts.map(localized),
        ...starters.map((one) => `${fullNameOf(refOf(one))}: ${vscode.l10n.t('starts experiments by itself')}`),
        ...experiments.map((one) => `${one.ref.namespace}/${one.ref.name}: ${experimentName(one)}, ${one.summary}`),
      ].map(foreignText);
      const more = rows.splice(MOST_ROWS).length;
      if (more > 0) rows.push(vscode.l10n.t('and {0} more', more));
      const count = starters.length + experiments.length;
      return {
        invocationMessage: vscode.l10n.t('Stopping {0} experiments', count),
        confirmationMessages: {
          title: vscode.l10n.t('Stop and remove {0} experiments?', count),
          message: plain(rows),
        },
      };
    },
    invoke: async ({ input }, token) => {
      const session = await sessions.current();
      const read = agreed.of(input, session);
      return result(await stopChosen(session, log, read, input.names === undefined, signalOf(token)));
    },
  };
}

/** Lines as Markdown; text from the cluster cannot add markup, links or lines. */
function plain(lines: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  for (const line of lines) text.appendText(withoutLinks(oneLine(line))).appendMarkdown('\n\n');
  return text;
}
