import type { MetricId } from '../metrics/catalogue';
import type { NodeDeviations } from './features';
import { median } from './statistics';

/** The inputs of a quantity's formula: no change = 0, missing = NaN. */
interface Reading {
  /** ln ratio of a metric, window to baseline. */
  ratio: (metric: MetricId) => number;
  /** A metric's value in the window, and before it. */
  now: (metric: MetricId) => number;
  before: (metric: MetricId) => number;
}

/** A value derived from a node's metrics that means the same on every database server: a ratio or a share, never a size. */
export interface Quantity {
  name: string;
  /** The metrics that it is made of, for the explanation. */
  metrics: readonly MetricId[];
  of: (reading: Reading) => number;
  /** Which of these are inputs of a model: the node's own value, its distance from the other nodes' median, that median. */
  told: readonly ('own' | 'apart' | 'others')[];
}

const finite = (values: readonly number[]): number[] => values.filter((value) => Number.isFinite(value));
const mean = (...values: number[]): number => {
  const known = finite(values);
  return known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
};
/** Math.max that ignores missing values. */
const most = (...values: number[]): number => (finite(values).length === 0 ? NaN : Math.max(...finite(values)));
/** Between 0 and `high`. */
const held = (value: number, high: number): number => Math.min(high, Math.max(0, value));

const ROWS = ['db.rowInserts', 'db.rowUpdates', 'db.rowDeletes', 'db.rowsChanged'];
const NETWORK = ['network.sendBytes', 'network.receiveBytes'];
const WORK = [...NETWORK, 'db.commits', 'db.queries', ...ROWS];

const network = ({ ratio }: Reading): number => mean(...NETWORK.map(ratio));
const rows = ({ ratio }: Reading): number => mean(...ROWS.map(ratio));
const disk = ({ ratio }: Reading): number => mean(ratio('disk.readOps'), ratio('disk.writeOps'));
const logWrites = ({ ratio }: Reading): number => mean(ratio('disk.writeLatency'), ratio('disk.logLatency'));
/** Work done: the median of its indicators, so that one odd counter does not decide. */
const work = (reading: Reading): number =>
  median([network(reading), reading.ratio('db.commits'), reading.ratio('db.queries'), rows(reading)]);

/** Statement time per second, which by Little's law is the number of running statements; else the number of active sessions. */
const statements = (when: (metric: MetricId) => number): number => {
  const byTime = when('db.queryLatency') * when('db.queries');
  return Math.max(0.5, Number.isNaN(byTime) ? when('db.activeSessions') : byTime);
};
/** Share of the statements' time that goes into waiting for locks. */
const lockShare = (when: (metric: MetricId) => number): number =>
  2 * held(when('db.lockWaitTime') / statements(when), 1.5);
/** Share of the running sessions that wait for a lock. */
const waitingShare = (when: (metric: MetricId) => number): number =>
  2 * held(when('db.currentLockWaits') / Math.max(1, when('db.activeSessions')), 1);

const both = ['own', 'apart'] as const;
const all = ['own', 'apart', 'others'] as const;
const own = ['own'] as const;

const quantity = (
  name: string,
  metrics: readonly MetricId[],
  of: Quantity['of'],
  told: Quantity['told'] = both,
): Quantity => ({ name, metrics, of, told });
/** What the other nodes did at the same time; a metric's own change is an input already. */
const ofOthers = (metric: MetricId): Quantity => quantity(metric, [metric], ({ ratio }) => ratio(metric), ['others']);

