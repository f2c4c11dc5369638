import { AppError, toAppError } from './errors';
import type { Experiment } from './experiment';
import { isOneShot } from './experimentKinds';
import { toExperiment } from './experimentParse';
import { derivePhase, holdsFault, STUCK_AFTER_MS, stuckReason } from './experimentPhase';
import { Gate } from './gate';
import { unlessGone } from './pausing';
import type { ExperimentSnapshot } from './ports';
import { deleteSurely, setPausedSurely, type SureParts } from './surely';
import { sleep, untilAborted, type WaitOptions } from './waiting';

/** One target after the stop. */
interface EmergencyTarget {
  /** `namespace/pod[/container]`. */
  id: string;
  recovered: boolean;
  /** Why it is not, in Chaos Mesh's words where it has any. */
  reason: string | undefined;
}

/** What came of one experiment. */
export interface EmergencyOutcome {
  /** As it was last seen. */
  experiment: Experiment;
  /** `gone`: no object is left. `recovered`: no target holds the fault, the object is still there. */
  end: 'gone' | 'recovered' | 'held' | 'unknown';
  /** What the pause was refused with. */
  pauseError: AppError | undefined;
  deleteError: AppError | undefined;
  targets: readonly EmergencyTarget[];
}

/** All that an emergency stop has done, to be kept. */
export interface EmergencyReport {
  startedAt: number;
  endedAt: number;
  outcomes: readonly EmergencyOutcome[];
  /** Kinds that could not be listed: experiments of theirs may act that nobody has stopped. */
  unlisted: readonly { kind: string; error: AppError }[];
  /** The list itself failed: only what was known before was stopped. */
  listError: AppError | undefined;
}

/** A request that hangs must not keep the others waiting. */
const PAUSE_WAIT_MS = 10_000;
const AT_ONCE = 16;

/** True where nothing of it can act any more. */
export const isOver = ({ end }: EmergencyOutcome): boolean => end === 'gone' || end === 'recovered';

/**
 * Stops everything of ours: all are paused at the same time first, since a pause recovers quickest and needs no finalizer
 * to end, then deleted, and waited for. Lists anew by itself, so that it works while the watch does not; `known` is what
 * was seen before, for where the list fails too. Never rejects: what fails is in the report. Aborting ends the wait only.
 */
export async function emergencyStop(
  parts: SureParts,
  known: readonly Experiment[],
  { signal, onProgress }: WaitOptions = {},
): Promise<EmergencyReport> {
  const { clock, log } = parts;
  const startedAt = clock.now();
  onProgress?.('Looking for experiments …');
  const { experiments, unlisted, listError } = await find(parts, known);
  log.info(`emergency stop of ${experiments.length} experiments`);
  onProgress?.(`Pausing ${experiments.length} experiment(s) …`);
  const gate = new Gate(AT_ONCE);
  const pauses = await Promise.all(experiments.map((one) => gate.pass(() => pause(parts, one))));
  onProgress?.(`Deleting ${experiments.length} experiment(s) …`);
  let over = 0;
  const outcomes = await Promise.all(
    experiments.map(async (experiment, i) => {
      const outcome = await remove(parts, experiment, pauses[i], gate, signal);
      if (isOver(outcome)) onProgress?.(`${(over += 1)} of ${experiments.length} recovered`);
      return outcome;
    }),
  );
  return { startedAt, endedAt: clock.now(), outcomes, unlisted, listError };
}

type Found = Pick<EmergencyReport, 'unlisted' | 'listError'> & { experiments: Experiment[] };

async function find({ gateway }: SureParts, known: readonly Experiment[]): Promise<Found> {
  let snapshot: ExperimentSnapshot | undefined;
  let listError: AppError | undefined;
  try {
    snapshot = await gateway.list();
    const { health } = snapshot;
    if (health.state === 'stale' || health.state === 'failed') listError = health.error;
  } catch (thrown) {
    listError = toAppError(thrown);
  }
  // A kind that the cluster does not have has no experiments either.
  const unlisted = (snapshot?.missingKinds ?? []).filter(({ error }) => error.code !== 'notInstalled');
  const blind = new Set(unlisted.map(({ kind }) => kind));
  const seen = new Map((snapshot?.experiments ?? []).map((one) => [one.key, one]));
  for (const one of known) if (listError || blind.has(one.ref.kind)) seen.set(one.key, seen.get(one.key) ?? one);
  return { experiments: [...seen.values()].filter(({ ours }) => ours), unlisted, listError };
}

/** Answers with what the pause was refused with; undefined also where there was nothing to pause. */
async function pause(parts: SureParts, { ref, object, deletingSince }: Experiment): Promise<AppError | undefined> {
  if (deletingSince !== undefined || isOneShot(ref.kind, object.spec)) return undefined;
  const { clock } = parts;
  const limit = sleep(clock, PAUSE_WAIT_MS).then(() => {
    throw new AppError('timeout', `The pause of ${ref.name} was not answered within ${PAUSE_WAIT_MS / 1000} s.`);
  });
  limit.catch(() => undefined);
  try {
    await Promise.race([unlessGone(parts.gateway, ref, () => setPausedSurely(parts, ref, true)), limit]);
    return undefined;
  } catch (thrown) {
    return toAppError(thrown);
  }
}

async function remove(
  parts: SureParts,
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
  const answer = (end: EmergencyOutcome['end'], why?: string): EmergencyOutcome => ({
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
    await gate.pass(() => deleteSurely(parts, ref));
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
    if (late || (deleteError && !lookError && isHarmless(last, clock.now()))) break;
    await waitASecond(parts, signal);
  }
  if (lookError) return answer('unknown', lookError.message);
  return isHarmless(last, clock.now()) ? answer('recovered') : answer('held', stuckReason(last));
}

/** No target holds the fault, and none will: paused, being deleted or over. */
function isHarmless(experiment: Experiment, nowMs: number): boolean {
  if (isOneShot(experiment.ref.kind, experiment.object.spec)) return true;
  if (experiment.targets.some(holdsFault)) return false;
  return (
    experiment.paused || experiment.deletingSince !== undefined || derivePhase(experiment, nowMs).phase === 'finished'
  );
}

async function waitASecond({ clock }: SureParts, signal: AbortSignal | undefined): Promise<void> {
  const second = sleep(clock, 1000);
  await (signal ? untilAborted(second, signal) : second).catch(() => undefined);
}
