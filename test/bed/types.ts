import type { Fault } from '../../src/demo/faults';

/** The databases that a bed can run: OceanBase's kernel as three servers of their own, or one MariaDB cluster of three. */
export type EngineName = 'seekdb' | 'galera';

/** What is not in the project itself; scripts/bed/programs.mjs brings it. */
export interface BedPrograms {
  /** The compiled helper of test/bed/node. */
  helper: string;
  /** Of seekdb: a Python 3.11 and the folder of the unpacked package. */
  python?: string;
  seekdb?: string;
}

/** What a bed is made of. */
export interface BedOptions {
  engine: EngineName;
  programs: BedPrograms;
  /** Of the load; what it does follows from it. Default 1. */
  seed?: number;
  /** Cores of each node. Default: the engine's. */
  cpuLimit?: number;
  /** Bytes of each node. Default: the engine's. */
  memoryLimit?: number;
  /** Terminals of each node at the start. Default: the engine's. */
  clients?: number;
  /** Mean think time of a terminal, seconds. Default: the engine's. */
  thinkSeconds?: number;
  /** Hears what is being done while the bed starts. */
  say?(line: string): void;
  /** Gives up the start: it throws when everything is taken down. */
  signal?: AbortSignal;
}

/** One server in a cgroup, a network namespace and a file system of its own. */
export interface BedNode {
  /** As the pod is called: the label `pod` of its container metrics. */
  readonly name: string;
  readonly namespace: string;
  readonly container: string;
  readonly zone: string;
  /** In the bed's own network; the label `svr_ip` of seekdb's metrics. */
  readonly ip: string;
  readonly sqlPort: number;
  /** Cores. */
  readonly cpuLimit: number;
  /** Bytes. */
  readonly memoryLimit: number;
  /** In Prometheus's exposition format, on loopback: what cAdvisor says of the container, and what the engine's exporter says. */
  readonly metricsUrls: { readonly container: string; readonly engine: string };
}

/** What the terminals do from now on; without `node` (0 to 2) on all nodes. Fields that are left out stay as they are. */
export interface LoadChange {
  node?: number;
  /** Terminals. */
  clients?: number;
  /** Sessions that change the same rows again and again and hold them for a while. */
  hot?: number;
  /** Mean think time, seconds; always of all nodes. */
  thinkSeconds?: number;
}

/** Three real database nodes under load, with faults to switch on. */
export interface Bed {
  readonly engine: EngineName;
  readonly nodes: readonly BedNode[];
  /**
   * Brings a fault into force on a node, counted from 0; what is returned ends it. Knows cpu, memory, networkDelay,
   * ioLatency and podKill (a restart of the server, which ends by itself); throws for the others.
   */
  apply(node: number, fault: Fault): Promise<() => Promise<void>>;
  readonly load: { set(change: LoadChange): Promise<void> };
  /** Cores of a node from now on; `node` is counted from 0. */
  setCpuLimit(node: number, cores: number): Promise<void>;
  /** A neighbour outside the nodes' control groups that keeps this many of the machine's processors busy; no fault. */
  makeNoise(workers: number): Promise<() => Promise<void>>;
  /** Restarts the servers that have ended, and says which. */
  repair(): Promise<number[]>;
  /** Takes everything down; nothing is left behind. Safe to call twice. */
  stop(): Promise<void>;
}
