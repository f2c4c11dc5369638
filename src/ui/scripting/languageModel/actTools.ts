import * as vscode from 'vscode';
import type { DistDiagApi, StartAnomaly } from '../../../../types/index';
import { parseAnomalyRequest, type AnomalyRequest } from '../../../core/injection/anomalyRequest';
import { formatDuration } from '../../../core/time/duration';
import { AppError } from '../../../core/base/errors';
import type { ExperimentRef } from '../../../core/experiments/experiment';
import { findOurs, oursIn, partOf, refOf, startersAbove, type Part } from '../../../core/stop/ours';
import { foreignText } from '../../../core/base/foreignText';
import { oneLine, withoutLinks } from '../../../core/base/sanitize';
import type { Log } from '../../../core/base/log';
import { endOwn, stopPart } from '../../../core/stop/stopOurs';
import { impactLines } from '../../impact/impactText';
import { requireTrust } from '../../session/policy';
import { requestedPlan } from '../requestedPlan';
import type { ClusterSession, SessionManager } from '../../session/session';
import { stopParts } from '../stopParts';
import { localized } from '../../text/coreText';
import { anomalyName, experimentName } from '../../text/labels';
import { Agreements } from './agreements';
import { result, signalOf, type Tool } from './tool';

/** Lines of what is stopped: nobody reads more. */
const MOST_ROWS = 100;

/** Injects an anomaly after the user has read what it hits, where, and for how long. */
export function injectTool(sessions: SessionManager, api: DistDiagApi): Tool<StartAnomaly> {
  const agreed = new Agreements<void>();
  return {
    name: 'distdiag_inject_anomaly',
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
        vscode.l10n.t('Strength: {0}', strengths.join(', ')),
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
      return result(await api.startAnomaly({ ...input, signal: signalOf(token) }));
    },
  };
}

function podsMustBeNamed(input: unknown): AnomalyRequest {
  const request = parseAnomalyRequest(input);
  if (request.pods !== undefined) return request;
  throw new AppError('invalid', 'Name the pods: nothing is hit that the user has not read.');
}

/** Stops what is ours, by name or all, with everything that it has started. */
export function stopTool(sessions: SessionManager, log: Log): Tool<{ names?: string[] }> {
  const agreed = new Agreements<Chosen>();
  return {
    name: 'distdiag_stop_experiments',
    prepareInvocation: async ({ input }) => {
      const session = await sessions.current();
      requireTrust(session);
      const found = await chosen(session, log, input.names);
      agreed.keep(input, session, found);
      const { starters, experiments } = found.part;
      const rows = [
        ...found.doubts,
        ...starters.map((one) => `${pathOf(refOf(one))}: ${vscode.l10n.t('starts experiments by itself')}`),
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
      const { part, doubts } = agreed.of(input, session);
      requireTrust(session);
      const parts = stopParts(session, log);
      const own = input.names === undefined ? await endOwn(parts) : [];
      const { stopped, failed, lost } = await stopPart(parts, part, { signal: signalOf(token) });
      const notKnown = [...new Set([...doubts, ...[...own, ...lost].map(({ message }) => message)])];
      return result({
        stopped: stopped.map(({ name }) => name),
        failed: failed.map(({ ref, error }) => ({ name: ref.name, reason: error.message })),
        ...(notKnown.length > 0 ? { notKnown } : {}),
      });
    },
  };
}

/** What is to be stopped, and why more may begin or be there. */
interface Chosen {
  part: Part;
  doubts: readonly string[];
}

/**
 * What of ours has these names, and the workflows and schedules above it, which would start it again; everything of ours
 * where nothing is named, and where all could be looked at. What is others' is never stopped from here.
 */
async function chosen(session: ClusterSession, log: Log, names: readonly string[] | undefined): Promise<Chosen> {
  const look = await findOurs(stopParts(session, log), session.store.snapshot.experiments);
  const ours = oursIn(look);
  if (names === undefined) {
    if (look.doubt) throw look.doubt;
    return { part: ours, doubts: look.unlisted.map(({ kind, error }) => localized(`${kind}: ${error.message}`)) };
  }
  const objects = [...ours.starters, ...ours.experiments.map(({ object }) => object)];
  const roots = names.map((name) => {
    const found = objects.filter((one) => isNamed(refOf(one), name));
    if (found.length > 1)
      throw new AppError(
        'invalid',
        `"${name}" names more than one: ${found.map((one) => pathOf(refOf(one))).join(', ')}.`,
        { hint: 'Name it as kind/namespace/name.' },
      );
    if (!found[0]) throw look.doubt ?? new AppError('notFound', `No experiment of ours is called "${name}".`);
    return found[0];
  });
  const named = new Set(roots);
  const above = ours.experiments.filter(({ object }) => named.has(object)).flatMap((one) => startersAbove(ours, one));
  const doubts = look.doubt
    ? [
        vscode.l10n.t(
          'What started {0} could not be listed and may start it again: {1}',
          names.join(', '),
          localized(look.doubt.text),
        ),
      ]
    : [];
  return { part: partOf(ours, [...roots, ...above]), doubts };
}

const pathOf = ({ kind, namespace, name }: ExperimentRef): string => `${kind}/${namespace}/${name}`;

/** `name`, `namespace/name`, `kind/name` or `kind/namespace/name`. */
function isNamed({ kind, namespace, name }: ExperimentRef, path: string): boolean {
  const parts = path.split('/');
  return parts.at(-1) === name && parts.slice(0, -1).every((part) => part === kind || part === namespace);
}

/** Lines as Markdown in which nothing of others' words is markup, a link, or a line of its own. */
function plain(lines: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  for (const line of lines) text.appendText(withoutLinks(oneLine(line))).appendMarkdown('\n\n');
  return text;
}
