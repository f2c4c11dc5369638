import { msg, type Text } from '../base/text';
import { AppError, toAppError } from '../base/errors';
import type { ChaosObject, Experiment } from '../experiments/experiment';
import { isOneShot } from '../experiments/kinds';
import { toExperiment } from '../experiments/parse';
import { derivePhase, holdsFault, STUCK_AFTER_MS, stuckReason } from '../experiments/phase';
import { Gate } from '../base/gate';
import { unlessGone } from '../injection/pausing';
import { SCHEDULE, WORKFLOW } from '../workflows/embedded';
import { isStarter } from '../workflows/starters';
import type { HeldObjects } from '../workflows/orchestration';
import { findOurs, oursIn, type OwnObjects, type Part } from './ours';
import { remoteClusterOf } from '../experiments/remoteClusters';
import { disarm, endOwn, inRounds, markOurs, type StopParts } from './stopOurs';
import { deleteReliably, setPausedReliably, type ReliableRequestParts } from '../injection/reliableRequests';
import { sleep, untilAborted } from '../time/waiting';
import { type WaitOptions } from '../experiments/waiting';

/** One target after the stop. */
interface EmergencyTarget {
  /** `namespace/pod[/container]`. */
  id: string;
  recovered: boolean;
  /** Why it is not recovered, in Chaos Mesh's words if it gives a reason. */
  reason: Text | undefined;
}

/** The outcome for one experiment. */
export interface EmergencyOutcome {
  /** As it was last seen. */
  experiment: Experiment;
  /** `gone`: no object is left. `recovered`: no target holds the fault, the object is still there. */
  end: 'gone' | 'recovered' | 'held' | 'unknown';
  /** Why the pause failed. */
  pauseError: AppError | undefined;
  deleteError: AppError | undefined;
  targets: readonly EmergencyTarget[];
}

/** Everything that an emergency stop has done. */
export interface EmergencyReport {
  startedAt: number;
  endedAt: number;
  outcomes: readonly EmergencyOutcome[];
  /** Kinds that could not be listed: experiments of these kinds may still be running. */
  unlisted: OwnObjects['unlisted'];
  /** The list itself failed: only experiments known before were stopped. */
  listError: AppError | undefined;
  /** Why something may start after the stop. */
  lost: readonly AppError[];
  /** Experiments of others; they were left alone. */
  others: readonly Experiment[];
}

/** A request that hangs must not delay the others. */
const PAUSE_WAIT_MS = 10_000;
const LIST_WAIT_MS = 5_000;
const AT_ONCE = 16;

/** True if it can have no effect any more. */
export const isOver = ({ end }: EmergencyOutcome): boolean => end === 'gone' || end === 'recovered';

/**
 * Stops everything that DistDiag started. It deletes workflows and schedules, and pauses all experiments at the same time:
 * a pause recovers soonest and waits for no finalizer. Then it deletes the experiments, and those started meanwhile, and
 * waits until they are gone. It lists the cluster itself, so it works while the watch is down; `known`, the experiments
 * seen before, stands in if the list fails too. Never rejects: failures are in the report. Aborting only ends the wait.
 */
export async function emergencyStop(
  parts: StopParts,
  known: readonly Experiment[],
  { signal, onProgress }: WaitOptions = {},
): Promise<EmergencyReport> {
  const { clock, log } = parts;
  const startedAt = clock.now();
  onProgress?.('Looking for experiments …');
  const own = endOwn(parts);
  const gate = new Gate(AT_ONCE);
  const outcomes: EmergencyOutcome[] = [];
  const stopAll = (part: Part): Promise<AppError[]> =>
    inRounds(parts, part, async (some, roots) => {
      outcomes.push(...(await stopNow(parts, some, roots, gate, { ...(signal ? { signal } : {}), onProgress })));
    });
  let look = await findOurs({ ...parts, orchestration: { list: () => heldSoon(parts) } }, known);
  log.info(`emergency stop of ${look.experiments.filter(({ ours }) => ours).length} experiments`);
  const lost = await stopAll(oursIn(look));
  if (look.unlisted.some(({ kind }) => isStarter(kind))) {
    look = await findOurs(parts, known);
    const stopped = new Set(outcomes.map(({ experiment }) => experiment.key));
    const { experiments, ...rest } = oursIn(look);
    lost.push(...(await stopAll({ ...rest, experiments: experiments.filter(({ key }) => !stopped.has(key)) })));
  }
  return {
    startedAt,
    endedAt: clock.now(),
    outcomes,
    unlisted: look.unlisted,
    listError: look.error,
    lost: [...(await own), ...lost],
    others: look.experiments.filter((one) => !one.ours),
  };
}

/** Lists what starts experiments; a list that hangs does not delay the pause of known experiments. */
function heldSoon({ orchestration, clock }: StopParts): Promise<HeldObjects> {
  const late = sleep(clock, LIST_WAIT_MS).then((): HeldObjects => {
    const error = new AppError(
      'timeout',
      msg`Workflows and schedules were not listed within ${LIST_WAIT_MS / 1000} s.`,
    );
    const lost = [WORKFLOW, SCHEDULE].map((kind) => ({ kind, error }));
    return { workflows: [], nodes: [], schedules: [], lost };
  });
  return Promise.race([orchestration.list(), late]);
}

