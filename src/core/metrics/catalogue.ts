import { msg, type Text } from '../base/text';

/** Canonical name of a metric, the same whatever exporter it came from: `cpu.used`, `disk.writeLatency`, … */
export type MetricId = string;

/** The unit of a metric's values; how it is written out is the view's business. */
export type MetricUnit = 'cores' | 'bytes' | 'bytesPerSecond' | 'perSecond' | 'seconds' | 'ratio' | 'count';

/** The group that a metric is charted in. */
export type MetricGroup = 'cpu' | 'memory' | 'network' | 'disk' | 'workload';

/** What a canonical metric is. */
export interface MetricDefinition {
  id: MetricId;
  title: Text;
  unit: MetricUnit;
  group: MetricGroup;
  /** One sentence for a tooltip. */
  description: Text;
  /** Among the few charts shown first. */
  primary: boolean;
}

function metric(
  id: MetricId,
  title: Text,
  unit: MetricUnit,
  group: MetricGroup,
  description: Text,
  primary = false,
): MetricDefinition {
  return { id, title, unit, group, description, primary };
}

/** Every canonical metric of a node, in the order of display. */
export const METRICS: readonly MetricDefinition[] = [
  metric('cpu.used', 'CPU used', 'cores', 'cpu', 'CPU time used by the database container, in cores.', true),
  metric(
    'cpu.throttled',
    'CPU throttled',
    'ratio',
    'cpu',
    'Share of scheduler periods in which the container was throttled by its CPU limit.',
  ),
  metric(
    'cpu.server',
    'Worker occupancy',
    'ratio',
    'cpu',
    'Share of the database’s worker-thread time spent on requests, including waits. OceanBase calls it CPU usage; it is not CPU time.',
  ),
  metric('memory.used', 'Memory used', 'bytes', 'memory', 'Working set of the database container.', true),
  metric('memory.rss', 'Resident memory', 'bytes', 'memory', 'Anonymous memory of the database container.'),
  metric('memory.majorFaults', 'Major page faults', 'perSecond', 'memory', 'Page faults that had to read from disk.'),
  metric('memory.server', 'Database memory', 'bytes', 'memory', 'Memory accounted for by the database server itself.'),
  metric('memory.memstore', 'Memstore', 'bytes', 'memory', 'Changed rows not yet compacted to disk.'),
  metric('network.sendBytes', 'Network sent', 'bytesPerSecond', 'network', 'Bytes sent by the pod.', true),
  metric('network.receiveBytes', 'Network received', 'bytesPerSecond', 'network', 'Bytes received by the pod.'),
  metric(
    'network.rpcDelay',
    'RPC network delay',
    'seconds',
    'network',
    'Mean network delay of incoming remote calls.',
    true,
  ),
  metric('network.rpcIn', 'RPC packets in', 'perSecond', 'network', 'Incoming remote calls from other servers.'),
  metric('disk.readBytes', 'Disk read', 'bytesPerSecond', 'disk', 'Bytes read from disk by the container.'),
  metric('disk.writeBytes', 'Disk written', 'bytesPerSecond', 'disk', 'Bytes written to disk by the container.', true),
  metric('disk.readOps', 'Disk reads', 'perSecond', 'disk', 'Read operations of the container.'),
  metric('disk.writeOps', 'Disk writes', 'perSecond', 'disk', 'Write operations of the container.'),
  metric('disk.readLatency', 'Read latency', 'seconds', 'disk', 'Mean time of a data-file read.'),
  metric(
    'disk.writeLatency',
    'Write latency',
    'seconds',
    'disk',
    'Mean time of a write. Nearly all writes are to the redo log; compaction writes data files.',
    true,
  ),
  metric(
    'disk.logLatency',
    'Redo log latency',
    'seconds',
    'disk',
    'Mean time until a transaction’s log is on disk, on a majority of replicas if there are replicas.',
  ),
  metric('db.commits', 'Commits', 'perSecond', 'workload', 'Transactions committed.', true),
  metric('db.commitLatency', 'Commit latency', 'seconds', 'workload', 'Mean time of a commit.', true),
  metric('db.rollbacks', 'Rollbacks', 'perSecond', 'workload', 'Transactions rolled back.'),
  metric('db.queries', 'Statements', 'perSecond', 'workload', 'SQL statements of all kinds.'),
  metric('db.queryLatency', 'Statement latency', 'seconds', 'workload', 'Mean time of an SQL statement.'),
  metric('db.insertLatency', 'Insert latency', 'seconds', 'workload', 'Mean time of an INSERT.'),
  metric(
    'db.updateLatency',
    'Update latency',
    'seconds',
    'workload',
    'Mean time of an UPDATE, including row-lock waits.',
  ),
  metric(
    'db.otherLatency',
    'Latency of other statements',
    'seconds',
    'workload',
    'Mean time of statements that neither read nor change rows, such as BEGIN, COMMIT and SET.',
  ),
  metric(
    'db.transactionTime',
    'Transaction time',
    'seconds',
    'workload',
    'Mean time from the start of a transaction to its end.',
  ),
  metric('db.connections', 'Connections', 'count', 'workload', 'Open sessions, active or not.'),
  metric('db.activeSessions', 'Active sessions', 'count', 'workload', 'Sessions running a statement.'),
  metric('db.queueTime', 'Queue time', 'seconds', 'workload', 'Mean time that a request waits for a worker.'),
  metric('db.lockWaitTime', 'Lock wait time', 'seconds', 'workload', 'Time spent waiting for row locks, per second.'),
  metric(
    'db.ioWaitTime',
    'I/O wait time',
    'seconds',
    'workload',
    'Time spent waiting for reads and writes of data files, per second, compaction included.',
  ),
];

