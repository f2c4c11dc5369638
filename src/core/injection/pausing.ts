import { msg } from '../base/text';
import { AppError, toAppError } from '../base/errors';
import type { Experiment, ExperimentRef } from '../experiments/experiment';
import { toExperiment } from '../experiments/parse';
import { holdsFault, STUCK_AFTER_MS, stuckReason } from '../experiments/phase';
import type { ExperimentStore } from '../experiments/store';
import { findExperiment } from '../experiments/find';
import type { ExperimentGateway, ExperimentSnapshot } from '../experiments/gateway';
import { remoteClusterOf } from '../experiments/remoteClusters';
import type { InjectionService } from './injection';
import { isUnsure, type ReliableRequestParts } from './reliableRequests';
import { sleep } from '../time/waiting';
import { waitForSnapshot, type WaitOptions } from '../experiments/waiting';

/**
 * Does something to an experiment. False where the experiment is gone, or another has its name by now: somebody else was
 * faster, and nothing is left to do.
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
    // The identity that we named may not fit what has the name now: servers refuse that by either code.
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
  const { clock, gateway, store, injection } = parts;
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
  const since = clock.now();
  const late = (): boolean => clock.now() - since >= STUCK_AFTER_MS;
  const settled = (snapshot: ExperimentSnapshot): true | undefined => {
    const live = findExperiment(snapshot, ref);
    if (live ? isPaused(live) : snapshot.health.state === 'live') return true;
    return late() ? true : undefined;
  };
  for (;;) {
    await waitForSnapshot(store, clock, settled, signal);
    try {
      // The watch may be a moment behind, or down: the server has the last word.
      const object = await gateway.get(ref, signal);
      if (!object) return 'gone';
      const live = toExperiment(object);
      if (isPaused(live)) return 'paused';
      if (late()) throw live.paused ? slow(live) : resumed(ref);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (!isUnsure(error)) throw error;
      if (late()) throw unknown(ref, error);
    }
    await sleep(clock, 1000, signal);
  }
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
