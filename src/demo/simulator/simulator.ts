import type { FaultBoard } from '../faults';
import { Random } from '../../core/random';
import type { DemoPod, Topology } from '../topology';
import { exposition, samples, type Sample } from './exposition';
import { path, roundTrip } from './network';
import { NodeState, sumFaults, type FaultSum } from './node';

/** What the simulator needs; the same seed, start and faults give the same figures. */
export interface SimulatorOptions {
  topology: Topology;
  seed: number;
  startMs: number;
  board: FaultBoard;
}

const STEP = 1; // seconds
const BASE_RTT = 0.0004; // between pods of one cluster
const THINK = 0.05; // seconds between two transactions of a client
const DAY = 86_400;

/**
 * A database of N servers under a TPC-C-like load: clients with a think time (a closed queueing network, so slow
 * answers lower the throughput), CPU and disk whose delay grows as 1/(1 − utilisation), commits that wait for the
 * fastest other replica, a share of transactions that spans two servers. Faults act where they are injected and
 * travel through these dependencies.
 */
export class DatabaseSimulator {
  readonly topology: Topology;
  readonly nodes: readonly NodeState[];
  readonly #board: FaultBoard;
  readonly #random: Random;
  readonly #share: readonly number[];
  #nowMs: number;
  #killed = new Set<string>();

