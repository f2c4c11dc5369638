import { msg } from '../base/text';
import { AppError } from '../base/errors';
import type { Experiment, ExperimentRef } from '../experiments/experiment';
import { STUCK_AFTER_MS, stuckReason } from '../experiments/phase';
import type { ExperimentStore } from '../experiments/store';
import type { Gate } from '../base/gate';
import type { ReliableRequestParts } from './reliableRequests';
import { untilSettled } from './untilSettled';
import type { WaitOptions } from '../experiments/waiting';

/** Resolves when an experiment whose deletion was requested is gone; rejects as `stuck` after 30 seconds with the reason. */
export async function untilGone(
  parts: ReliableRequestParts & { store: ExperimentStore },
  ref: ExperimentRef,
  gate: Gate,
  { signal, onProgress }: WaitOptions,
): Promise<void> {
  await untilSettled(
    parts,
    ref,
    {
      get: (...asked) => gate.pass(() => parts.gateway.get(...asked)),
      mayBe: (live, snapshot) => {
        if (live?.deletingSince !== undefined)
          onProgress?.(msg`Recovering ${live.targets.length} target(s) of ${ref.name} …`);
        return !live && snapshot.health.state === 'live';
      },
      decide: (live, isLate) => {
        if (!live) return true;
        if (isLate) throw stuck(live);
        return undefined;
      },
      unknown,
    },
    signal,
  );
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
