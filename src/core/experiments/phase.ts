import { joined, msg, type Text } from '../base/text';
import type { Experiment, ExperimentPhase, ExperimentTarget } from './experiment';
import { isOneShot } from './kinds';
import { remoteClusterOf } from './remoteClusters';
import { textOf } from '../base/unknown';

/** A phase, and the reason, if there is one. */
export interface DerivedPhase {
  phase: ExperimentPhase;
  reason: Text | undefined;
}

/** A deletion that takes longer is called stuck. */
export const STUCK_AFTER_MS = 30_000;
/** Chaos Mesh selects targets at once; with none after this long there are none. */
const SELECT_GRACE_MS = 5_000;
/** By this much our clock and the cluster's may differ before an elapsed duration overrides Chaos Mesh's status. */
const SKEW_MS = 30_000;

/** True if the target may have the fault: injected, being injected or being recovered. */
export function holdsFault(target: ExperimentTarget): boolean {
  return target.phase !== 'Not Injected';
}

const isInjected = (target: ExperimentTarget): boolean => target.phase.startsWith('Injected');

/** Milliseconds until an experiment's time is over, 0 when it is; undefined when it acts until deleted. A pause does not stop the clock. */
export function timeLeft(experiment: Experiment, nowMs: number): number | undefined {
  if (experiment.durationMs === undefined || experiment.createdAt <= 0) return undefined;
  return Math.max(0, experiment.createdAt + experiment.durationMs - nowMs);
}

/**
 * What an experiment is doing. Follows Chaos Mesh's own derivation (deleting, paused, finished, running, injecting) and
 * tells apart what that leaves in one: failing, partial, without targets, recovering, stuck.
 */
export function derivePhase(experiment: Experiment, nowMs: number): DerivedPhase {
  const cluster = remoteClusterOf(experiment.object);
  return cluster === undefined ? phaseOf(experiment, nowMs) : remotePhase(experiment, cluster, nowMs);
}

/**
 * Of one that acts in another cluster. Chaos Mesh copies the status from there, and passes on a deletion but no pause.
 * A status may come without the records of its targets: then its conditions say what it does.
 */
function remotePhase(experiment: Experiment, cluster: string, nowMs: number): DerivedPhase {
  const { conditions, desiredPhase, targets } = experiment;
  const isKnown = desiredPhase !== undefined || Object.keys(conditions).length > 0;
  const where = msg`It runs in the cluster "${cluster}", which DistDiag is not connected to.`;
  const say = (phase: ExperimentPhase, reason?: Text): DerivedPhase => ({
    phase,
    reason: reason === undefined ? where : joined([reason, where]),
  });
  if (experiment.deletingSince === undefined && !isKnown)
    return say('injecting', 'Chaos Mesh has not reported its state yet.');
  if (experiment.deletingSince === undefined && targets.length === 0) {
    if (desiredPhase === 'Stop') return say(conditions['AllRecovered'] ? 'finished' : 'recovering');
    if (conditions['AllInjected']) return say('running');
    return conditions['Selected'] === false ? say('noTargets', 'It selected no target.') : say('injecting');
  }
  // A pause is not forwarded: the fault in the other cluster continues.
  const { phase, reason } = phaseOf({ ...experiment, paused: false }, nowMs);
  return say(phase, experiment.paused ? 'A pause is not forwarded to it.' : reason);
}

function phaseOf(experiment: Experiment, nowMs: number): DerivedPhase {
  if (experiment.deletingSince !== undefined) return deleting(experiment, experiment.deletingSince, nowMs);
  const { targets } = experiment;
  const left = timeLeft(experiment, nowMs);
  const overdue = left === 0 && nowMs > experiment.createdAt + (experiment.durationMs ?? 0) + SKEW_MS;
  const oneShot = isOneShot(experiment.ref.kind, experiment.object.spec);
  if (oneShot && targets.length > 0 && targets.every(isInjected)) return { phase: 'finished', reason: undefined };
  if (experiment.paused && !oneShot && left !== 0) return paused(experiment);
  if (targets.length === 0) return withoutTargets(experiment, left, nowMs);
  if (experiment.desiredPhase === 'Stop' || overdue) return stopping(targets, experiment.desiredPhase === 'Stop');
  return acting(experiment);
}

