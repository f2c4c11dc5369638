import type { Text } from '../base/text';
import type { Experiment } from './experiment';
import type { ExperimentStore } from './store';
import type { Clock } from '../base/clock';
import { onAbort } from '../time/onAbort';
import type { Disposable } from '../base/disposable';
import type { ExperimentSnapshot } from './gateway';

/** Options of a wait. Aborting stops only the wait, never the injection or the deletion. */
export interface WaitOptions {
  signal?: AbortSignal;
  /** Gets a short sentence on what is being waited for. */
  onProgress?: (message: Text) => void;
  /** Called right before the creation is sent: from then on the experiment may exist, whatever the answer is. */
  onSending?: () => void;
  /** Called once the experiment exists: from then on it is active, even if the wait is aborted. */
  onCreated?: (experiment: Experiment) => void;
}

/**
 * Resolves with the first answer that `look` gives to a snapshot of the store; rejects with what `look` throws, or when
 * aborted. Looks at every change, and once a second of the clock for what changes with the time alone.
 */
export function waitForSnapshot<T>(
  store: ExperimentStore,
  clock: Clock,
  look: (snapshot: ExperimentSnapshot) => T | undefined,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const held = new Set<Disposable>();
    let settled = false;
    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      for (const one of held) one.dispose();
      finish();
    };
    const tryOnce = (snapshot: ExperimentSnapshot): void => {
      if (settled) return;
      try {
        const answer = look(snapshot);
        if (answer !== undefined) settle(() => resolve(answer));
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const again = (): void => {
      const timer = clock.after(1000, () => {
        held.delete(timer);
        tryOnce(store.snapshot);
        if (!settled) again();
      });
      held.add(timer);
    };
    if (signal) held.add(onAbort(signal, () => settle(() => reject(signal.reason))));
    again();
    const subscription = store.subscribe(tryOnce);
    if (settled) subscription.dispose();
    else held.add(subscription);
  });
}
