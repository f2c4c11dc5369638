import { metricDefinition, type MetricId, type MetricUnit } from '../../metrics/catalogue';

/** The smallest change that a person would notice, by unit. Memory has none: what matters is the share that changed. */
const BY_UNIT: Readonly<Record<MetricUnit, number>> = {
  cores: 0.005,
  ratio: 0.01,
  bytes: 0,
  bytesPerSecond: 1000,
  perSecond: 1,
  seconds: 5e-4,
  count: 0.5,
};

/** Exceptions to the unit's figure. */
const BY_METRIC: Readonly<Record<MetricId, number>> = {
  'cpu.server': 0.02,
  'cpu.user': 1,
  'cpu.system': 1,
  'cpu.iowait': 1,
  'cpu.idle': 1,
  'cpu.contextSwitches': 50,
  'cpu.interrupts': 50,
  'memory.majorFaults': 5,
  'memory.minorFaults': 50,
  'disk.readBytes': 4096,
  'disk.writeBytes': 4096,
  'disk.utilization': 1,
  'disk.asyncIo': 1,
  'network.rpcDelay': 2e-4,
  'db.queryLatency': 2e-4,
  'db.queueTime': 1e-4,
  'db.lockWaitTime': 0.02,
  'db.ioWaitTime': 0.02,
  'db.connections': 2,
  'db.logicalReads': 10,
  'db.physicalReads': 10,
  'db.nextRowReads': 10,
  'db.scanReads': 10,
  'db.keyReads': 10,
  'db.dirtyPages': 10,
  'db.flushedPages': 10,
};

/**
 * The smallest change of a metric that a person would notice, in its unit. Without it, a very quiet baseline (a counter
 * that stood still, memory that moved by a page) would make any change look enormous.
 */
export function leastNoticeable(metric: MetricId): number {
  const unit = metricDefinition(metric)?.unit;
  return BY_METRIC[metric] ?? (unit ? BY_UNIT[unit] : 0);
}
