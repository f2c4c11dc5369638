import { logRatio, type Deviation, type NodeDeviations } from '../../../src/core/diagnosis/features';
import { leastNoticeable } from '../../../src/core/diagnosis/distance/noticeable';
import type { Random } from '../../../src/core/base/random';
import type { Look } from './looks';
import { solve, type Engine, type NodeLoad } from './queueingModel';

const NODES = 3;
const QUIET_SHARE = 0.25;
const COMPOUND_SHARE = 0.3;
const TYPES = ['cpu_stress', 'memory_stress', 'network_delay', 'disk_stress', 'workload_spike', 'lock_contention'];

/**
 * Databases that nobody has built: three nodes each, every property drawn from what real ones have, under one fault, two
 * or none, in the steady state of a queueing model. A detector that is right on many kinds has a chance on the next one;
 * two recorded engines alone teach what is theirs. Noise that is no fault (steal of CPU, drifting load, bursts of the
 * disk, growing memory) is in all of them.
 */
export function randomLooks(count: number, random: Random): Look[] {
  const draw = new Draw(random);
  return Array.from({ length: count }, () => randomLook(draw));
}

function randomLook(draw: Draw): Look {
  const engine = randomEngine(draw);
  const types: string[][] = Array.from({ length: NODES }, () => []);
  if (!draw.chance(QUIET_SHARE)) {
    for (let left = draw.chance(COMPOUND_SHARE) ? 2 : 1; left > 0; left--) {
      const acting = types[draw.random.below(NODES)] as string[];
      const type = draw.pick(TYPES);
      if (!acting.includes(type)) acting.push(type);
    }
  }
  const before = noise(engine, draw);
  const calm = before.map((load) => ({ ...load }));
  const now = noise(engine, draw, before).map((load, i) =>
    (types[i] as string[]).reduce((one, type) => withFault(one, type, engine, draw), load),
  );
  const [was, is] = [solve(engine, calm), solve(engine, now)];
  const scatter = draw.log(0.015, 0.1);
  return {
    nodes: is.map((figures, i) => measured(figures, was[i] as Record<string, number>, scatter, draw)),
    types,
  };
}

/** Every property of a kind of database, within what real servers have. */
function randomEngine(draw: Draw): Engine {
  const weights = Array.from({ length: NODES }, () => Math.exp(draw.pick([0.1, 0.2, 0.5]) * draw.normal()));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const engine: Engine = {
    cores: draw.log(0.2, 6),
    statements: Math.round(draw.log(2, 40)),
    thinkTime: draw.log(0.02, 1),
    roundTrip: draw.log(1e-4, 2e-3),
    statementCpu: draw.log(5e-5, 1.5e-3),
    readsPerStatement: draw.log(0.001, 0.8),
    readTime: draw.log(2e-4, 8e-3),
    writeTime: draw.log(3e-4, 1e-2),
    syncsPerCommit: draw.pick([1, 2, 2, 4]),
    serialLog: draw.pick([0, 0.15, 0.5, 1, 1]),
    bufferedWrites: draw.chance(0.25),
    remoteShare: draw.pick([0, 0.05, 0.1, 0.2]),
    waitsForPeers: draw.chance(0.5),
    flowControl: draw.pick([0, 0, 0.6, 1]) * draw.between(0.4, 1),
    applyShare: draw.pick([0, 0, 0.6, 1]),
    backgroundWrites: draw.log(1, 60),
    writesPerCommit: draw.log(0.3, 3),
    backgroundCpu: draw.log(0.002, 0.06),
    bytesOut: draw.log(80, 1200),
    bytesIn: draw.log(60, 500),
    replicatedBytes: draw.log(5, 100),
    agentBytes: draw.log(20, 5000),
    readConcurrency: draw.log(2, 64),
    writeConcurrency: draw.log(1, 24),
    backgroundSlowdown: draw.log(0.02, 1.5),
    commitSlowdown: draw.log(0.1, 1),
    rowConflicts: draw.log(0.002, 0.06),
    memory: draw.log(1.2e8, 6e9),
    readOnlyShare: draw.between(0, 0.6),
    readBytes: draw.log(8e3, 1e5),
    writeBytes: draw.log(800, 3e4),
    hotTouch: draw.log(0.15, 1),
    hotCpu: draw.log(0.2, 1),
    hotCommits: draw.log(0.05, 1),
    lockTimeSeen: draw.between(0.2, 1),
    waitsInServer: draw.chance(0.25),
    throttledFrom: draw.between(0.5, 0.8),
    clients: 0,
    shares: weights.map((weight) => (NODES * weight) / total),
  };
  const { statements, thinkTime, roundTrip, statementCpu, readsPerStatement, readTime, writeTime } = engine;
  const cycle =
    thinkTime +
    statements * (roundTrip + statementCpu + readsPerStatement * readTime) +
    writeTime * engine.syncsPerCommit;
  const byCpu = (engine.cores * draw.between(0.1, 0.8)) / (statements * statementCpu * (1 + 0.7 * engine.applyShare));
  const byLog =
    0.8 / Math.max(1e-9, engine.serialLog * writeTime * engine.syncsPerCommit * (1 + 2 * engine.applyShare));
  return { ...engine, clients: Math.max(0.5, Math.min(byCpu, byLog) * cycle) };
}

