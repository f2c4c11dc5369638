import type { MetricId } from '../../metrics/catalogue';

/** An anomaly's effect on a metric: +1 up, −1 down, 0 none (a rise is evidence against it); the weight is how telling that is. */
export interface Sign {
  metric: MetricId;
  direction: 1 | -1 | 0;
  weight: number;
}

const up = (metric: MetricId, weight = 1): Sign => ({ metric, direction: 1, weight });
const down = (metric: MetricId, weight = 1): Sign => ({ metric, direction: -1, weight });
const still = (metric: MetricId, weight = 1): Sign => ({ metric, direction: 0, weight });

/**
 * The signs of each type, for the distance-based fall-back. Those of the four injected types come from what Chaos Mesh
 * does to a container; the others from what two public data sets of MySQL faults have in common (DBSherlock, DBPA).
 */
export const SIGNATURES: Readonly<Record<string, readonly Sign[]>> = {
  cpu_stress: [
    up('cpu.used', 3),
    up('db.queueTime', 1),
    up('cpu.throttled', 0.5),
    still('memory.used', 1),
    still('disk.writeLatency', 1),
    still('db.commitLatency', 1),
  ],
  memory_stress: [
    up('memory.used', 2),
    up('memory.rss', 2),
    up('memory.majorFaults', 1),
    still('disk.writeLatency', 1),
    still('db.commitLatency', 1),
  ],
  network_delay: [
    up('db.commitLatency', 3),
    down('network.sendBytes', 1.5),
    down('db.commits', 1.5),
    down('cpu.used', 0.5),
    down('network.rpcDelay', 0.5),
    still('disk.writeLatency', 1.5),
    still('disk.readLatency', 1.5),
    still('disk.logLatency', 1),
  ],
  disk_stress: [
    up('disk.readLatency', 2),
    up('disk.writeLatency', 2),
    down('disk.writeOps', 1.5),
    down('disk.writeBytes', 1),
    still('db.commitLatency', 1),
    still('network.rpcDelay', 0.5),
  ],
  workload_spike: [
    up('db.commits', 2),
    up('network.sendBytes', 2),
    up('network.receiveBytes', 1),
    up('db.activeSessions', 1),
    up('cpu.used', 1),
  ],
  io_saturation: [
    up('cpu.iowait', 3),
    up('cpu.blocked', 1),
    down('db.commits', 1),
    down('network.sendBytes', 1),
    up('disk.utilization', 1.5),
  ],
  lock_contention: [
    up('db.activeSessions', 2),
    up('db.lockWaitTime', 2),
    up('db.currentLockWaits', 2),
    down('db.commits', 1.5),
    down('cpu.iowait', 1),
  ],
  cpu_saturation: [up('cpu.used', 3), up('cpu.runQueue', 2), down('db.commits', 0.5), still('network.sendBytes', 0.5)],
  network_congestion: [
    down('network.sendBytes', 2),
    down('network.receiveBytes', 2),
    down('db.commits', 2),
    up('db.latency', 2),
    down('cpu.used', 1),
  ],
  poor_query: [
    up('db.nextRowReads', 2),
    up('db.logicalReads', 2),
    up('db.scanReads', 1),
    up('cpu.used', 1),
    still('db.commits', 0.5),
  ],
  poor_physical_design: [
    up('db.rowsChanged', 1),
    up('disk.writeBytes', 1),
    up('db.logWritesMB', 1),
    up('db.logicalReads', 1),
  ],
  backup: [up('disk.readBytes', 2), up('network.sendBytes', 2), up('db.physicalReads', 2), up('db.nextRowReads', 2)],
  table_restore: [
    up('db.rowInserts', 3),
    up('db.logWritesMB', 2),
    up('network.receiveBytes', 2),
    up('disk.writeBytes', 1),
  ],
  flush: [up('db.flushedPages', 2), up('disk.writeBytes', 2), down('db.dirtyPages', 2)],
  concurrent_commits: [
    up('db.commits', 3),
    up('disk.writeOps', 2),
    up('db.activeSessions', 1),
    up('cpu.contextSwitches', 1),
  ],
  concurrent_inserts: [
    up('db.rowInserts', 3),
    up('network.receiveBytes', 2),
    up('db.dirtyPages', 1),
    up('disk.writeBytes', 1),
  ],
  missing_indexes: [up('db.logicalReads', 3), up('cpu.used', 2), up('db.activeSessions', 1), down('db.commits', 1)],
};
