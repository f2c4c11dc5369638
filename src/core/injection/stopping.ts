import { msg } from '../base/text';
import { AppError, toAppError } from '../base/errors';
import type { Experiment, ExperimentRef } from '../experiments/experiment';
import { toExperiment } from '../experiments/parse';
import { STUCK_AFTER_MS, stuckReason } from '../experiments/phase';
import type { ExperimentStore } from '../experiments/store';
import { findExperiment } from '../experiments/find';
import type { Gate } from '../base/gate';
import type { ExperimentSnapshot } from '../experiments/gateway';
import { isUnsure, type ReliableRequestParts } from './reliableRequests';
import { sleep } from '../time/waiting';
import { waitForSnapshot, type WaitOptions } from '../experiments/waiting';

/**
 * Resolves when an experiment whose deletion was asked for is gone; rejects as `stuck` after 30 seconds with the reason.
 * A server that cannot be asked meanwhile is asked again.
 */
export async function untilGone(
  { clock, gateway, store }: ReliableRequestParts & { store: ExperimentStore },
  ref: ExperimentRef,
  gate: Gate,
  { signal, onProgress }: WaitOptions,
): Promise<void> {
  const since = clock.now();
  const late = (): boolean => clock.now() - since >= STUCK_AFTER_MS;
  const goneOrLate = (snapshot: ExperimentSnapshot): true | undefined => {
    const live = findExperiment(snapshot, ref);
    if (live?.deletingSince !== undefined)
      onProgress?.(msg`Recovering ${live.targets.length} target(s) of ${ref.name} …`);
    return (!live && snapshot.health.state === 'live') || late() ? true : undefined;
  };
  for (;;) {
    await waitForSnapshot(store, clock, goneOrLate, signal);
    try {
      // The watch may be a moment behind, or down: the server has the last word.
      const object = await gate.pass(() => gateway.get(ref, signal));
      if (!object) return;
      if (late()) throw stuck(toExperiment(object));
    } catch (thrown) {
      const error = toAppError(thrown);
      if (!isUnsure(error)) throw error;
      if (late()) throw unknown(ref, error);
    }
    await sleep(clock, 1000, signal);
  }
}

const stuck = (live: Experiment): AppError =>
  new AppError(
    'stuck',
    msg`${live.ref.name} is still being deleted after ${STUCK_AFTER_MS / 1000} s. ${stuckReason(live)}`,
    {
      hint: 'The deletion continues in the background. Force clean-up removes the object, but may leave the fault in the pod.',
    },
  );

const unknown = (ref: ExperimentRef, error: AppError): AppError =>
  new AppError(error.code, msg`${ref.name} was asked to stop, but it is unknown whether it did. ${error.text}`, {
    hint: 'The deletion continues by itself; the Experiments view shows it until it is done.',
  });
