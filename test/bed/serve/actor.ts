import type { FaultActor } from '../../../src/demo/faults';
import type { Bed } from '../types';

/** Has the faults of the demo's Chaos Mesh act on a bed, and does there what a kubelet does. */
export interface BedActor extends FaultActor {
  /** Restarts the servers that have ended by themselves, when nothing is being brought in; says which, counted from 0. */
  repair(): Promise<number[]>;
}

/**
 * On each node one thing is done after the other, so that nothing is started in a server that is being restarted. What
 * the bed cannot do is refused, as a daemon would.
 */
export function bedActor(bed: Bed): BedActor {
  const last: Promise<unknown>[] = bed.nodes.map(() => Promise.resolve());
  const onNodes = <T>(nodes: readonly number[], work: () => Promise<T>): Promise<T> => {
    const done = Promise.all(nodes.map(async (node) => last[node])).then(work);
    for (const node of nodes) last[node] = done.catch(() => undefined);
    return done;
  };
  return {
    apply: async ({ pod, container, fault }) => {
      const node = bed.nodes.findIndex(({ name }) => name === pod);
      if (node < 0) throw new Error(`the pod ${pod} is no node of this bed`);
      if (container !== undefined && container !== bed.nodes[node]?.container)
        throw new Error(`the container ${container} of ${pod} has no process on this bed`);
      return onNodes([node], () => bed.apply(node, fault));
    },
    repair: () => onNodes([...bed.nodes.keys()], () => bed.repair()),
  };
}
