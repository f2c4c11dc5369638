/** What the simulated servers and their load are like, alike on all nodes; times are those of an idle machine. */
export interface ServerProfile {
  /** Sessions of the load per node, before skew; and the mean pause of a session between two transactions, seconds. */
  clients: number;
  think: number;
  /** 0: every node leads about as many transactions; towards 1: one leads nearly all. */
  skew: number;
  /** Seconds of a round trip between two pods, or a pod and the load. */
  roundTrip: number;
  /** Share of transactions that also change a row of another node. */
  remoteShare: number;
  /** Core seconds of a transaction, and cores of a server without load. */
  cpuPerTransaction: number;
  idleCores: number;
  /** Seconds of a statement that waits for nothing, of a read of a data file, and of a write of the redo log. */
  statementTime: number;
  readTime: number;
  logTime: number;
  /** Reads of data files per transaction. */
  reads: number;
  /** Operations a second that a disk can do, and whether all nodes share one. */
  diskOps: number;
  sharedDisk: boolean;
  /** Share of a data file's delay that the redo log waits too, as where both have their I/O threads in common. */
  ioCoupling: number;
  /** How often an open transaction wants a row that another one has locked. */
  conflict: number;
  /** Whether commits wait for a majority of the nodes. */
  replicated: boolean;
  /** Cores of a machine, and how much of them others use on it, on average: steal, neighbours, bursts. */
  hostCores: number;
  hostNoise: number;
  /** Resident bytes of a server, and bytes of changed rows at which they are compacted. */
  resident: number;
  memstore: number;
}

/** Bytes of changed rows that a commit leaves in memory. */
export const COMMIT_BYTES = 900;

/** The demo's own: servers of some size with much in reserve, on machines that are theirs. */
export const DEMO_SERVER: ServerProfile = {
  clients: 80,
  think: 0.25,
  skew: 0,
  roundTrip: 0.0004,
  remoteShare: 0.15,
  cpuPerTransaction: 0.0034,
  idleCores: 0.25,
  statementTime: 0.0002,
  readTime: 0.0004,
  logTime: 0.0006,
  reads: 0.25,
  diskOps: 3000,
  sharedDisk: false,
  ioCoupling: 0,
  conflict: 0.0005,
  replicated: true,
  hostCores: 8,
  hostNoise: 0.02,
  resident: 6.2e9,
  memstore: 1.2e9,
};