/** Every quantity, in the order of a model's input. */
export const QUANTITIES: readonly Quantity[] = [
  ofOthers('cpu.used'),
  ofOthers('disk.readOps'),
  ofOthers('disk.writeOps'),
  ofOthers('db.commits'),
  ofOthers('db.activeSessions'),
  ofOthers('db.lockWaitTime'),
  quantity('network', NETWORK, network),
  quantity('rows', ROWS, rows),
  quantity('work', WORK, work, all),
  quantity('memory', ['memory.rss', 'memory.used'], ({ ratio }) => most(ratio('memory.rss'), ratio('memory.used'))),
  quantity('writeTime', ['disk.writeLatency', 'disk.logLatency'], logWrites),
  quantity('cpuPerWork', ['cpu.used', ...WORK], (r) => r.ratio('cpu.used') - work(r), all),
  quantity('cpuPerByte', ['cpu.used', ...NETWORK], (r) => r.ratio('cpu.used') - network(r)),
  quantity('cpuPerDisk', ['cpu.used', 'disk.readOps', 'disk.writeOps'], (r) => r.ratio('cpu.used') - disk(r)),
  quantity('readsPerWork', ['disk.readOps', ...WORK], (r) => r.ratio('disk.readOps') - work(r)),
  quantity('writesPerWork', ['disk.writeOps', ...WORK], (r) => r.ratio('disk.writeOps') - work(r)),
  quantity('bytesWrittenPerWork', ['disk.writeBytes', ...WORK], (r) => r.ratio('disk.writeBytes') - work(r)),
  quantity('bytesPerCommit', [...NETWORK, 'db.commits'], (r) => network(r) - r.ratio('db.commits')),
  quantity('statementsPerCommit', ['db.queries', 'db.commits'], (r) => r.ratio('db.queries') - r.ratio('db.commits')),
  quantity('sessionsPerWork', ['db.activeSessions', ...WORK], (r) => r.ratio('db.activeSessions') - work(r)),
  quantity(
    'sessionsPerCommit',
    ['db.activeSessions', 'db.commits'],
    (r) => r.ratio('db.activeSessions') - r.ratio('db.commits'),
  ),
  quantity(
    'lockTimePerStatementTime',
    ['db.lockWaitTime', 'db.queryLatency', 'db.queries'],
    ({ ratio }) => ratio('db.lockWaitTime') - ratio('db.queryLatency') - ratio('db.queries'),
  ),
  quantity(
    'readTimePerStatement',
    ['disk.readLatency', 'db.queryLatency'],
    ({ ratio }) => ratio('disk.readLatency') - ratio('db.queryLatency'),
  ),
  quantity(
    'writeTimePerCommit',
    ['disk.writeLatency', 'disk.logLatency', 'db.commitLatency'],
    (r) => logWrites(r) - r.ratio('db.commitLatency'),
  ),
  quantity(
    'commitTimePerStatement',
    ['db.commitLatency', 'db.queryLatency'],
    ({ ratio }) => ratio('db.commitLatency') - ratio('db.queryLatency'),
  ),
  quantity(
    'queueTimePerStatement',
    ['db.queueTime', 'db.queryLatency'],
    ({ ratio }) => ratio('db.queueTime') - ratio('db.queryLatency'),
  ),
  quantity(
    'throttledMore',
    ['cpu.throttled'],
    ({ now, before }) => 3 * (now('cpu.throttled') - before('cpu.throttled')),
  ),
  quantity('throttled', ['cpu.throttled'], ({ now }) => 3 * now('cpu.throttled'), own),
  quantity('throttledBefore', ['cpu.throttled'], ({ before }) => 3 * before('cpu.throttled'), own),
  quantity('lockShare', ['db.lockWaitTime', 'db.queryLatency', 'db.queries'], ({ now }) => lockShare(now), own),
  quantity(
    'lockShareMore',
    ['db.lockWaitTime', 'db.queryLatency', 'db.queries'],
    ({ now, before }) => lockShare(now) - lockShare(before),
    own,
  ),
  quantity('waitingShare', ['db.currentLockWaits', 'db.activeSessions'], ({ now }) => waitingShare(now), own),
  quantity(
    'waitingShareMore',
    ['db.currentLockWaits', 'db.activeSessions'],
    ({ now, before }) => waitingShare(now) - waitingShare(before),
    own,
  ),
  quantity(
    'queueShare',
    ['db.queueTime', 'db.queryLatency'],
    ({ now }) => 2 * held(now('db.queueTime') / Math.max(1e-4, now('db.queryLatency')), 1.5),
    own,
  ),
  quantity(
    'commitTime',
    ['db.commitLatency'],
    ({ now }) => 0.5 * Math.log(Math.max(1e-5, now('db.commitLatency'))),
    own,
  ),
  quantity('readTime', ['disk.readLatency'], ({ now }) => 0.5 * Math.log(Math.max(1e-5, now('disk.readLatency'))), own),
];

/** The quantities of one node, in order; NaN where their metrics are missing. */
export function quantitiesOf(node: NodeDeviations): Float64Array {
  const reading: Reading = {
    ratio: (metric) => node.get(metric)?.logRatio ?? NaN,
    now: (metric) => node.get(metric)?.value ?? NaN,
    before: (metric) => node.get(metric)?.baseline ?? NaN,
  };
  return Float64Array.from(QUANTITIES, ({ of }) => of(reading));
}
