import { oneLine, withoutUnseen } from '../core/base/sanitize';
import type { Experiment } from '../core/experiments/experiment';
import { listingOf } from '../core/experiments/listed';
import { derivePhase } from '../core/experiments/phase';
import { faultTitle } from '../core/faults/catalogue';
import { markIn } from '../core/scenario/mark';
import { emergencyStop, isOver } from '../core/stop/emergencyStop';
import { withOurs } from '../core/stop/ours';
import { STDOUT, type CliOptions } from './commandLine/arguments';
import { putJson } from './json';
import type { CliSession } from './session';

type Say = (line: string) => void;

/** Of the document; what is added to it needs no new one. */
const VERSION = 1;

/** Lists the experiments of the cluster, one a line: phase, namespace/name, owner, what it does, its pods; or as JSON. */
export async function listExperiments(
  session: CliSession,
  { json }: Pick<CliOptions, 'json'>,
  say: Say,
): Promise<number> {
  const [snapshot, held] = await Promise.all([session.experiments.list(), session.orchestration.list()]);
  const { health, missingKinds, onlyIn } = snapshot;
  const now = session.clock.now();
  const experiments = withOurs(snapshot.experiments, held);
  const unlisted = missingKinds.filter(({ error }) => error.code !== 'notInstalled');
  const problems = [
    ...[...unlisted, ...held.lost].map(({ kind, error }) => `${kind} could not be listed: ${error.message}`),
    ...(onlyIn ? [`Only these namespaces could be listed: ${onlyIn.join(', ')}.`] : []),
    ...('error' in health ? [health.error.message] : []),
  ];
  if (json !== STDOUT) {
    for (const one of experiments) say(lineOf(one, now));
    for (const problem of problems) say(problem);
  }
  const { context } = session;
  const listed = experiments.map((one) => entryOf(one, now));
  putJson({ version: VERSION, context, at: now, problems, experiments: listed }, json, say);
  return problems.length > 0 ? 2 : 0;
}

/** What others wrote cannot begin another line, nor move the cursor. */
function lineOf(experiment: Experiment, nowMs: number): string {
  const { phase, namespace, name, ours, summary, pods } = listingOf(experiment, nowMs);
  return [phase, `${namespace}/${name}`, ours ? 'ours' : 'others', summary, pods.join(',')]
    .map((part) => oneLine(withoutUnseen(part)))
    .join('\t');
}

/** An experiment for scripts: what is not known is left out. Its spec and annotations stay out, which may hold anything. */
function entryOf(experiment: Experiment, nowMs: number): object {
  const { anomaly, pods: _, timeLeftMs, ours, phase, summary, ...ref } = listingOf(experiment, nowMs);
  const { createdAt, durationMs } = experiment;
  const { reason } = derivePhase(experiment, nowMs);
  const marked = markIn(experiment);
  return {
    ...ref,
    phase,
    reason: reason === undefined ? undefined : String(reason),
    ours,
    fault: anomaly,
    title: anomaly === undefined ? undefined : String(faultTitle(anomaly)),
    summary,
    targets: experiment.targets.map(({ namespace, pod, container }) => ({ namespace, pod, container })),
    createdAt: createdAt > 0 ? createdAt : undefined,
    durationMs,
    timeLeftMs,
    scenario: marked && { name: marked.mark.name, run: marked.mark.run, step: marked.step },
  };
}

/** Stops everything of ours as the emergency stop of the editor does; 1 where something may still be running. */
export async function stopAll(session: CliSession, say: Say): Promise<number> {
  const { experiments: gateway, orchestration, injection, scenarios, clock, log } = session;
  const parts = { gateway, orchestration, injection, scenarios, clock, log };
  const { outcomes, lost, unlisted, listError } = await emergencyStop(parts, []);
  for (const outcome of outcomes) {
    const { ref } = outcome.experiment;
    const error = outcome.deleteError ?? outcome.pauseError;
    say(`${ref.namespace}/${ref.name}: ${outcome.end}${!isOver(outcome) && error ? `: ${error.message}` : ''}`);
  }
  for (const error of [...lost, ...unlisted.map((one) => one.error), ...(listError ? [listError] : [])])
    say(error.message);
  if (outcomes.length === 0) say('Nothing of DistDiag was found.');
  const sure = lost.length === 0 && unlisted.length === 0 && listError === undefined;
  return sure && outcomes.every(isOver) ? 0 : 1;
}
