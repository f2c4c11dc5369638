import type { ActiveFault, FaultActor } from '../../../src/demo/faults';
import type { Bed } from '../types';

type End = () => Promise<void>;

/** Of these a node has one at a time. */
const ONE_AT_A_TIME = ['networkDelay', 'ioLatency'];

/**
 * Has the faults of the demo's Chaos Mesh act on a bed: on each node one after the other, so that nothing is started
 * in a server that is being restarted. What the bed cannot do is refused, as a daemon would, rather than done by halves.
 */
export function bedActor(bed: Bed): FaultActor {
  const queues = new Map<number, Promise<unknown>>();
  const taken = new Set<string>();

  const apply = async (node: number, { pod, fault }: ActiveFault): Promise<End> => {
    if (!ONE_AT_A_TIME.includes(fault.type)) return bed.apply(node, fault);
    const place = `${pod} ${fault.type}`;
    if (taken.has(place)) throw new Error(`${pod} has a fault of the type ${fault.type} already: this bed holds one`);
    const end = await bed.apply(node, fault);
    taken.add(place);
    return async () => {
      await end();
      taken.delete(place);
    };
  };

  return {
    apply: async (active) => {
      const { pod, container } = active;
      const node = bed.nodes.findIndex(({ name }) => name === pod);
      if (node < 0) throw new Error(`the pod ${pod} is no node of this bed`);
      if (container !== undefined && container !== bed.nodes[node]?.container)
        throw new Error(`the container ${container} of ${pod} has no process on this bed`);
      const applied = (queues.get(node) ?? Promise.resolve()).then(() => apply(node, active));
      queues.set(
        node,
        applied.catch(() => undefined),
      );
      return applied;
    },
  };
}
