import type { FaultType } from '../faults/types';
import type { Scope } from '../scenario/expectation';

/** What a database of three nodes is expected to bear when a fault acts on one of them. */
export interface Bearing {
  /** The share of its usual commits that it still makes. */
  throughput: number;
  /** Below this share everything is ended; undefined = what happens once cannot be ended. */
  guard: number | undefined;
  /** Whose commits: of the database, or of the other nodes where the target's own samples go missing with it. */
  of: Extract<Scope, 'database' | 'others'>;
  /** How soon the commits are back, milliseconds. */
  recoveryMs: number;
  /** Restarts that the fault itself causes on its target. */
  restarts: number;
  /** Pods that the fault itself makes not ready. */
  notReady: number;
}

const MINUTE = 60_000;

const bearing = (given: Partial<Bearing>): Bearing => ({
  throughput: 0.5,
  guard: 0.1,
  of: 'database',
  recoveryMs: 2 * MINUTE,
  restarts: 0,
  notReady: 0,
  ...given,
});

/** A node is gone for a while: the others elect new leaders and go on. */
const killed = bearing({ guard: undefined, of: 'others', recoveryMs: 5 * MINUTE, restarts: 1, notReady: 1 });
/** The database hardly uses what is disturbed. */
const harmless = bearing({ throughput: 0.8, guard: 0.5 });

/** For every fault of the catalogue, by its default strength. */
export const BEARINGS: Readonly<Record<FaultType, Bearing>> = {
  cpu_stress: bearing({ throughput: 0.7, guard: 0.2 }),
  memory_stress: bearing({ throughput: 0.8, guard: 0.2 }),
  network_delay: bearing({ throughput: 0.2, guard: 0.05 }),
  disk_stress: bearing({ throughput: 0.2, guard: 0.05 }),
  pod_kill: killed,
  pod_failure: { ...killed, guard: 0.1, restarts: 2 },
  container_kill: killed,
  network_loss: bearing({ throughput: 0.3, guard: 0.05 }),
  network_corrupt: bearing({ throughput: 0.3, guard: 0.05 }),
  network_duplicate: harmless,
  network_bandwidth: bearing({ throughput: 0.3, guard: 0.05 }),
  network_partition: bearing({ of: 'others', recoveryMs: 5 * MINUTE }),
  io_fault: bearing({ throughput: 0.3, guard: 0.05, recoveryMs: 5 * MINUTE }),
  io_mistake: bearing({ throughput: 0.3, guard: 0.05, recoveryMs: 5 * MINUTE }),
  clock_skew: harmless,
  dns_error: harmless,
  // The agent that exports the target's metrics is what is disturbed.
  http_abort: { ...harmless, of: 'others' },
  http_delay: { ...harmless, of: 'others' },
};

/** What is expected where several act, one after another: the weakest of each. */
export function jointBearing(types: readonly FaultType[]): Bearing {
  const all = types.map((type) => BEARINGS[type]);
  const guards = all.map(({ guard }) => guard);
  return {
    throughput: Math.min(...all.map(({ throughput }) => throughput)),
    guard: guards.includes(undefined) ? undefined : Math.min(...(guards as number[])),
    of: all.some(({ of }) => of === 'others') ? 'others' : 'database',
    recoveryMs: Math.max(...all.map(({ recoveryMs }) => recoveryMs)),
    restarts: all.reduce((sum, { restarts }) => sum + restarts, 0),
    notReady: Math.max(...all.map(({ notReady }) => notReady)),
  };
}
