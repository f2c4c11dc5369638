import type { FaultBoard } from '../faults';
import { Random } from '../../core/base/random';
import type { DemoPod, Topology } from '../topology';
import { hostStretch, partly, quotaStretch, shareOut } from './contention';
import { countCalls, countSecond } from './counting';
import { exposition, samples, type Sample } from './exposition';
import { Host } from './host';
import { hotRow, type LoadState } from './load';
import { CLIENT, roundTrip } from './network';
import { NodeState, sumFaults, type FaultSum } from './node';
import { DEMO_SERVER, type ServerProfile } from './server';
import { flowOf, transactionTimes, type Pressure, type Trips } from './transactions';

/** What the simulator needs; the same seed, start, faults and load give the same figures. */
export interface SimulatorOptions {
  topology: Topology;
  seed: number;
  startMs: number;
  board: FaultBoard;
  /** What the servers are like; the demo's own by default. */
  server?: ServerProfile;
}

const DAY = 86_400;

/**
 * A database of N servers under a TPC-C-like load: a closed loop of sessions; CPU within a container's limit and on a
 * machine that others use too; disks whose delay grows as 1/(1 − utilisation); commits that wait for the fastest other
 * replica; transactions that wait for each other's rows, a share of which spans two servers. Faults act where they are
 * injected and travel through these dependencies.
 */
export class DatabaseSimulator {
  readonly topology: Topology;
  readonly nodes: readonly NodeState[];
  /** What the load on a pod is like beyond its usual: set to begin, deleted to end. */
  readonly load = new Map<DemoPod['name'], LoadState>();
  readonly #board: FaultBoard;
  readonly #server: ServerProfile;
  readonly #random: Random;
  readonly #share: readonly number[];
  readonly #hosts: readonly { host: Host; on: readonly number[] }[];
  #nowMs: number;
  #killed = new Set<string>();

