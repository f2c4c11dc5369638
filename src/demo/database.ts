import type { FaultActor } from './faults';
import type { Topology } from './topology';

/** The database that a demo cluster shows as pods, and the Prometheus that scrapes it. */
export interface DemoDatabase {
  topology: Topology;
  prometheusUrl: string;
  /** Since when its pods are there, epoch milliseconds. */
  sinceMs: number;
  /** Brings the faults in, where the database does not read them from the board. */
  actor?: FaultActor;
  stop(): Promise<void>;
}