/** What differs from one minute to the next without any fault. */
function noise(engine: Engine, draw: Draw, before?: readonly NodeLoad[]): NodeLoad[] {
  const common = before && draw.chance(0.3) ? Math.exp(0.25 * draw.normal()) : 1;
  const steal = before && draw.chance(0.3) ? draw.between(0, 0.6) : 0.05 * Math.abs(draw.normal());
  return engine.shares.map((_, i): NodeLoad => {
    const was = before?.[i];
    const burst = before && draw.chance(0.25) ? draw.between(-1.5, 2) : 0.2 * draw.normal();
    const readBurst = before && draw.chance(0.2) ? draw.between(-1, 1.5) : 0.1 * draw.normal();
    return {
      load: (was?.load ?? 1) * common * Math.exp(0.04 * draw.normal()),
      steal: Math.min(3, Math.max(1, (was?.steal ?? 1) * Math.exp(steal + 0.06 * draw.normal()))),
      writeBurst: (was?.writeBurst ?? 1) * Math.exp(burst),
      readBurst: (was?.readBurst ?? 1) * Math.exp(readBurst),
      growth: before && draw.chance(0.5) ? Math.exp(draw.between(0, 0.05)) : 1,
      stressCores: 0,
      stressMemory: 0,
      packetDelay: 0,
      fileDelay: 0,
      logDelay: 0,
      clientsFactor: 1,
      hotSessions: 0,
      hotHold: 0.03,
    };
  });
}

function withFault(load: NodeLoad, type: string, engine: Engine, draw: Draw): NodeLoad {
  switch (type) {
    case 'cpu_stress':
      return { ...load, stressCores: draw.pick([1, 1, 1, 2]) * draw.between(0.5, 1) };
    case 'memory_stress':
      return { ...load, stressMemory: engine.memory * draw.log(0.1, 1.5) };
    case 'network_delay':
      return { ...load, packetDelay: draw.log(0.03, 0.25) };
    case 'disk_stress': {
      const fileDelay = draw.log(0.03, 0.25);
      return { ...load, fileDelay, logDelay: draw.chance(0.7) ? fileDelay : 0 };
    }
    case 'workload_spike':
      return { ...load, clientsFactor: draw.log(1.7, 5) };
    default:
      return { ...load, hotSessions: draw.log(4, 18), hotHold: draw.log(0.015, 0.08) };
  }
}

/** How much more than the others a metric scatters from sample to sample. */
const SCATTER: readonly (readonly [RegExp, number])[] = [
  [/^memory\./, 0.12],
  [/^disk\..*Bytes$|^db\.(queueTime|lockWaitTime|rollbacks|lockWaits|currentLockWaits)$/, 2.5],
  [/Latency$|^disk\./, 1.5],
];

/** Figures as samples would show them: scattered, with the deviation that a baseline of such samples gives. */
function measured(
  now: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
  scatter: number,
  draw: Draw,
): NodeDeviations {
  const node = new Map<string, Deviation>();
  for (const [metric, figure] of Object.entries(now)) {
    const spread = scatter * (SCATTER.find(([pattern]) => pattern.test(metric))?.[1] ?? 1);
    const throttled = metric === 'cpu.throttled';
    const sample = (mean: number): number => {
      const one = mean * Math.exp(spread * draw.normal());
      return throttled ? Math.min(1, one + 0.01 * Math.abs(draw.normal())) : one;
    };
    const [value, baseline] = [sample(figure), sample(before[metric] as number)];
    const least = leastNoticeable(metric);
    const deviation = spread * baseline * Math.exp(0.3 * draw.normal()) + (throttled ? 0.005 : 0);
    const scale = Math.max(deviation, 0.03 * baseline, least, 1e-9);
    node.set(metric, {
      value,
      baseline,
      z: (value - baseline) / scale,
      logRatio: logRatio(value, baseline, Math.max(least, 1e-9)),
    });
  }
  return node;
}

/** Draws from the distributions that engines are made of. */
class Draw {
  readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  /** Uniform. */
  between(low: number, high: number): number {
    return low + (high - low) * this.random.next();
  }

  /** Uniform in the logarithm. */
  log(low: number, high: number): number {
    return low * (high / low) ** this.random.next();
  }

  chance(share: number): boolean {
    return this.random.next() < share;
  }

  normal(): number {
    return this.random.normal();
  }

  pick<T>(list: readonly T[]): T {
    return list[this.random.below(list.length)] as T;
  }
}
