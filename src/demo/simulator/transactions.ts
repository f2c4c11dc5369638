import { waitingForRows } from './contention';
import type { HotRow } from './load';
import type { FaultSum } from './node';
import type { ServerProfile } from './server';

/** Statements of a transaction by kind, as in TPC-C's mix; a transaction of another node changes a row here with two. */
const STATEMENTS = { select: 5.5, insert: 2.9, replace: 0.05, update: 3.4, delete: 0.15 } as const;
type Kind = keyof typeof STATEMENTS;
const KINDS = Object.keys(STATEMENTS) as Kind[];
const EACH = KINDS.reduce((sum, kind) => sum + STATEMENTS[kind], 0);
const REMOTE = 2;
/** Of the time that transactions wait for rows, what the kernel's statistic counts. */
const COUNTED = 0.5;
const COUNTED_HOT = 0.25;

/** How much longer CPU work, I/O and an operation of the disk take now. */
export interface Pressure {
  cpu: number;
  io: number;
  disk: number;
}

/** Seconds of a round trip to the load's sessions, to the majority of the replicas and to another node, on average. */
export interface Trips {
  client: number;
  majority: number;
  remote: number;
}

/** Seconds of what a server does. */
export interface Times {
  statement: number;
  queue: number;
  read: number;
  log: number;
  flush: number;
  commit: number;
}

/** What the operations of a server take under pressure and faults. */
export function transactionTimes(
  server: ServerProfile,
  pressure: Pressure,
  fault: FaultSum,
  majority: number,
  commits: number,
): Times {
  const io = pressure.io * pressure.disk;
  const log = server.logTime * io + fault.logDelay + server.ioCoupling * fault.dataDelay;
  return {
    statement: server.statementTime * pressure.cpu,
    queue: 0.16 * server.statementTime * pressure.cpu ** 1.3,
    read: server.readTime * io + fault.dataDelay,
    log,
    flush: 1.5 * server.logTime * io + fault.dataDelay,
    // A log waits for the rest of the write before it, the more often the busier the writer is.
    commit: log * (1.4 + 0.8 * Math.min(1.2, commits * log)) + (server.replicated ? majority : 0),
  };
}

/** A second of a server's work; rates per second, times in seconds. */
export interface Flow {
  /** Transactions of its own sessions, and of other nodes' that change a row here. */
  own: number;
  remote: number;
  commits: number;
  /** Transactions that are open, on average, and the mean time of one. */
  open: number;
  transactionTime: number;
  /** Count and summed time by kind of statement; and of all that is neither. */
  statements: Readonly<Record<Kind, readonly [count: number, seconds: number]>>;
  other: readonly [count: number, seconds: number];
  requests: number;
  queueTime: number;
  reads: number;
  /** As the kernel counts it. */
  lockWait: number;
  /** Seconds of statements that run or wait, per second; without those that wait for a row. */
  running: number;
  working: number;
}

/** What decides how much a server does in a second. */
export interface Demand {
  server: ServerProfile;
  clients: number;
  times: Times;
  trips: Trips;
  hot: HotRow;
  /** Transactions a second that the CPU would allow. */
  most: number;
  remote: number;
  /** How many more reads miss the caches. */
  cold: number;
  before: { own: number; open: number };
}

/**
 * A closed loop: a session sends its next transaction when the one before has ended and its pause is over, so that slow
 * answers lower the rate. Transactions that are open at once wait for each other's rows.
 */
export function flowOf(demand: Demand): Flow {
  const { server, clients, times, trips, hot, most, remote, cold, before } = demand;
  const rowsWaited = waitingForRows(before.open, server.conflict);
  const rowWait = rowsWaited / Math.max(0.5, before.own + remote);
  const reading = server.reads * cold * times.read;
  const atWork = EACH * times.statement + reading + rowWait + hot.wait;
  const away = server.remoteShare * (3 * trips.remote + REMOTE * times.statement + times.commit);
  const length = atWork + (EACH + 1) * (times.queue + trips.client) + times.statement + times.commit + away;
  const wanted = clients / (server.think + length);
  const target = Math.min(wanted, most);
  const own = 0.5 * before.own + 0.5 * target;
  // What the CPU does not get done waits for a worker.
  const late = target < wanted ? clients / Math.max(target, 1e-3) - server.think - length : 0;
  const guest = REMOTE * (times.statement + trips.client) + rowWait + times.commit;
  const open = own * (length + late) + remote * guest;
  const reads = (own + (remote * REMOTE) / EACH) * server.reads * cold;
  const waited = rowWait * (own + remote) + hot.wait * own;
  const statements = statementsOf({ own, remote, hot, times, waited, reading: reads * times.read });
  const other = own + remote + hot.commits;
  const otherTime = 0.7 * times.statement * other;
  const seconds = KINDS.reduce((sum, kind) => sum + statements[kind][1], 0) + otherTime;
  return {
    own,
    remote,
    commits: own + remote + hot.commits,
    open,
    transactionTime: (open + (hot.commits > 0 ? hot.waiting + 1 : 0)) / Math.max(1e-3, own + remote + hot.commits),
    statements,
    other: [other, otherTime],
    requests: own * (EACH + 1) + remote * (REMOTE + 1) + hot.commits * 2,
    queueTime: times.queue + late / (EACH + 1),
    reads,
    lockWait: COUNTED * rowWait * (own + remote) + COUNTED_HOT * (hot.waiting + hot.wait * own),
    running: seconds,
    working: seconds - waited - hot.waiting,
  };
}

interface Mix {
  own: number;
  remote: number;
  hot: HotRow;
  times: Times;
  /** Seconds per second that ordinary transactions wait for rows and for reads. */
  waited: number;
  reading: number;
}

/** Reads are waited for by SELECT; rows by UPDATE and by SELECT … FOR UPDATE, a contended one by its UPDATE. */
function statementsOf({ own, remote, hot, times, waited, reading }: Mix): Flow['statements'] {
  const count = (kind: Kind): number => own * STATEMENTS[kind];
  const plain = (kind: Kind): readonly [number, number] => [count(kind), count(kind) * times.statement];
  const contended = Math.min(waited, hot.wait * own);
  const updates = count('update') + remote + hot.commits;
  const selects = count('select') + remote;
  return {
    select: [selects, selects * times.statement + reading + 0.4 * (waited - contended)],
    insert: plain('insert'),
    replace: plain('replace'),
    update: [updates, 1.4 * updates * times.statement + 0.6 * (waited - contended) + contended + hot.waiting],
    delete: plain('delete'),
  };
}
