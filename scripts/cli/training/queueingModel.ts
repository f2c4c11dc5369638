/** A kind of database: a closed loop of clients over nodes with a quota of CPU, a disk, a log and peers. Seconds, bytes, cores. */
export interface Engine {
  cores: number;
  /** Statements of a transaction, a round trip each. */
  statements: number;
  thinkTime: number;
  roundTrip: number;
  statementCpu: number;
  readsPerStatement: number;
  readTime: number;
  writeTime: number;
  /** Writes and syncs of the log, one after the other, that a commit waits for. */
  syncsPerCommit: number;
  /** 0 = commits share a write of the log, 1 = each waits for the one before. */
  serialLog: number;
  /** Writes go to the page cache, so that a slow disk is felt late. */
  bufferedWrites: boolean;
  /** Share of transactions that touch another node. */
  remoteShare: number;
  waitsForPeers: boolean;
  /** How much a slow peer slows this node, 0 to 1. */
  flowControl: number;
  /** Share of the peers' writes that this node applies too. */
  applyShare: number;
  backgroundWrites: number;
  writesPerCommit: number;
  /** Of the quota. */
  backgroundCpu: number;
  bytesOut: number;
  bytesIn: number;
  replicatedBytes: number;
  agentBytes: number;
  readConcurrency: number;
  writeConcurrency: number;
  /** How much a delay of the files slows background writes, and the writes of commits. */
  backgroundSlowdown: number;
  commitSlowdown: number;
  /** Probability that two transactions under way want the same row. */
  rowConflicts: number;
  memory: number;
  readOnlyShare: number;
  readBytes: number;
  writeBytes: number;
  /** Share of transactions that want a hot row; CPU and commits of the sessions that hold it. */
  hotTouch: number;
  hotCpu: number;
  hotCommits: number;
  /** Share of lock waits that the statistics count. */
  lockTimeSeen: number;
  /** Sessions that wait for the client count as running. */
  waitsInServer: boolean;
  /** Share of the quota from which on periods are throttled. */
  throttledFrom: number;
  clients: number;
  /** Of the load, by node; their mean is 1. */
  shares: readonly number[];
}

/** What one node goes through. */
export interface NodeLoad {
  load: number;
  /** Factor by which the host's neighbours make CPU time longer, from 1. */
  steal: number;
  writeBurst: number;
  readBurst: number;
  growth: number;
  stressCores: number;
  stressMemory: number;
  packetDelay: number;
  fileDelay: number;
  logDelay: number;
  clientsFactor: number;
  hotSessions: number;
  hotHold: number;
}

const ROUNDS = 50;

/** Throughput and times of a node in one round of the fixed point. */
interface State {
  throughput: number;
  /** Throughput as a share of what it is without a fault: peers with flow control follow. */
  speed: number;
  applied: number;
  utilisation: number;
  read: number;
  write: number;
  commit: number;
  lockWait: number;
  /** Time in the server, of a transaction. */
  service: number;
}

/** Canonical metrics of each node in the steady state, by a fixed point of the nodes' throughputs. */
export function solve(engine: Engine, loads: readonly NodeLoad[]): Record<string, number>[] {
  const undisturbed = engine.thinkTime + engine.statements * (engine.roundTrip + engine.statementCpu);
  let states = loads.map((_, i): State => ({
    throughput: offered(engine, loads, i) / (undisturbed + 0.02),
    ...{ speed: 1, applied: 0, utilisation: 0, read: 0, write: 0, commit: 0, lockWait: 0, service: 0 },
  }));
  for (let round = 0; round < ROUNDS; round++) states = states.map((_, i) => next(engine, loads, states, i));
  return states.map((state, i) => figures(engine, loads, states, state, i));
}

const offered = ({ clients, shares }: Engine, loads: readonly NodeLoad[], i: number): number =>
  clients * (shares[i] as number) * (loads[i] as NodeLoad).load * (loads[i] as NodeLoad).clientsFactor;

const others = <T>(list: readonly T[], i: number): T[] => list.filter((_, j) => j !== i);
const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);