/**
 * Further metrics that recorded faults have: no profile asks for them, but an explanation may name them. Their units
 * differ from data set to data set, so that their values are shown as they are.
 */
const RECORDED: readonly MetricDefinition[] = (
  [
    ['cpu.user', 'User CPU', 'cpu'],
    ['cpu.system', 'System CPU', 'cpu'],
    ['cpu.iowait', 'I/O wait', 'cpu'],
    ['cpu.idle', 'Idle CPU', 'cpu'],
    ['cpu.runQueue', 'Run queue', 'cpu'],
    ['cpu.blocked', 'Blocked processes', 'cpu'],
    ['cpu.load1', 'Load average', 'cpu'],
    ['cpu.contextSwitches', 'Context switches', 'cpu'],
    ['cpu.interrupts', 'Interrupts', 'cpu'],
    ['memory.free', 'Free memory', 'memory'],
    ['memory.cached', 'Cached memory', 'memory'],
    ['memory.minorFaults', 'Minor page faults', 'memory'],
    ['disk.utilization', 'Disk utilisation', 'disk'],
    ['disk.asyncIo', 'Asynchronous I/O', 'disk'],
    ['db.threadsRunning', 'Running threads', 'workload'],
    ['db.currentLockWaits', 'Sessions waiting for locks', 'workload'],
    ['db.lockWaits', 'Lock waits', 'workload'],
    ['db.logicalReads', 'Logical reads', 'workload'],
    ['db.physicalReads', 'Physical reads', 'workload'],
    ['db.rowInserts', 'Rows inserted', 'workload'],
    ['db.rowUpdates', 'Rows updated', 'workload'],
    ['db.rowDeletes', 'Rows deleted', 'workload'],
    ['db.rowsChanged', 'Rows changed', 'workload'],
    ['db.nextRowReads', 'Rows read in sequence', 'workload'],
    ['db.scanReads', 'Rows read by scans', 'workload'],
    ['db.keyReads', 'Rows read by key', 'workload'],
    ['db.dirtyPages', 'Dirty pages', 'workload'],
    ['db.flushedPages', 'Flushed pages', 'workload'],
    ['db.cpu', 'Database CPU', 'cpu'],
  ] as const
).map(([id, title, group]) => metric(id, title, 'count', group, msg`${title}, as recorded.`));

const byId = new Map([...METRICS, ...RECORDED].map((definition) => [definition.id, definition]));

/** The definition of a metric; undefined for a name that is not in the catalogue. */
export function metricDefinition(id: MetricId): MetricDefinition | undefined {
  return byId.get(id);
}
