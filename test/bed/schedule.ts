import { Random } from '../../src/core/base/random';
import type { Fault } from '../../src/demo/faults';
import type { EngineName } from './types';

/** What the nodes have and do apart from faults. */
export interface Level {
  /** Cores of each node. */
  cpuLimit: number;
  /** Terminals by node. */
  clients: readonly number[];
  thinkSeconds: number;
}

/** The anomaly types of the recordings. */
export const BED_TYPES = [
  'cpu_stress',
  'memory_stress',
  'network_delay',
  'disk_stress',
  'workload_spike',
  'lock_contention',
] as const;

/** One of the recordings' anomaly types. */
type BedType = (typeof BED_TYPES)[number];

/** What makes an anomaly: a fault of the machine, terminals by a factor, or sessions that fight for rows. */
type Effect = { fault: Fault } | { clientsFactor: number } | { hotSessions: number };

/** One anomaly on one node, which is counted from 0. */
export interface PlannedAnomaly {
  node: number;
  type: BedType;
  effect: Effect;
}

/** A quiet stretch, and then the anomalies of one moment: none in a quiet slot. */
export interface Slot {
  /** A one node, one type; B two nodes, one type; C one node, two types; W two nodes, two types; H none. */
  scenario: 'A' | 'B' | 'C' | 'W' | 'H';
  anomalies: readonly PlannedAnomaly[];
  /** Processors that a neighbour on the host keeps busy meanwhile. */
  noise: number;
  gapSeconds: number;
  seconds: number;
}

/** Slots at one level. */
export interface Block {
  level: Level;
  slots: readonly Slot[];
}

/** What the engines are given, so that a node is busy but not full when nothing is wrong. */
const LEVELS: Readonly<Record<EngineName, { cores: number[]; clients: number[]; think: number[] }>> = {
  seekdb: { cores: [0.4, 0.6, 0.8, 1], clients: [4, 6, 8, 10], think: [0.2, 0.25, 0.35, 0.5] },
  galera: { cores: [0.2, 0.3, 0.4, 0.6], clients: [4, 6, 8, 10], think: [0.3, 0.4, 0.5, 0.7] },
};

/** The volumes whose files are delayed: data alone, or data and log. MariaDB hardly waits for its tables alone. */
const VOLUMES: Readonly<Record<EngineName, readonly string[]>> = {
  seekdb: ['/home/admin/data-file', '/home/admin/data-file', '/home/admin'],
  galera: ['/var/lib/mysql'],
};

/** Between anomalies: leaves ten rows that no rate over 20 s mixes with what was before. */
const GAP_SECONDS = 75;
const MiB = 1024 * 1024;
const NODE_COUNT = 3;

/** The block of a schedule with this number, from 0: the same for the same seed. Every block has every type. */
export function planBlock(engine: EngineName, seed: number, number: number): Block {
  const dice = new Dice(seed * 1_000_003 + number * 7919);
  const { cores, clients, think } = LEVELS[engine];
  const usual = dice.pick(clients);
  const busiest = dice.chance(0.4) ? dice.below(NODE_COUNT) : -1;
  const level: Level = {
    cpuLimit: dice.pick(cores),
    clients: Array.from({ length: NODE_COUNT }, (_, node) => (node === busiest ? 2 * usual : usual)),
    thinkSeconds: dice.pick(think),
  };
  const one = (node: number, type: BedType): PlannedAnomaly => ({ node, type, effect: effectOf(engine, type, dice) });
  const slot = (scenario: Slot['scenario'], anomalies: PlannedAnomaly[], noise = 0): Slot => ({
    ...{ scenario, anomalies, noise },
    gapSeconds: GAP_SECONDS,
    seconds: 45 + 5 * dice.below(4),
  });
  const [a = 0, b = 0] = dice.shuffled([...Array(NODE_COUNT).keys()]);
  const [first, second, third] = dice.shuffled(BED_TYPES) as [BedType, BedType, BedType];
  const slots = [
    ...BED_TYPES.map((type) => slot('A', [one(dice.below(NODE_COUNT), type)])),
    slot('H', []),
    slot('H', [], dice.chance(0.5) ? 1 + dice.below(2) : 0),
    slot('B', [one(a, first), one(b, first)]),
    slot('C', [one(b, second), one(b, third)]),
    slot('W', [one(b, third), one(a, first)]),
  ];
  return { level, slots: dice.shuffled(slots) };
}

function effectOf(engine: EngineName, type: BedType, dice: Dice): Effect {
  switch (type) {
    case 'cpu_stress':
      return { fault: { type: 'cpu', workers: 1 + dice.below(2), load: dice.between(50, 100) } };
    case 'memory_stress':
      return { fault: { type: 'memory', bytes: dice.between(96, 600) * MiB } };
    case 'network_delay': {
      const latencyMs = dice.between(30, 250);
      const jitterMs = Math.round(latencyMs * dice.pick([0, 0, 0.1, 0.2]));
      return { fault: { type: 'networkDelay', latencyMs, jitterMs, direction: 'to', peers: [] } };
    }
    case 'disk_stress': {
      const volumePath = dice.pick(VOLUMES[engine]);
      return { fault: { type: 'ioLatency', delayMs: dice.between(30, 200), percent: 100, volumePath } };
    }
    case 'workload_spike':
      return { clientsFactor: dice.between(4, 10) / 2 };
    case 'lock_contention':
      return { hotSessions: dice.between(5, 16) };
  }
}

class Dice extends Random {
  /** A whole number, both ends included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}
