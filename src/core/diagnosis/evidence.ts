import type { MetricId } from '../metrics/catalogue';
import { logRatio, type Deviation, type NodeDeviations } from './features';

/** The inputs of the queueing rules: ratios and shares of the server's time and threads. NaN = its metrics are missing. */
export interface Evidence {
  /** ln ratio of running threads. */
  threads: number;
  /** ln ratios of work done: commits, bytes received, logical reads. */
  commits: number;
  received: number;
  reads: number;
  /** ln ratio of the CPU time spent in the kernel or waiting for disks; synchronous I/O shows as either. */
  ioTime: number;
  /** Share of running threads that wait for a lock, 0 to 1. */
  waiting: number;
  /** Rise of the odds of waiting for a lock, ln. */
  waitingRise: number;
}

/** Metrics behind each piece of evidence, for the explanation. */
export const EVIDENCE_METRICS: Readonly<Record<keyof Evidence, readonly MetricId[]>> = {
  threads: ['db.threadsRunning', 'db.activeSessions'],
  commits: ['db.commits'],
  received: ['network.receiveBytes'],
  reads: ['db.logicalReads'],
  ioTime: ['cpu.iowait', 'cpu.system'],
  waiting: ['db.currentLockWaits'],
  waitingRise: ['db.currentLockWaits'],
};

/** The evidence of one node. */
export function evidenceOf(own: NodeDeviations): Evidence {
  const ratio = (metric: MetricId, floor: number): number => {
    const found = own.get(metric);
    return found ? logRatio(found.value, found.baseline, floor) : NaN;
  };
  const threads = own.get('db.threadsRunning') ?? own.get('db.activeSessions');
  const waits = own.get('db.currentLockWaits');
  return {
    threads: threads ? logRatio(threads.value, threads.baseline, 1) : NaN,
    commits: ratio('db.commits', 1),
    received: ratio('network.receiveBytes', 1e-9),
    reads: ratio('db.logicalReads', 1),
    ioTime: ioTime(own.get('cpu.iowait'), own.get('cpu.system')),
    waiting: threads && waits ? Math.min(1, waits.value / Math.max(1, threads.value)) : NaN,
    waitingRise: threads && waits ? waitingRise(waits, threads) : NaN,
  };
}

/** A fifth of a percent of the CPU is nothing. */
const PERCENT_FLOOR = 0.2;

function ioTime(wait: Deviation | undefined, system: Deviation | undefined): number {
  if (!wait || !system) return NaN;
  return Math.log((wait.value + system.value + PERCENT_FLOOR) / (wait.baseline + system.baseline + PERCENT_FLOOR));
}

function waitingRise(waits: Deviation, threads: Deviation): number {
  const odds = (waiting: number, running: number): number =>
    Math.log((waiting + 1) / (Math.max(0, running - waiting) + 1));
  return odds(waits.value, threads.value) - odds(waits.baseline, threads.baseline);
}