function next(engine: Engine, loads: readonly NodeLoad[], states: readonly State[], i: number): State {
  const load = loads[i] as NodeLoad;
  const was = (states[i] as State).throughput;
  const { cores, statements, roundTrip, readsPerStatement, readOnlyShare } = engine;
  const stressed = load.stressCores > 0;
  const applied = 0.35 * engine.applyShare * sum(others(states, i).map(({ throughput }) => throughput));
  // A busy loop takes its share of the quota, but the scheduler leaves the database a third.
  const quota = (stressed ? Math.max(cores - load.stressCores, 0.35 * cores) : cores) / load.steal;
  const demand = (was + applied) * statements * engine.statementCpu + engine.backgroundCpu * cores;
  const utilisation = Math.min(0.985, demand / quota);
  const queueing = 1 + (0.7 * utilisation ** 3) / (1 - utilisation);
  const stretched = stressed ? 0.8 * Math.min(1, load.stressCores / cores) : 0;
  const cpu = engine.statementCpu * load.steal * (queueing + stretched);
  // Threads that wait for the CPU see their reads and writes end late.
  const read = engine.readTime * (1 + (stressed ? 0.6 * utilisation : 0)) + load.fileDelay;
  const felt = load.logDelay * (engine.bufferedWrites ? 0.25 : 1);
  const write = engine.writeTime * (1 + (stressed ? 2.8 : 0.3) * utilisation) + felt;
  const synced = write * engine.syncsPerCommit * load.writeBurst ** 0.3;
  const logUse = Math.min(0.97, engine.serialLog * (was * (1 - readOnlyShare) + 2 * applied) * synced);
  const logged = synced * (1 + (engine.serialLog * logUse) / (1 - logUse));
  const delays = others(loads, i).map(({ packetDelay }) => 2 * roundTrip + packetDelay);
  const answer = (engine.flowControl > 0 ? Math.max(...delays) : Math.min(...delays)) + load.packetDelay;
  const slowPeers = Math.max(...others(loads, i).map(({ logDelay }) => logDelay)) * engine.applyShare;
  const commit = logged + (engine.waitsForPeers ? answer : 0) + (engine.flowControl > 0 ? 0.25 * slowPeers : 0);
  const remote =
    engine.remoteShare *
    (4 * roundTrip + 2 * load.packetDelay + 0.5 * sum(others(loads, i).map(({ packetDelay }) => packetDelay)));
  const held = 0.6 * statements * (roundTrip + load.packetDelay + cpu + readsPerStatement * read) + commit;
  const conflicts = engine.rowConflicts * was;
  const hot =
    load.hotSessions > 0 ? engine.hotTouch * (1 - readOnlyShare) * load.hotHold * (0.5 + 0.35 * load.hotSessions) : 0;
  const lockWait = Math.min(3, (conflicts * (1 - readOnlyShare) * held ** 2) / (1 + conflicts * held)) + hot;
  const onWire = statements * (roundTrip + load.packetDelay);
  const service =
    statements * (cpu + readsPerStatement * read) +
    commit * (1 - readOnlyShare) +
    0.5 * remote +
    lockWait +
    (engine.waitsInServer ? statements * load.packetDelay : 0);
  const slowest = Math.min(1, ...others(states, i).map(({ speed }) => speed));
  const wanted =
    (offered(engine, loads, i) / (engine.thinkTime + service + onWire + 0.5 * remote)) *
    (1 - 0.75 * engine.flowControl * (1 - slowest));
  const possible = Math.min(
    wanted,
    (0.985 * quota) / (statements * engine.statementCpu),
    0.98 / Math.max(1e-9, engine.serialLog * synced),
    engine.readConcurrency / Math.max(1e-9, statements * readsPerStatement * read),
  );
  const throughput = 0.6 * was + 0.4 * possible;
  const faulty = load.packetDelay > 0 || load.fileDelay > 0 || stressed;
  const usual =
    (engine.clients * (engine.shares[i] as number) * load.load) /
    (engine.thinkTime +
      statements * (roundTrip + engine.statementCpu) +
      engine.writeTime * engine.syncsPerCommit +
      0.005);
  return {
    ...{ throughput, applied, utilisation, read, write: synced, commit, lockWait, service },
    speed: faulty ? throughput / Math.max(1e-9, usual) : 1,
  };
}

