import type { MetricId } from '../metrics/catalogue';
import { logRatio, type Deviation, type NodeDeviations } from './features';

/**
 * What a database's metrics say in terms that mean the same on every server: ratios, shares of the server's own time
 * and threads, never sizes. NaN = the metrics for it are not there.
 */
export interface Evidence {
  /** ln ratio of running threads. */
  threads: number;
  /** ln ratios of work done: commits, bytes received, logical reads. */
  commits: number;
  received: number;
  sent: number;
  reads: number;
  /** ln ratio of the CPU time spent in the kernel or waiting for disks: synchronous I/O shows as either. */
  ioTime: number;
  ioWait: number;
  userTime: number;
  /** Share of running threads that wait for a lock, 0 to 1. */
  waiting: number;
  /** Rise of the odds of waiting for a lock, ln. */
  waitingRise: number;
  /** Change of the idle share of the CPU, −1 to 1. */
  idle: number;
  /** ln ratios. */
  switches: number;
  writeOps: number;
  runQueue: number;
}

/** Order of the evidence in a model's input. */
export const EVIDENCE: readonly (keyof Evidence)[] = [
  'threads',
  'commits',
  'received',
  'sent',
  'reads',
  'ioTime',
  'ioWait',
  'userTime',
  'waiting',
  'waitingRise',
  'idle',
  'switches',
  'writeOps',
  'runQueue',
];

/** Metrics behind each piece of evidence, for the explanation. */
export const EVIDENCE_METRICS: Readonly<Record<keyof Evidence, readonly MetricId[]>> = {
  threads: ['db.threadsRunning', 'db.activeSessions'],
  commits: ['db.commits'],
  received: ['network.receiveBytes'],
  sent: ['network.sendBytes'],
  reads: ['db.logicalReads'],
  ioTime: ['cpu.iowait', 'cpu.system'],
  ioWait: ['cpu.iowait'],
  userTime: ['cpu.user'],
  waiting: ['db.currentLockWaits'],
  waitingRise: ['db.currentLockWaits'],
  idle: ['cpu.idle'],
  switches: ['cpu.contextSwitches'],
  writeOps: ['disk.writeOps'],
  runQueue: ['cpu.runQueue'],
};

/** The evidence of one node. */
export function evidenceOf(own: NodeDeviations): Evidence {
  const ratio = (metric: MetricId, floor: number): number => {
    const found = own.get(metric);
    return found ? logRatio(found.value, found.baseline, floor) : NaN;
  };
  const threads = own.get('db.threadsRunning') ?? own.get('db.activeSessions');
  const waits = own.get('db.currentLockWaits');
  const idle = own.get('cpu.idle');
  return {
    threads: threads ? logRatio(threads.value, threads.baseline, 1) : NaN,
    commits: ratio('db.commits', 1),
    received: ratio('network.receiveBytes', 1e-9),
    sent: ratio('network.sendBytes', 1e-9),
    reads: ratio('db.logicalReads', 1),
    ioTime: ioTime(own.get('cpu.iowait'), own.get('cpu.system')),
    ioWait: percentRatio(own.get('cpu.iowait')),
    userTime: percentRatio(own.get('cpu.user')),
    waiting: threads && waits ? Math.min(1, waits.value / Math.max(1, threads.value)) : NaN,
    waitingRise: threads && waits ? waitingRise(waits, threads) : NaN,
    idle: idle ? (idle.value - idle.baseline) / 100 : NaN,
    switches: ratio('cpu.contextSwitches', 1),
    writeOps: ratio('disk.writeOps', 1e-9),
    runQueue: ratio('cpu.runQueue', 1),
  };
}

/** A fifth of a percent of the CPU is nothing. */
const PERCENT_FLOOR = 0.2;

function percentRatio(own: Deviation | undefined): number {
  return own ? logRatio(own.value, own.baseline, PERCENT_FLOOR) : NaN;
}

function ioTime(wait: Deviation | undefined, system: Deviation | undefined): number {
  if (!wait || !system) return NaN;
  return Math.log((wait.value + system.value + PERCENT_FLOOR) / (wait.baseline + system.baseline + PERCENT_FLOOR));
}

function waitingRise(waits: Deviation, threads: Deviation): number {
  const odds = (waiting: number, running: number): number =>
    Math.log((waiting + 1) / (Math.max(0, running - waiting) + 1));
  return odds(waits.value, threads.value) - odds(waits.baseline, threads.baseline);
}
