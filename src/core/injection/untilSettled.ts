import type { Clock } from '../base/clock';
import { toAppError, type AppError } from '../base/errors';
import type { Experiment, ExperimentRef } from '../experiments/experiment';
import { findExperiment } from '../experiments/find';
import type { ExperimentGateway, ExperimentSnapshot } from '../experiments/gateway';
import { toExperiment } from '../experiments/parse';
import { STUCK_AFTER_MS } from '../experiments/phase';
import type { ExperimentStore } from '../experiments/store';
import { waitForSnapshot } from '../experiments/waiting';
import { sleep } from '../time/waiting';
import { isUnsure } from './reliableRequests';

/** What is waited for. */
interface Settling<T> {
  get: ExperimentGateway['get'];
  /** True if the watch shows that it may have happened. */
  mayBe: (live: Experiment | undefined, snapshot: ExperimentSnapshot) => boolean;
  /** Decides by the server's answer, undefined to wait on; throws if it is too late. */
  decide: (live: Experiment | undefined, isLate: boolean) => T | undefined;
  /** The error if the server cannot be asked until it is too late. */
  unknown: (ref: ExperimentRef, error: AppError) => AppError;
}

/**
 * Waits until an experiment has changed as requested. The watch may be a moment behind, or down, so the server decides;
 * a server that cannot be asked is asked again.
 */
export async function untilSettled<T>(
  { clock, store }: { clock: Clock; store: ExperimentStore },
  ref: ExperimentRef,
  { get, mayBe, decide, unknown }: Settling<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const since = clock.now();
  const isLate = (): boolean => clock.now() - since >= STUCK_AFTER_MS;
  const look = (snapshot: ExperimentSnapshot): true | undefined =>
    mayBe(findExperiment(snapshot, ref), snapshot) || isLate() ? true : undefined;
  for (;;) {
    await waitForSnapshot(store, clock, look, signal);
    try {
      const object = await get(ref, signal);
      const decided = decide(object && toExperiment(object), isLate());
      if (decided !== undefined) return decided;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (!isUnsure(error)) throw error;
      if (isLate()) throw unknown(ref, error);
    }
    await sleep(clock, 1000, signal);
  }
}
