import { Random } from '../../core/base/random';
import { demoTopology, type Topology } from '../topology';
import { COMMIT_BYTES, type ServerProfile } from './server';

/**
 * A cluster unlike the demo's, by its seed, as widely as real ones differ: 0.2 to 8 cores, 5 to 2000 transactions a second
 * on the busiest node, operations of 0.1 to 30 ms, even or with one node that leads nearly all, on machines of their own
 * or on one, quiet or restless.
 */
export function varyCluster(nodes: number, seed: number): { topology: Topology; server: ServerProfile } {
  const random = new Random(seed * 104_729 + 71);
  const between = (low: number, high: number): number => low + (high - low) * random.next();
  /** Even in the logarithm. */
  const across = (low: number, high: number): number => low * (high / low) ** random.next();
  const chance = (share: number): boolean => random.next() < share;

  const cpuLimit = across(0.2, 8);
  const cores = cpuLimit * between(0.1, 0.5);
  const busiest = Math.min(2000, Math.max(5, cores / across(0.0005, 0.02)));
  const skew = chance(0.3) ? between(0.5, 0.95) : between(0, 0.3);
  const transactions = busiest * ((1 + (nodes - 1) * (1 - skew)) / nodes);
  const idleCores = cores * between(0.05, 0.25);
  const cpuPerTransaction = (cores - idleCores) / busiest;
  const statementTime = (cpuPerTransaction / 12) * between(0.8, 2);
  const logTime = across(0.0001, 0.012);
  const think = across(0.05, 1);
  const roundTrip = across(0.0001, 0.002);
  const length = 13 * (statementTime + roundTrip) + 1.5 * logTime;
  const reads = across(0.05, 1);
  const memstore = busiest * COMMIT_BYTES * across(600, 7200);
  const resident = Math.max(4 * memstore, across(5e8, 3e10));
  const oneHost = chance(0.25);
  const sharedDisk = chance(0.3);
  const clients = Math.max(1, transactions * (think + length));
  const server: ServerProfile = {
    clients,
    think,
    skew,
    roundTrip,
    remoteShare: between(0.05, 0.25),
    cpuPerTransaction,
    idleCores,
    statementTime,
    readTime: across(0.0001, 0.015),
    logTime,
    reads,
    diskOps: (sharedDisk ? nodes : 1) * busiest * (reads + 1.1) * across(2, 15),
    sharedDisk,
    ioCoupling: chance(0.5) ? 0 : between(0.05, 0.5),
    // The more sessions, the more rows.
    conflict: across(0.02, 0.4) / clients,
    replicated: chance(0.7),
    hostCores: oneHost ? nodes * cores * between(1.3, 3) : cpuLimit * between(1, 4),
    hostNoise: across(0.01, 0.2),
    resident,
    memstore,
  };
  return { topology: demoTopology(nodes, { cpuLimit, memoryLimit: resident * between(1.2, 2.2), oneHost }), server };
}
