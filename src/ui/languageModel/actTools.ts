import * as vscode from 'vscode';
import type { DistDiagApi, StartAnomaly } from '../../../types/index';
import { parseAnomalyRequest, type AnomalyRequest } from '../../core/anomalyRequest';
import { formatDuration } from '../../core/duration';
import { AppError } from '../../core/errors';
import type { Experiment } from '../../core/experiment';
import { oneLine, withoutLinks } from '../../core/plainWords';
import { harmLines } from '../harmWords';
import { requestedPlan } from '../requestedPlan';
import type { ClusterSession, SessionManager } from '../session';
import { anomalyName, experimentName } from '../words';
import { Agreements } from './agreements';
import { result, signalOf, type Tool } from './tool';

/** Injects an anomaly after the user has read what it hits, where, and for how long. */
export function injectTool(sessions: SessionManager, api: DistDiagApi): Tool<StartAnomaly> {
  const agreed = new Agreements<void>();
  return {
    name: 'distdiag_inject_anomaly',
    prepareInvocation: async ({ input }) => {
      const { type } = podsMustBeNamed(input);
      const session = await sessions.current();
      const { plan, harm, warnings } = await requestedPlan(session, 'agent', input);
      const { targets, parameters, durationMs, chaosNamespace } = plan;
      agreed.keep(input, session);
      const pods = targets.map(({ pod }) => pod).join(', ');
      const strengths = Object.entries(parameters).map(([id, value]) => `${id} ${value}`);
      const lines = [
        vscode.l10n.t('Target: {0} in the namespace {1} of {2}', pods, session.config.query.namespace, session.context),
        vscode.l10n.t('Duration: {0}', formatDuration(durationMs)),
        vscode.l10n.t('Strength: {0}', strengths.join(', ')),
        vscode.l10n.t('Experiment in the namespace {0}', chaosNamespace),
        ...harm.parts.flatMap(({ rest }) => rest.lines),
        ...harmLines({ ...harm, warnings }),
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
      return result(await api.startAnomaly({ ...input, signal: signalOf(token) }));
    },
  };
}

function podsMustBeNamed(input: unknown): AnomalyRequest {
  const request = parseAnomalyRequest(input);
  if (request.pods !== undefined) return request;
  throw new AppError('invalid', 'Name the pods: nothing is hit that the user has not read.');
}

/** Stops experiments of ours, by name or all. */
export function stopTool(sessions: SessionManager): Tool<{ names?: string[] }> {
  const agreed = new Agreements<readonly Experiment[]>();
  return {
    name: 'distdiag_stop_experiments',
    prepareInvocation: async ({ input }) => {
      const session = await sessions.current();
      const experiments = await chosen(session, input.names);
      agreed.keep(input, session, experiments);
      const rows = experiments.map(
        (one) => `${one.ref.namespace}/${one.ref.name}: ${experimentName(one)}, ${one.summary}`,
      );
      return {
        invocationMessage: vscode.l10n.t('Stopping {0} experiments', experiments.length),
        confirmationMessages: {
          title: vscode.l10n.t('Stop and remove {0} experiments?', experiments.length),
          message: plain(rows),
        },
      };
    },
    invoke: async ({ input }, token) => {
      const session = await sessions.current();
      const experiments = agreed.of(input, session);
      const report = await session.injection.stopAll(
        experiments.map(({ ref }) => ref),
        { signal: signalOf(token) },
      );
      return result({
        stopped: report.stopped.map(({ name }) => name),
        failed: report.failed.map(({ ref, error }) => ({ name: ref.name, reason: error.message })),
      });
    },
  };
}

/**
 * Those of ours with these names; all of ours where none is named, and where all could be looked at. Others' experiments
 * are never stopped from here.
 */
async function chosen(session: ClusterSession, names: readonly string[] | undefined): Promise<Experiment[]> {
  const { experiments, health } = await session.experiments.list();
  if (health.state === 'failed') throw health.error;
  const ours = experiments.filter((one) => one.ours);
  if (names === undefined) {
    if (health.state === 'stale') throw health.error;
    return ours;
  }
  return names.map((name) => {
    const found = ours.find(({ ref }) => ref.name === name);
    if (!found) throw new AppError('notFound', `No experiment of ours is called "${name}".`);
    return found;
  });
}

/** Lines as Markdown in which nothing of others' words is markup, a link, or a line of its own. */
function plain(lines: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  for (const line of lines) text.appendText(withoutLinks(oneLine(line))).appendMarkdown('\n\n');
  return text;
}
