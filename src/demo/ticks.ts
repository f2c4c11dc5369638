import type { Clock } from '../core/base/clock';
import type { Disposable } from '../core/base/disposable';

/** Milliseconds of the cluster's clock between two looks of a controller. */
const TICK_MS = 200;

/** Has a controller look at its objects now, and again at every tick until it is disposed. */
export function everyTick(clock: Clock, look: () => void): Disposable {
  let timer: Disposable | undefined;
  let ended = false;
  const tick = (): void => {
    look();
    if (!ended) timer = clock.after(TICK_MS, tick);
  };
  tick();
  return {
    dispose: () => {
      ended = true;
      timer?.dispose();
    },
  };
}
