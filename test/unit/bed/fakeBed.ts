import type { Fault } from '../../../src/demo/faults';
import type { Bed } from '../../bed/types';

/** A bed that only writes down what is asked of it. */
export interface FakeBed extends Bed {
  /** In order: `apply 0 cpu`, `end 0 cpu`, `stop`. */
  readonly calls: string[];
  /** What is in force on the nodes. */
  readonly acting: { node: number; fault: Fault }[];
  /** Called before each fault is applied or ended; what it throws or waits for, the bed does. */
  before: (call: string) => void | Promise<void>;
}

/** Three nodes that can do what the bed's contract says. */
export function fakeBed(): FakeBed {
  const calls: string[] = [];
  const acting: FakeBed['acting'] = [];
  const call = async (what: string): Promise<void> => {
    calls.push(what);
    await bed.before(what);
  };
  const bed: FakeBed = {
    engine: 'seekdb',
    calls,
    acting,
    before: () => undefined,
    nodes: [1, 2, 3].map((i) => ({
      name: `obcluster-1-zone${i}`,
      namespace: 'oceanbase',
      container: 'observer',
      zone: `zone${i}`,
      ip: `10.88.${i}.2`,
      sqlPort: 2881,
      cpuLimit: 0.6,
      memoryLimit: 2500 * 2 ** 20,
      metricsUrls: { container: `http://127.0.0.1:${9 + i}/c`, engine: `http://127.0.0.1:${9 + i}/e` },
    })),
    apply: async (node, fault) => {
      await call(`apply ${node} ${fault.type}`);
      if (!['cpu', 'memory', 'networkDelay', 'ioLatency', 'podKill'].includes(fault.type))
        throw new Error(`the bed has no fault of the type ${fault.type}`);
      const entry = { node, fault };
      if (fault.type !== 'podKill') acting.push(entry);
      return async () => {
        await call(`end ${node} ${fault.type}`);
        if (acting.includes(entry)) acting.splice(acting.indexOf(entry), 1);
      };
    },
    load: { set: () => Promise.resolve() },
    repair: () => call('repair').then(() => []),
    setCpuLimit: () => Promise.resolve(),
    makeNoise: () => Promise.resolve(() => Promise.resolve()),
    stop: () => call('stop'),
  };
  return bed;
}