  constructor(options: SimulatorOptions) {
    this.topology = options.topology;
    this.#board = options.board;
    this.#random = new Random(options.seed * 7919 + 13);
    this.#nowMs = options.startMs;
    this.nodes = options.topology.pods.map((pod) => new NodeState(pod, 2e8 + this.#random.next() * 4e8));
    const weights = this.nodes.map(() => 0.8 + 0.4 * this.#random.next()); // leader skew
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#share = weights.map((weight) => (weight / total) * this.nodes.length);
    for (const node of this.nodes)
      for (const key of Object.keys(node.noise)) node.noise[key as 'load'] = this.#random.normal();
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Runs the database up to a moment (epoch milliseconds), in steps of a second. */
  advanceTo(ms: number): void {
    while (this.#nowMs + STEP * 1000 <= ms) {
      this.#nowMs += STEP * 1000;
      this.#step();
    }
  }

  /** Every series of every server now. */
  samples(): Sample[] {
    return samples(this.topology, this.nodes);
  }

  /** The same in Prometheus's text format. */
  exposition(): string {
    return exposition(this.samples());
  }

  #step(): void {
    const faults = this.nodes.map((node) => sumFaults(this.#board.on(node.pod.name)));
    this.#restarts(faults);
    const day = 1 + 0.12 * Math.sin((2 * Math.PI * (this.#nowMs / 1000)) / DAY);
    const common = this.#random.normal() * 0.01;
    const latencies = this.nodes.map((node, i) => this.#latency(node, i, faults));
    this.nodes.forEach((node, i) => {
      for (const key of ['load', 'cpu', 'memory', 'disk', 'network'] as const) {
        node.noise[key] = 0.97 * node.noise[key] + 0.24 * this.#random.normal();
      }
      this.#serve(node, i, day + common, latencies[i] as Latency, faults[i] as FaultSum);
    });
    this.#countCalls();
  }

  #restarts(faults: readonly FaultSum[]): void {
    // A kill acts once, however long its experiment stays; another one kills again.
    const kills = this.#board.all().filter(({ fault }) => fault.type === 'podKill');
    const fresh = kills.filter(({ id }) => !this.#killed.has(id)).map(({ pod }) => pod);
    this.#killed = new Set(kills.map(({ id }) => id));
    this.nodes.forEach((node, i) => {
      const fault = faults[i] as FaultSum;
      if (fresh.includes(node.pod.name)) node.restart();
      if (!fault.failed && !node.up) node.restart();
      node.up = !fault.failed;
      node.scraped = !fault.unscraped;
      node.gauges.set('skew', fault.skew);
      node.warm += STEP;
    });
  }

  /** Mean times of a transaction led by this node, from the last step's utilisation. */
  #latency(node: NodeState, index: number, faults: readonly FaultSum[]): Latency {
    const fault = faults[index] as FaultSum;
    const cpuUse = Math.min(0.97, node.gauges.get('utilisation') ?? 0.3);
    const cpu = 0.0016 / (1 - cpuUse);
    const read = 0.0004 / (1 - Math.min(0.9, node.gauges.get('diskUse') ?? 0.2)) + fault.dataDelay;
    const write = 0.0009 / (1 - Math.min(0.9, node.gauges.get('diskUse') ?? 0.2)) + fault.dataDelay;
    const log = 0.0006 + fault.logDelay;
    const others = this.nodes.filter((other) => other !== node);
    const trips = others.map((other) => roundTrip(this.#board, node.pod, other.pod, BASE_RTT)).sort((a, b) => a - b);
    // A majority needs floor(N / 2) others beside the leader.
    const majority = trips[Math.max(0, Math.floor(this.nodes.length / 2) - 1)] ?? 0;
    const remote = trips.reduce((sum, trip) => sum + Math.min(trip, 1), 0) / Math.max(1, trips.length);
    const cold = node.warm < 120 ? 3 : 1;
    const commit = log + majority + 0.1 * remote;
    return { cpu, read, write, log, commit, total: cpu + 0.25 * cold * read + commit + 0.1 * remote, remote };
  }

  #serve(node: NodeState, index: number, day: number, latency: Latency, fault: FaultSum): void {
    const noisy = (key: keyof NodeState['noise'], size: number): number =>
      1 + size * node.noise[key] + size * 0.5 * this.#random.normal();
    const clients = node.up ? 16 * (this.#share[index] as number) * day * noisy('load', 0.02) : 0;
    let tps = clients / (THINK + latency.total);
    const bytesOut = tps * 5200 * (1 + 0.35 * (this.nodes.length - 1)) * noisy('network', 0.015);
    if (bytesOut > fault.bandwidth) tps *= fault.bandwidth / bytesOut;
    const cores = node.up ? (0.25 + 0.0034 * tps) * noisy('cpu', 0.02) : 0;
    const demand = cores + fault.cores + (fault.memory > 0 ? 0.03 : 0);
    const used = Math.min(node.pod.cpuLimit, demand);
    const utilisation = demand / node.pod.cpuLimit;
    const reads = tps * 0.25 * noisy('disk', 0.03);
    // Background flushing keeps at most a few writes in flight.
    const writes = Math.min((40 + tps * 0.45) * noisy('disk', 0.03), 12 / latency.write);
    node.gauges.set('utilisation', Math.min(0.97, utilisation));
    node.gauges.set('diskUse', Math.min(0.9, (reads + writes) / 1200));
    node.gauges.set('sessions', Math.max(0, tps * latency.total + 0.3 * this.#random.normal()));
    node.gauges.set('serverCpu', Math.min(1, cores / node.pod.cpuLimit) * 100);
    node.extraMemory += (fault.memory - node.extraMemory) * 0.5;
    node.memstore = node.memstore > 1.2e9 ? 1e8 : node.memstore + tps * 900;
    const resident = node.up ? 6.4e9 + 3e6 * node.noise.memory : 0;
    node.gauges.set('rss', resident + node.extraMemory);
    node.gauges.set('workingSet', resident + node.extraMemory + 2.4e8 + 2e6 * this.#random.normal());
    node.gauges.set('serverMemory', node.up ? 5.6e9 + 2e6 * node.noise.memory : 0);
    const throttle = utilisation > 0.85 ? Math.min(1, (utilisation - 0.85) * 4) : 0.002 * (0.5 + this.#random.next());
    node.add('cpu', used * STEP);
    node.add('periods', 10 * STEP);
    node.add('throttled', 10 * STEP * throttle);
    node.add(
      'majorFaults',
      (0.2 + (fault.memory > 0 ? 3 : 0) + (fault.memory + resident > node.pod.memoryLimit * 0.97 ? 200 : 0)) *
        STEP *
        this.#random.next(),
    );
    this.#countDisk(node, reads, writes, tps, latency);
    const failures = (fault.ioErrors * 0.5 + strayed(fault.skew)) * tps;
    const commits = Math.max(0, tps - failures);
    node.add('commits', commits);
    node.add('commitTime', commits * latency.commit * 1e6 * (1 + 0.05 * this.#random.normal()));
    node.add('rollbacks', tps * 0.01 + failures);
    for (const [kind, perTransaction] of [
      ['select', 11],
      ['insert', 5],
      ['replace', 0.1],
      ['update', 6],
      ['delete', 1],
    ] as const) {
      node.add(kind, tps * perTransaction);
      node.add(
        `${kind}Time`,
        ((tps * perTransaction * (latency.cpu + 0.25 * latency.read + 0.1 * latency.remote)) / 8) * 1e6,
      );
    }
    node.add('local', tps * 18);
    node.add('remote', tps * 1.5);
    node.add('distributed', tps * 0.8);
    node.add('queued', tps * 23);
    node.add(
      'queueTime',
      tps * 23 * ((0.00006 * Math.min(0.97, utilisation)) / (1 - Math.min(0.97, utilisation))) * 1e6,
    );
    node.add('other', tps * 2);
    node.add('otherTime', ((tps * 2 * latency.cpu) / 8) * 1e6);
    node.add('started', tps);
    node.add('transactionTime', tps * latency.total * 1e6);
    node.add('remoteWait', tps * 1.5 * Math.min(latency.remote, 1));
    node.add('lockWait', tps * 0.02 * latency.total * 1e6);
    node.gauges.set('tps', tps);
    const sent = tps * 5200 * (1 + 0.35 * (this.nodes.length - 1)) * noisy('network', 0.015) * (1 + fault.duplicates);
    node.gauges.set('sent', sent);
    node.add('sent', sent);
    node.add('sentPackets', sent / 900);
  }

  #countDisk(node: NodeState, reads: number, writes: number, tps: number, latency: Latency): void {
    node.add('reads', reads);
    node.add('readBytes', reads * 16_384);
    node.add('readTime', reads * latency.read * 1e6);
    node.add('ioWait', reads * latency.read);
    node.add('writes', writes);
    node.add('writeBytes', writes * 24_576 + tps * 2200);
    node.add('writeTime', writes * latency.write * 1e6);
    node.add('logWrites', tps * 0.8);
    node.add('logTime', tps * 0.8 * latency.log * 1e6 * (1 + 0.03 * this.#random.normal()));
  }

  /** Remote calls and bytes that arrive, after every node's load is known. */
  #countCalls(): void {
    for (const node of this.nodes) {
      let received = (node.gauges.get('tps') ?? 0) * 2100;
      for (const from of this.nodes) {
        if (from === node) continue;
        const link = path(this.#board, from.pod, node.pod);
        const calls = ((from.gauges.get('tps') ?? 0) * 3.2 * link.arrives) / Math.max(1, this.nodes.length - 1);
        node.add('rpcIn', calls);
        // Measured by the clocks of both ends: one that is ahead adds what no packet waited for.
        const apart = Math.max(0, (node.gauges.get('skew') ?? 0) - (from.gauges.get('skew') ?? 0));
        node.add('rpcDelay', calls * (0.00018 * (1 + 0.05 * this.#random.normal()) + link.delay + apart) * 1e6);
        node.add('rpcFailed', calls * (1 / Math.max(0.05, link.arrives) - 1));
        received += ((from.gauges.get('sent') ?? 0) * 0.45 * link.arrives) / Math.max(1, this.nodes.length - 1);
      }
      node.add('received', received * (1 + 0.01 * this.#random.normal()));
      node.add('receivedPackets', received / 800);
    }
  }

  /** A server by its pod's name. */
  node(pod: DemoPod['name']): NodeState | undefined {
    return this.nodes.find((node) => node.pod.name === pod);
  }
}

/** Share of transactions that fail because leases and snapshots are judged by a clock that is off by more than two seconds. */
const strayed = (skew: number): number => Math.min(0.5, Math.max(0, (Math.abs(skew) - 2) / 60));

interface Latency {
  cpu: number;
  read: number;
  write: number;
  log: number;
  commit: number;
  total: number;
  remote: number;
}