function figures(
  engine: Engine,
  loads: readonly NodeLoad[],
  states: readonly State[],
  { throughput, applied, utilisation, read, write, commit, lockWait, service }: State,
  i: number,
): Record<string, number> {
  const load = loads[i] as NodeLoad;
  const { cores, statements, statementCpu, readOnlyShare, applyShare } = engine;
  const stressed = load.stressCores > 0;
  const hot = load.hotSessions > 0 ? 1 / Math.max(0.02, load.hotHold) : 0;
  const hotWaiting = 0.8 * load.hotSessions;
  const peers = sum(others(states, i).map((state) => state.throughput));
  const work =
    (throughput + 0.3 * hot * engine.hotCpu + 0.6 * applied) * statements * statementCpu +
    engine.backgroundCpu * cores +
    (load.stressMemory > 0 ? 0.01 * cores : 0);
  const used = Math.min(cores / load.steal, work + Math.min(load.stressCores, cores));
  const busy = (used * load.steal) / cores;
  const reads = throughput * statements * engine.readsPerStatement;
  const background =
    (engine.backgroundWrites * load.writeBurst) / (1 + 100 * engine.backgroundSlowdown * load.fileDelay);
  const ofCommits =
    (engine.writesPerCommit * (throughput * (1 - readOnlyShare) + applied)) /
    (1 + 30 * engine.commitSlowdown * load.logDelay);
  const mostWrites = engine.bufferedWrites
    ? Infinity
    : engine.writeConcurrency / Math.max(1e-9, engine.writeTime + load.fileDelay * engine.commitSlowdown);
  const writes = Math.min(background + ofCommits, mostWrites) + 0.5 * hot * engine.hotCommits;
  const served = throughput + 0.2 * hot;
  const resident = engine.memory * load.growth;
  const queries = throughput * statements + 3 * hot;
  const changes = throughput * (1 - readOnlyShare);
  return {
    'cpu.used': used,
    'cpu.throttled': Math.min(1, Math.max(0, (busy - engine.throttledFrom) / (1 - engine.throttledFrom))) ** 1.3,
    'cpu.server': Math.min(1, (throughput * service) / 20),
    'memory.rss': resident + load.stressMemory,
    'memory.used': 1.08 * resident + load.stressMemory,
    'memory.majorFaults': 0,
    'memory.server': 0.9 * engine.memory,
    'memory.memstore': 5e7,
    'network.sendBytes':
      served * statements * engine.bytesOut +
      2 * applyShare * throughput * statements * engine.replicatedBytes +
      engine.agentBytes,
    'network.receiveBytes':
      served * statements * engine.bytesIn +
      applyShare * peers * statements * engine.replicatedBytes +
      engine.agentBytes,
    'network.rpcDelay': 2e-4 + 0.5 * sum(others(loads, i).map(({ packetDelay }) => packetDelay)),
    'disk.readOps': reads * load.readBurst + 0.05,
    'disk.readBytes': reads * engine.readBytes * load.readBurst + 500,
    'disk.writeOps': writes,
    'disk.writeBytes': writes * engine.writeBytes,
    'disk.readLatency': read,
    'disk.writeLatency': write / engine.syncsPerCommit,
    'disk.logLatency': write,
    'db.commits': changes + hot * engine.hotCommits,
    'db.rollbacks': 0.01 * throughput,
    'db.commitLatency': commit,
    'db.queries': queries,
    'db.queryLatency': (throughput * service + hot * load.hotHold) / queries,
    'db.activeSessions': throughput * service + 0.3 + hotWaiting,
    'db.connections': offered(engine, loads, i) + 2 + load.hotSessions,
    'db.queueTime': 2e-5 + ((2e-4 * utilisation ** 4) / (1 - utilisation)) * (stressed ? 3 : 1),
    'db.lockWaitTime': (throughput * lockWait + hotWaiting) * engine.lockTimeSeen + 0.002,
    'db.currentLockWaits': throughput * lockWait + hotWaiting,
    'db.lockWaits': throughput * Math.min(1, 20 * lockWait) + hot,
    'db.logicalReads': 6 * throughput * statements + 10 * applied,
    'db.physicalReads': reads * load.readBurst,
    'db.rowInserts': 5 * changes,
    'db.rowUpdates': 6 * changes + 2 * hot,
    'db.rowDeletes': 0.3 * changes,
  };
}