  constructor({ topology, seed, startMs, board, server = DEMO_SERVER }: SimulatorOptions) {
    this.topology = topology;
    this.#board = board;
    this.#server = server;
    const random = (this.#random = new Random(seed * 7919 + 13));
    this.#nowMs = startMs;
    this.nodes = topology.pods.map((pod) => new NodeState(pod, server.memstore * (0.2 + 0.3 * random.next())));
    const leader = random.below(this.nodes.length);
    (this.nodes[leader] as NodeState).rootService = true;
    const weights = this.nodes.map((_, i) => (0.8 + 0.4 * random.next()) * (i === leader ? 1 : 1 - server.skew));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#share = weights.map((weight) => (weight / total) * this.nodes.length);
    const machines = [...new Set(topology.pods.map(({ hostNode }) => hostNode))];
    this.#hosts = machines.map((name) => ({
      host: new Host(server.hostCores, server.hostNoise, random),
      on: topology.pods.flatMap(({ hostNode }, i) => (hostNode === name ? [i] : [])),
    }));
    for (const node of this.nodes)
      for (const key of Object.keys(node.noise)) node.noise[key as 'load'] = random.normal();
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Runs the database up to a moment (epoch milliseconds), in steps of a second. */
  advanceTo(ms: number): void {
    while (this.#nowMs + 1000 <= ms) {
      this.#nowMs += 1000;
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

  /** A server by its pod's name. */
  node(pod: DemoPod['name']): NodeState | undefined {
    return this.nodes.find((node) => node.pod.name === pod);
  }

  #step(): void {
    const faults = this.nodes.map((node) => sumFaults(this.#board.on(node.pod.name)));
    this.#restarts(faults);
    const day = 1 + 0.12 * Math.sin((2 * Math.PI * (this.#nowMs / 1000)) / DAY) + 0.01 * this.#random.normal();
    for (const node of this.nodes) node.wander(this.#random);
    for (const { host, on } of this.#hosts) this.#shareHost(host, on, faults);
    const sent = this.nodes.map(
      ({ flow }) => (flow.own * this.#server.remoteShare) / Math.max(1, this.nodes.length - 1),
    );
    const all = sent.reduce((sum, rate) => sum + rate, 0);
    this.nodes.forEach((node, i) => this.#serve(node, faults[i] as FaultSum, i, day, all - (sent[i] as number)));
    countCalls(this.#board, this.nodes, this.#random);
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
      node.warm += 1;
    });
    this.#elect();
  }

  /** The root service goes over to the server that has been up for the longest time. */
  #elect(): void {
    const before = this.nodes.find(({ rootService }) => rootService);
    if (before?.up && before.warm > 1) return;
    const [next] = this.nodes.filter(({ up }) => up).sort((a, b) => b.warm - a.warm);
    if (!next) return;
    for (const node of this.nodes) node.rootService = node === next;
  }

  /** Who gets how much CPU on a machine, and how much longer work and I/O take on it, by the last second's work. */
  #shareHost(host: Host, on: readonly number[], faults: readonly FaultSum[]): void {
    const { idleCores, cpuPerTransaction } = this.#server;
    const others = host.step(this.#random);
    const nodes = on.map((i) => ({ node: this.nodes[i] as NodeState, burnt: (faults[i] as FaultSum).cores }));
    const wanted = nodes.map(({ node, burnt }) => {
      // A commit for another node, or of a session that only changes one row, takes half a transaction's work.
      const { own, commits } = node.flow;
      const database = node.up ? idleCores + cpuPerTransaction * (own + 0.5 * (commits - own)) : 0;
      return { database: database * node.jitter('cpu', 0.02, this.#random), burnt };
    });
    const limited = wanted.map(({ database, burnt }, k) =>
      Math.min(nodes[k]?.node.pod.cpuLimit ?? 0, database + burnt),
    );
    const pressure = (others + limited.reduce((sum, cores) => sum + cores, 0)) / host.cores;
    const given = shareOut(limited, host.cores - others);
    nodes.forEach(({ node }, k) => {
      const limit = node.pod.cpuLimit;
      const { database, burnt } = wanted[k] as { database: number; burnt: number };
      const cpu = quotaStretch((database + burnt) / limit);
      const io = hostStretch(pressure);
      // As much as the database would get beside the busy loops if it wanted all.
      const [most = 0] = shareOut([limit, burnt], limit);
      node.cpu = {
        used: given[k] as number,
        most: Math.max(0.05 * limit, most - idleCores) / cpuPerTransaction,
        stretch: cpu * partly(io),
        ioStretch: io * partly(cpu),
      };
    });
  }

  #serve(node: NodeState, fault: FaultSum, index: number, day: number, arriving: number): void {
    const server = this.#server;
    const load = this.load.get(node.pod.name) ?? {};
    const trips = this.#trips(node);
    const pressure: Pressure = { cpu: node.cpu.stretch, io: node.cpu.ioStretch, disk: this.#diskStretch(node) };
    const times = transactionTimes(server, pressure, fault, trips.majority, node.flow.commits);
    const clients = server.clients * (this.#share[index] as number) * (load.clients ?? 1);
    node.gauges.set('connections', Math.round(clients) + (load.hotSessions ?? 0));
    node.flow = flowOf({
      server,
      clients: node.up ? clients * day * node.jitter('load', 0.02, this.#random) : 0,
      times,
      trips,
      hot: hotRow(node.up ? load : {}, node.flow.own, times.commit),
      most: Math.min(node.cpu.most, fault.bandwidth / Math.max(1, node.bytesPerTransaction)),
      remote: node.up ? arriving / (1 + trips.remote) : 0,
      cold: node.warm < 120 ? 3 : 1,
      before: node.flow,
    });
    countSecond({ node, server, fault, times, trips, nodes: this.nodes.length, random: this.#random });
  }

  #trips(node: NodeState): Trips {
    const to = (end: typeof CLIENT): number => roundTrip(this.#board, node.pod, end, this.#server.roundTrip);
    const others = this.nodes.filter((other) => other !== node);
    const trips = others.map(({ pod }) => to(pod)).sort((a, b) => a - b);
    return {
      client: to(CLIENT),
      // A majority needs floor(N / 2) others beside the leader.
      majority: trips[Math.max(0, Math.floor(this.nodes.length / 2) - 1)] ?? 0,
      remote: trips.reduce((sum, trip) => sum + Math.min(trip, 1), 0) / Math.max(1, trips.length),
    };
  }

  #diskStretch(node: NodeState): number {
    const on = this.#server.sharedDisk ? this.nodes : [node];
    const use = on.reduce((sum, { diskOps }) => sum + diskOps, 0) / this.#server.diskOps;
    return 1 / (1 - Math.min(0.9, use));
  }
}