function deleting(experiment: Experiment, since: number, nowMs: number): DerivedPhase {
  if (nowMs - since <= STUCK_AFTER_MS) return { phase: 'deleting', reason: undefined };
  return { phase: 'stuck', reason: stuckReason(experiment) };
}

/** Why a deletion does not finish: Chaos Mesh's message, if it has one. */
export function stuckReason(experiment: Experiment): Text {
  const failure = firstFailure(experiment.targets);
  if (failure !== undefined) return failure;
  const held = experiment.targets.filter(holdsFault);
  if (held.length > 0) return msg`Chaos Mesh has not recovered ${held.map((target) => target.pod).join(', ')}.`;
  const finalizers = experiment.object.metadata.finalizers;
  if (Array.isArray(finalizers) && finalizers.length > 0) {
    return msg`Chaos Mesh has not removed its finalizer (${finalizers.map(textOf).join(', ')}). Check that its controller is running.`;
  }
  return 'The API server has not removed the object.';
}

function paused(experiment: Experiment): DerivedPhase {
  const held = experiment.targets.filter(holdsFault).length;
  if (held > 0)
    return {
      phase: 'recovering',
      reason: msg`Pausing: ${held} of ${experiment.targets.length} targets not yet recovered.`,
    };
  return {
    phase: 'paused',
    reason: experiment.durationMs === undefined ? undefined : 'The pause does not stop its clock.',
  };
}

function withoutTargets(experiment: Experiment, left: number | undefined, nowMs: number): DerivedPhase {
  const seen = experiment.desiredPhase !== undefined || Object.keys(experiment.conditions).length > 0;
  const age = nowMs - experiment.createdAt;
  if (left === 0) return { phase: 'noTargets', reason: 'It selected no target, and its duration has elapsed.' };
  if (seen && !experiment.conditions['Selected'] && age > SELECT_GRACE_MS) {
    return { phase: 'noTargets', reason: 'It selected no target. Chaos Mesh does not select again, so delete it.' };
  }
  if (!seen && age > SKEW_MS)
    return { phase: 'injecting', reason: 'Chaos Mesh has not processed it. Check that its controller is running.' };
  return { phase: 'injecting', reason: undefined };
}

function stopping(targets: readonly ExperimentTarget[], asked: boolean): DerivedPhase {
  const held = targets.filter(holdsFault);
  if (held.length === 0) return { phase: 'finished', reason: undefined };
  const progress = msg`${targets.length - held.length} of ${targets.length} recovered.`;
  const failure = firstFailure(held);
  if (failure !== undefined) return { phase: 'recovering', reason: joined([progress, failure]) };
  return {
    phase: 'recovering',
    reason: asked ? progress : 'Its duration has elapsed, but Chaos Mesh has not started to recover it.',
  };
}

function acting(experiment: Experiment): DerivedPhase {
  const { targets } = experiment;
  const injected = targets.filter((target) => isInjected(target) && !target.lost).length;
  const failure = lossOf(targets) ?? firstFailure(targets.filter((target) => !isInjected(target)));
  if (injected === targets.length) return { phase: 'running', reason: undefined };
  const progress = msg`${injected} of ${targets.length} injected.`;
  if (failure !== undefined) {
    return injected > 0
      ? { phase: 'partial', reason: joined([progress, failure]) }
      : { phase: 'failing', reason: failure };
  }
  return { phase: 'injecting', reason: injected > 0 ? progress : undefined };
}

/** What has ended a fault without Chaos Mesh noticing. */
function lossOf(targets: readonly ExperimentTarget[]): Text | undefined {
  const of = (what: ExperimentTarget['lost']): string =>
    targets.flatMap(({ lost, pod }) => (lost === what ? [pod] : [])).join(', ');
  const pods = of('pod');
  if (pods !== '')
    return msg`${pods}: replaced or restarted after the injection, and not injected again. Stop the experiment and inject it again.`;
  const daemons = of('daemon');
  if (daemons !== '')
    return msg`${daemons}: Chaos Mesh's daemon on the node has ended since the injection, and the fault with it. Stop the experiment and inject it again.`;
  return undefined;
}

function firstFailure(targets: readonly ExperimentTarget[]): string | undefined {
  return targets.find((target) => target.lastFailure !== undefined)?.lastFailure;
}

/** True while the fault is or may be active: these are counted by the badge and reported at start-up. */
export function isActive(phase: ExperimentPhase): boolean {
  return phase !== 'finished' && phase !== 'noTargets' && phase !== 'paused';
}
