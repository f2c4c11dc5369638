import { PROFILES, renderQuery } from '../../../../src/core/metrics/profiles';
import { FaultBoard, type Fault } from '../../../../src/demo/faults';
import { queryRange } from '../../../../src/demo/prometheus/engine';
import { SeriesStore } from '../../../../src/demo/prometheus/store';
import type { LoadState } from '../../../../src/demo/simulator/load';
import { DEMO_SERVER, type ServerProfile } from '../../../../src/demo/simulator/server';
import { DatabaseSimulator } from '../../../../src/demo/simulator/simulator';
import { demoTopology, type Topology } from '../../../../src/demo/topology';

/** The servers of the recording, in the simulator's terms: their figures when quiet, and one small machine for all. */
export const BED: ServerProfile = {
  ...DEMO_SERVER,
  clients: 8,
  think: 0.25,
  remoteShare: 0.135,
  cpuPerTransaction: 0.0052,
  idleCores: 0.05,
  statementTime: 0.00044,
  readTime: 0.001,
  logTime: 0.002,
  reads: 0.15,
  diskOps: 3000,
  ioCoupling: 0.45,
  conflict: 0.022,
  replicated: false,
  hostCores: 1.05,
  hostNoise: 0.17,
  resident: 1.04e9,
  memstore: 1.05e8,
};

const BED_TOPOLOGY = demoTopology(3, { cpuLimit: 0.6, memoryLimit: 3e9, oneHost: true });

/** What is done to one of the nodes. */
export interface Cause {
  fault?: Fault;
  load?: LoadState;
}

/** The recording's faults in the simulator's terms; its contended sessions shared several rows, these have one. */
export const CAUSES: Readonly<Record<string, Cause>> = {
  cpu_stress: { fault: { type: 'cpu', workers: 1, load: 100 } },
  memory_stress: { fault: { type: 'memory', bytes: 268e6 } },
  network_delay: { fault: { type: 'networkDelay', latencyMs: 100, jitterMs: 0, direction: 'to', peers: [] } },
  disk_stress: { fault: { type: 'ioLatency', delayMs: 100, percent: 100, volumePath: '/home/admin/data-file' } },
  workload_spike: { load: { clients: 3 } },
  lock_contention: { load: { hotSessions: 8, holdMs: 40 } },
  quiet: {},
};

const START = Date.UTC(2026, 0, 5, 9);
const STEP = 5000;
const BASELINE = 11;
const WINDOW = 12;

/** One metric on one node: its quiet level and the natural logarithm of its change, as the recording has both. */
export interface Effect {
  metric: string;
  sick: boolean;
  level: number;
  change: number;
}

/** Simulates 55 s without a cause and 60 s with it, and reads both through the profiles' own queries. */
export function measureEffects(
  server: ServerProfile,
  cause: Cause,
  seed: number,
  topology: Topology = BED_TOPOLOGY,
): Effect[] {
  const board = new FaultBoard();
  const simulator = new DatabaseSimulator({ topology, seed, startMs: START - 60_000, board, server });
  const [victim] = topology.pods;
  if (!victim) throw new Error('no pod');
  const store = new SeriesStore();
  for (let at = START; at <= START + (BASELINE + WINDOW) * STEP; at += STEP) {
    simulator.advanceTo(at);
    store.scrape(at, simulator.samples());
    if (at !== START + BASELINE * STEP) continue;
    if (cause.fault) board.apply({ id: 'cause', pod: victim.name, fault: cause.fault });
    if (cause.load) simulator.load.set(victim.name, cause.load);
  }
  const nodes = topology.pods.map(({ name, ip }) => ({ pod: name, svr_ip: ip }));
  const range = { startMs: START + STEP, endMs: START + (BASELINE + WINDOW) * STEP, stepMs: STEP };
  return PROFILES.flatMap(({ queries }) =>
    queries.flatMap(({ metric, template, node }) => {
      const names = nodes.map((one) => one[node]);
      const scope = { namespace: topology.namespace, nodes: names, container: 'observer', rateWindowMs: 2 * STEP };
      return queryRange(store, renderQuery(template, scope), range).map(({ labels, points }): Effect => {
        const of = (from: number, to: number): number => midMean(points.map(([, value]) => value).slice(from, to));
        const [level, now] = [of(0, BASELINE), of(BASELINE, BASELINE + WINDOW)];
        const floor = Math.max(1e-9, 0.03 * Math.max(Math.abs(level), Math.abs(now)));
        const change = Math.log((Math.max(0, now) + floor) / (Math.max(0, level) + floor));
        return { metric, sick: labels[node] === names[0], level, change };
      });
    }),
  );
}

/** Mean of the middle half. */
function midMean(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const quarter = Math.floor(sorted.length / 4);
  const middle = sorted.slice(quarter, sorted.length - quarter);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
