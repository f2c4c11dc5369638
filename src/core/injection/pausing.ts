import { msg } from '../base/text';
import { AppError, toAppError } from '../base/errors';
import type { Experiment, ExperimentRef } from '../experiments/experiment';
import { holdsFault, STUCK_AFTER_MS, stuckReason } from '../experiments/phase';
import type { ExperimentStore } from '../experiments/store';
import { findExperiment } from '../experiments/find';
import type { ExperimentGateway } from '../experiments/gateway';
import { remoteClusterOf } from '../experiments/remoteClusters';
import type { InjectionService } from './injection';
import type { ReliableRequestParts } from './reliableRequests';
import { untilSettled } from './untilSettled';
import type { WaitOptions } from '../experiments/waiting';

/**
 * Changes an experiment. False if it is gone, or if another one has its name by now: someone else was faster, and nothing
 * is left to do.
 */
export async function unlessGone(
  gateway: ExperimentGateway,
  ref: ExperimentRef,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'notFound') return false;
    // Another object may have the name now; servers refuse that with either code.
    const raced = error.code === 'conflict' || error.code === 'invalid';
    if (raced && ref.uid !== undefined && (await gateway.get(ref)) === undefined) return false;
    throw error;
  }
}

/**
 * Pauses an experiment; resolves when its targets are recovered, with `gone` where somebody has removed it. Rejects
 * after 30 seconds with Chaos Mesh's reason.
 */
export async function pauseExperiment(
  parts: ReliableRequestParts & { store: ExperimentStore; injection: Pick<InjectionService, 'pause'> },
  ref: ExperimentRef,
  { signal, onProgress }: WaitOptions = {},
): Promise<'paused' | 'gone'> {
  const { gateway, store, injection } = parts;
  const listed = findExperiment(store.snapshot, ref);
  const cluster = listed && remoteClusterOf(listed.object);
  if (cluster !== undefined)
    throw new AppError(
      'invalid',
      msg`${ref.name} runs in the cluster "${cluster}", to which Chaos Mesh does not forward a pause.`,
      {
        hint: 'Stop it instead: a deletion is forwarded.',
      },
    );
  if (!(await unlessGone(gateway, ref, () => injection.pause(ref)))) return 'gone';
  onProgress?.(msg`Recovering the targets of ${ref.name} …`);
  return untilSettled(
    parts,
    ref,
    {
      get: (...asked) => gateway.get(...asked),
      mayBe: (live, snapshot) => (live ? isPaused(live) : snapshot.health.state === 'live'),
      decide: (live, isLate) => {
        if (!live) return 'gone';
        if (isPaused(live)) return 'paused';
        if (isLate) throw live.paused ? slow(live) : resumed(ref);
        return undefined;
      },
      unknown,
    },
    signal,
  );
}

const isPaused = ({ paused, targets }: Experiment): boolean => paused && !targets.some(holdsFault);

const slow = (live: Experiment): AppError =>
  new AppError(
    'stuck',
    msg`${live.ref.name} was paused, but its targets did not recover within ${STUCK_AFTER_MS / 1000} s. ${stuckReason(live)}`,
    { hint: 'Chaos Mesh keeps trying. See the events of the experiment for its daemon’s messages.' },
  );

const resumed = (ref: ExperimentRef): AppError =>
  new AppError('conflict', msg`${ref.name} was paused and then resumed by someone else.`);

const unknown = (ref: ExperimentRef, error: AppError): AppError =>
  new AppError(error.code, msg`${ref.name} was asked to pause, but it is unknown whether it did. ${error.text}`, {
    hint: 'The Experiments view shows its state once the cluster responds.',
  });
