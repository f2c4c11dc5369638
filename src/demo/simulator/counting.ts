import type { Random } from '../../core/base/random';
import type { FaultBoard } from '../faults';
import { throttledShare } from './contention';
import { path } from './network';
import type { FaultSum, NodeState } from './node';
import { COMMIT_BYTES, type ServerProfile } from './server';
import type { Times, Trips } from './transactions';

/** A node's second, to be counted. */
export interface Second {
  node: NodeState;
  server: ServerProfile;
  fault: FaultSum;
  times: Times;
  trips: Trips;
  /** Size of the cluster. */
  nodes: number;
  random: Random;
}

const MICRO = 1e6;

/** Adds what a node did in a second to its counters, and sets its gauges. */
export function countSecond(second: Second): void {
  countContainer(second);
  countDisk(second);
  countTransactions(second);
  countNetwork(second);
}

function countContainer({ node, server, fault, random }: Second): void {
  const { pod, cpu } = node;
  node.add('cpu', cpu.used);
  node.add('periods', 10);
  node.add('throttled', 10 * throttledShare(cpu.used / pod.cpuLimit));
  node.extraMemory += (fault.memory - node.extraMemory) * 0.5;
  node.memstore =
    node.memstore > server.memstore ? 0.08 * server.memstore : node.memstore + node.flow.commits * COMMIT_BYTES;
  node.gauges.set('memstoreTrigger', server.memstore);
  // What is changed in memory is resident too, until it is compacted.
  const own = node.up
    ? server.resident * (1 + 0.04 * (node.memstore / server.memstore) + 0.0005 * node.noise.memory)
    : 0;
  const resident = own + node.extraMemory;
  node.gauges.set('rss', resident);
  node.gauges.set('workingSet', resident + server.resident * (0.04 + 0.0003 * random.normal()));
  node.gauges.set('serverMemory', node.up ? server.resident * (0.88 + 0.0003 * node.noise.memory) : 0);
  // Nothing is swapped; what is read again near the limit is the programs' own pages.
  if (resident > pod.memoryLimit * 0.97) node.add('majorFaults', 200 * random.next());
  const workers = 20 * Math.max(1, pod.cpuLimit);
  node.gauges.set('occupancy', node.up ? Math.min(1, 0.2 + node.flow.working / workers) : 0);
}

function countDisk({ node, server, times, random }: Second): void {
  const { flow } = node;
  const noisy = node.jitter('disk', 0.02, random);
  const reads = flow.reads * noisy;
  // The slower a write, the more logs the next one takes along.
  const logs = (flow.commits / (1 + 0.5 * flow.commits * times.log)) * noisy;
  // Background flushing keeps at most a few writes in flight.
  const flushes = Math.min(0.1 * flow.commits * noisy, 12 / times.flush);
  node.diskOps = reads + logs + flushes;
  node.add('reads', reads);
  node.add('readBytes', reads * 16_384);
  node.add('readTime', reads * times.read * MICRO);
  node.add('ioWait', reads * times.read);
  node.add('writes', logs + flushes);
  node.add('writeBytes', logs * 4096 + flow.commits * 1600 + flushes * 8192);
  node.add('writeTime', (logs * times.log + flushes * times.flush) * MICRO * (1 + server.hostNoise * random.normal()));
}

function countTransactions({ node, server, fault, times, trips, random }: Second): void {
  const { flow } = node;
  const failures = (fault.ioErrors * 0.5 + strayed(fault.skew)) * flow.own;
  // Transactions come one by one: the fewer they are, the more a second differs from the next.
  const many = 1 + Math.max(-0.9, Math.min(0.9, random.normal() / Math.sqrt(Math.max(4, flow.commits))));
  const commits = Math.max(0, flow.commits - failures) * many;
  const noisy = 1 + (0.02 + 0.2 * server.hostNoise) * random.normal();
  node.add('commits', commits);
  node.add('commitTime', commits * times.commit * MICRO * noisy);
  node.add('logWrites', commits);
  node.add('logTime', commits * times.commit * 0.97 * MICRO * noisy);
  node.add('rollbacks', flow.own * 0.01 * many + failures);
  node.add('started', commits + failures);
  node.add('transactionTime', commits * flow.transactionTime * MICRO);
  for (const [kind, [count, seconds]] of Object.entries(flow.statements)) {
    node.add(kind, count * many);
    node.add(`${kind}Time`, seconds * many * MICRO * noisy);
  }
  node.add('other', flow.other[0] * many);
  node.add('otherTime', flow.other[1] * many * MICRO * noisy);
  node.add('local', flow.requests * 0.9 * many);
  node.add('remote', flow.own * server.remoteShare * 2);
  node.add('remoteWait', flow.own * server.remoteShare * 2 * trips.remote);
  node.add('distributed', flow.own * server.remoteShare);
  node.add('queued', flow.requests * many);
  node.add('queueTime', flow.requests * many * flow.queueTime * MICRO * noisy);
  node.add('lockWait', flow.lockWait * MICRO);
  node.gauges.set('sessions', node.up ? Math.max(1, 1 + flow.running + 0.3 * random.normal()) : 0);
}

/** Bytes of a request with its answer, and of a transaction's log to each replica. */
const REQUEST = 175;
const LOG = 1800;

function countNetwork({ node, server, fault, nodes, random }: Second): void {
  const { flow } = node;
  const copies = server.replicated ? nodes - 1 : 0;
  const plain = flow.requests * REQUEST + flow.commits * LOG * copies + flow.own * server.remoteShare * 3 * REQUEST;
  node.bytesPerTransaction = plain / Math.max(0.1, flow.own);
  const sent = plain * node.jitter('network', 0.015, random) * (1 + fault.duplicates);
  node.gauges.set('sent', sent);
  node.gauges.set('copied', (sent * flow.commits * LOG * copies) / Math.max(1, plain));
  node.add('sent', sent);
  node.add('sentPackets', sent / 900);
}

/** Remote calls and bytes that arrive, after every node's load is known. */
export function countCalls(board: FaultBoard, nodes: readonly NodeState[], random: Random): void {
  for (const node of nodes) {
    let received = node.flow.requests * 0.72 * REQUEST;
    for (const from of nodes) {
      if (from === node) continue;
      const link = path(board, from.pod, node.pod);
      const calls = (from.flow.own * 3.2 * link.arrives) / Math.max(1, nodes.length - 1);
      node.add('rpcIn', calls);
      // Measured by the clocks of both ends: one that is ahead adds what no packet waited for.
      const apart = Math.max(0, (node.gauges.get('skew') ?? 0) - (from.gauges.get('skew') ?? 0));
      node.add('rpcDelay', calls * (0.0001 * (1 + 0.05 * random.normal()) + link.delay + apart) * MICRO);
      node.add('rpcFailed', calls * (1 / Math.max(0.05, link.arrives) - 1));
      received += ((from.gauges.get('copied') ?? 0) * link.arrives) / Math.max(1, nodes.length - 1);
    }
    node.add('received', received * (1 + 0.01 * random.normal()));
    node.add('receivedPackets', received / 800);
  }
}

/** Share of transactions that fail because leases and snapshots are judged by a clock that is off by more than two seconds. */
const strayed = (skew: number): number => Math.min(0.5, Math.max(0, (Math.abs(skew) - 2) / 60));
