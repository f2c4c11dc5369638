/** A fault that acts on one simulated pod, in the simulator's terms. */
export type Fault =
  /** `workers` busy loops at `load` percent each, in the container's cgroup. */
  | { type: 'cpu'; workers: number; load: number }
  /** Total resident bytes held by the stressors. */
  | { type: 'memory'; bytes: number }
  /** Delay of packets that leave (`to`) or reach (`from`) the pod; `peers` empty = all. */
  | {
      type: 'networkDelay';
      latencyMs: number;
      jitterMs: number;
      direction: 'to' | 'from' | 'both';
      peers: readonly string[];
    }
  /** Share of packets lost, corrupted or duplicated, 0 to 100. */
  | {
      type: 'networkLoss' | 'networkCorrupt' | 'networkDuplicate';
      percent: number;
      direction: 'to' | 'from' | 'both';
      peers: readonly string[];
    }
  | { type: 'networkBandwidth'; bytesPerSecond: number }
  | { type: 'networkPartition'; direction: 'to' | 'from' | 'both'; peers: readonly string[] }
  /** Delay of file operations under `volumePath`; `percent` of them, 0 to 100. */
  | { type: 'ioLatency'; delayMs: number; percent: number; volumePath: string }
  | { type: 'ioFault'; percent: number; volumePath: string }
  /** Wrong bytes in `percent` of the file operations. */
  | { type: 'ioMistake'; percent: number; volumePath: string }
  /** The container's time of day is ahead by this much. */
  | { type: 'clock'; offsetMs: number }
  /** An HTTP server of the pod is hit under `path`, a pattern; `delayMs` Infinity = the connections are broken off. */
  | { type: 'http'; port: number; path: string; delayMs: number }
  /** The pod is not available (pod-failure) or restarts now (kill). */
  | { type: 'podFailure' }
  | { type: 'podKill' }
  /** Shown as an experiment, without an effect on the simulated database. */
  | { type: 'other'; kind: string };

/** A fault and where it acts. */
export interface ActiveFault {
  /** Experiment uid + record id: one fault each. */
  id: string;
  pod: string;
  fault: Fault;
}

/** The faults in force now: written by the chaos controller, read by the simulator. */
export class FaultBoard {
  readonly #faults = new Map<string, ActiveFault>();

  apply(active: ActiveFault): void {
    this.#faults.set(active.id, active);
  }

  clear(id: string): void {
    this.#faults.delete(id);
  }

  /** Clears every fault whose id starts so. */
  clearPrefix(prefix: string): void {
    for (const id of [...this.#faults.keys()]) if (id.startsWith(prefix)) this.#faults.delete(id);
  }

  /** All faults in force on a pod. */
  on(pod: string): Fault[] {
    return [...this.#faults.values()].filter((active) => active.pod === pod).map((active) => active.fault);
  }

  all(): readonly ActiveFault[] {
    return [...this.#faults.values()];
  }
}