/** The experiments first, then the workflows and schedules. */
async function stopNow(
  parts: StopParts,
  part: Part,
  roots: readonly ChaosObject[],
  gate: Gate,
  { signal, onProgress }: Pick<WaitOptions, 'signal'> & { onProgress: WaitOptions['onProgress'] },
): Promise<EmergencyOutcome[]> {
  const { experiments } = part;
  const disarmed = disarm(parts, part); // a workflow or schedule would resume what is paused
  onProgress?.(msg`Pausing ${experiments.length} experiment(s) …`);
  const pauses = await Promise.all(experiments.map((one) => gate.pass(() => pause(parts, one))));
  markOurs(parts, part, roots);
  await Promise.race([disarmed, sleep(parts.clock, PAUSE_WAIT_MS)]);
  onProgress?.(msg`Deleting ${experiments.length} experiment(s) …`);
  const all = [...experiments, ...part.starters.map(toExperiment)];
  let over = 0;
  return Promise.all(
    all.map(async (experiment, i) => {
      const outcome = await remove(parts, experiment, pauses[i], gate, signal);
      if (isOver(outcome)) onProgress?.(msg`${(over += 1)} of ${all.length} recovered`);
      return outcome;
    }),
  );
}

/** Resolves with the reason why the pause failed; undefined also if there was nothing to pause. */
async function pause(
  parts: ReliableRequestParts,
  { ref, object, deletingSince }: Experiment,
): Promise<AppError | undefined> {
  if (deletingSince !== undefined || isOneShot(ref.kind, object.spec)) return undefined;
  const { clock } = parts;
  const limit = sleep(clock, PAUSE_WAIT_MS).then(() => {
    throw new AppError('timeout', msg`The pause of ${ref.name} was not confirmed within ${PAUSE_WAIT_MS / 1000} s.`);
  });
  limit.catch(() => undefined);
  try {
    await Promise.race([unlessGone(parts.gateway, ref, () => setPausedReliably(parts, ref, true)), limit]);
    return undefined;
  } catch (thrown) {
    return toAppError(thrown);
  }
}

async function remove(
  parts: ReliableRequestParts,
  experiment: Experiment,
  pauseError: AppError | undefined,
  gate: Gate,
  signal: AbortSignal | undefined,
): Promise<EmergencyOutcome> {
  const { clock, gateway } = parts;
  const { ref } = experiment;
  const asked = clock.now();
  let deleteError: AppError | undefined;
  let last = experiment;
  let lookError: AppError | undefined;
  const answer = (end: EmergencyOutcome['end'], why?: Text): EmergencyOutcome => ({
    experiment: last,
    end,
    pauseError,
    deleteError,
    targets: last.targets.map((target) => {
      const held = end === 'unknown' || (end === 'held' && holdsFault(target));
      return { id: target.id, recovered: !held, reason: held ? (target.lastFailure ?? why) : undefined };
    }),
  });
  try {
    await gate.pass(() => deleteReliably(parts, ref));
  } catch (thrown) {
    deleteError = toAppError(thrown);
  }
  for (;;) {
    try {
      const object = await gate.pass(() => gateway.get(ref));
      if (!object) return answer('gone');
      last = toExperiment(object);
      lookError = undefined;
    } catch (thrown) {
      lookError = toAppError(thrown);
    }
    const late = clock.now() - asked >= STUCK_AFTER_MS || signal?.aborted === true;
    const refused = deleteError && !lookError && (isStarter(ref.kind) || isHarmless(last, clock.now()));
    if (late || refused) break;
    await waitASecond(parts, signal);
  }
  if (lookError) return answer('unknown', lookError.text);
  return isHarmless(last, clock.now()) ? answer('recovered') : answer('held', stuckReason(last));
}

/**
 * No target has the fault or will get it: the experiment is paused, being deleted or finished. A workflow or schedule is
 * harmless only once it is gone; so is an experiment in another cluster, where Chaos Mesh forwards the deletion but not
 * the pause.
 */
function isHarmless(experiment: Experiment, nowMs: number): boolean {
  if (isStarter(experiment.ref.kind) || remoteClusterOf(experiment.object) !== undefined) return false;
  if (isOneShot(experiment.ref.kind, experiment.object.spec)) return true;
  if (experiment.targets.some(holdsFault)) return false;
  return (
    experiment.paused || experiment.deletingSince !== undefined || derivePhase(experiment, nowMs).phase === 'finished'
  );
}

async function waitASecond({ clock }: ReliableRequestParts, signal: AbortSignal | undefined): Promise<void> {
  const second = sleep(clock, 1000);
  await (signal ? untilAborted(second, signal) : second).catch(() => undefined);
}
