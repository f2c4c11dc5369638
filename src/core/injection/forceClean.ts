import { toAppError } from '../base/errors';
import type { ExperimentRef } from '../experiments/experiment';
import { isUnsure, type SureParts } from './reliableRequests';
import { sleep } from '../base/waiting';

/** A controller that runs drops a finalizer within a second or two; after this long there is none. */
const CONTROLLER_ANSWERS_MS = 15_000;

/**
 * Has Chaos Mesh drop an experiment's finalizer without recovering its targets. True when the object is gone; false where
 * no controller has answered in time, as when Chaos Mesh was uninstalled.
 */
export async function forceCleanUp(parts: SureParts, ref: ExperimentRef, signal?: AbortSignal): Promise<boolean> {
  return insist(parts, () => parts.gateway.forceClean(ref, signal), ref, signal);
}

/** Empties the finalizers by ourselves, where nobody else would. True when the object is gone. */
export async function dropFinalizers(parts: SureParts, ref: ExperimentRef, signal?: AbortSignal): Promise<boolean> {
  return insist(parts, () => parts.gateway.removeFinalizers(ref, signal), ref, signal);
}

async function insist(
  { clock, gateway }: SureParts,
  ask: () => Promise<void>,
  ref: ExperimentRef,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const since = clock.now();
  try {
    await ask();
  } catch (thrown) {
    if (toAppError(thrown).code === 'notFound') return true; // it went by itself, or somebody else was faster
    if ((await gateway.get(ref, signal)) === undefined) return true;
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
