import { toAppError } from '../base/errors';
import type { ExperimentRef } from '../experiments/experiment';
import type { InjectionService } from './injection';
import { isUnsure, type ReliableRequestParts } from './reliableRequests';
import { sleep } from '../time/waiting';

/** What a clean-up needs. */
type CleanUpParts = ReliableRequestParts & { injection: Pick<InjectionService, 'mustBeOpen'> };

/** A running controller removes a finalizer within a second or two; after this time, no controller is running. */
const CONTROLLER_ANSWERS_MS = 15_000;

/**
 * Has Chaos Mesh drop an experiment's finalizer without recovering its targets. True when the object is gone; false where
 * it was not dropped in time: Chaos Mesh was uninstalled, or still fails at a target, which it tries again before it looks
 * whether it is to be forced.
 */
export async function forceCleanUp(parts: CleanUpParts, ref: ExperimentRef, signal?: AbortSignal): Promise<boolean> {
  return insist(parts, () => parts.gateway.forceClean(ref, signal), ref, signal);
}

/** Empties the finalizers if nobody else would. True when the object is gone. */
export async function dropFinalizers(parts: CleanUpParts, ref: ExperimentRef, signal?: AbortSignal): Promise<boolean> {
  return insist(parts, () => parts.gateway.removeFinalizers(ref, signal), ref, signal);
}

async function insist(
  { clock, gateway, injection }: CleanUpParts,
  ask: () => Promise<void>,
  ref: ExperimentRef,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  injection.mustBeOpen();
  const since = clock.now();
  try {
    await ask();
  } catch (thrown) {
    if (toAppError(thrown).code === 'notFound') return true; // it disappeared, or someone else was faster
    const left = await gateway.get(ref, signal).catch(() => ref); // the request may have succeeded
    if (left === undefined) return true;
    throw thrown;
  }
  for (;;) {
    try {
      if ((await gateway.get(ref, signal)) === undefined) return true;
    } catch (thrown) {
      if (!isUnsure(toAppError(thrown))) throw thrown;
    }
    if (clock.now() - since >= CONTROLLER_ANSWERS_MS) return false;
    await sleep(clock, 500, signal);
  }
}
