import { WorkQueues } from './workQueues';

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
  /** The container that it acts in; without one, the pod as a whole. */
  container?: string;
  fault: Fault;
}

/** Brings faults into a database that does not read them from the board itself. */
export interface FaultActor {
  /** Resolves when the fault acts, with what ends it; rejects with why it cannot act. */
  apply(active: ActiveFault): Promise<() => Promise<void>>;
}

/**
 * The faults in force now: written by the chaos controller, read by the simulator. With an actor, a fault is in force
 * from when the actor has brought it in until it has taken it out.
 */
export class FaultBoard {
  readonly #actor: FaultActor | undefined;
  readonly #faults = new Map<string, ActiveFault>();
  readonly #ends = new Map<string, () => Promise<void>>();
  readonly #work = new WorkQueues();

  constructor(actor?: FaultActor) {
    this.#actor = actor;
  }

  apply(active: ActiveFault): void {
    const { id } = active;
    const actor = this.#actor;
    if (!actor) return void this.#faults.set(id, active);
    this.#work.add(id, async () => {
      await this.#end(id);
      this.#ends.set(id, await actor.apply(active));
      this.#faults.set(id, active);
    });
  }

  clear(id: string): void {
    if (!this.#actor) this.#faults.delete(id);
    else this.#work.add(id, () => this.#end(id));
  }

  /** Clears every fault whose id starts so. */
  clearPrefix(prefix: string): void {
    const ids = new Set([...this.#faults.keys(), ...this.#ends.keys(), ...this.#work.keys()]);
    for (const id of ids) if (id.startsWith(prefix)) this.clear(id);
  }

  /** What became of the faults whose id starts so: whether the actor is still at work on one, else why it failed. */
  outcome(prefix: string): { pending: boolean; failure: string | undefined } {
    return this.#work.outcome(prefix);
  }

  /** Takes every fault out; resolves when the actor has done so. */
  async clearAll(): Promise<void> {
    this.clearPrefix('');
    await this.#work.idle();
  }

  /** All faults in force on a pod. */
  on(pod: string): Fault[] {
    return [...this.#faults.values()].filter((active) => active.pod === pod).map((active) => active.fault);
  }

  all(): readonly ActiveFault[] {
    return [...this.#faults.values()];
  }

  async #end(id: string): Promise<void> {
    await this.#ends.get(id)?.();
    this.#ends.delete(id);
    this.#faults.delete(id);
  }
}
