import { ANOMALY_TYPES, isAnomalyType } from '../../../src/core/faults/catalogue';
import { deviations } from '../../../src/core/diagnosis/features';
import { stretchesAt, windowSteps } from '../../../src/core/diagnosis/stretches';
import { CONTAINER_PROFILE, PROFILES, renderQuery } from '../../../src/core/metrics/profiles';
import type { MetricFrame, MetricSeries } from '../../../src/core/metrics/series';
import { FaultBoard, type Fault } from '../../../src/demo/faults';
import { queryRange } from '../../../src/demo/prometheus/engine';
import { SeriesStore } from '../../../src/demo/prometheus/store';
import { Random } from '../../../src/core/base/random';
import type { LoadState } from '../../../src/demo/simulator/load';
import { DEMO_SERVER } from '../../../src/demo/simulator/server';
import { DatabaseSimulator } from '../../../src/demo/simulator/simulator';
import { varyCluster } from '../../../src/demo/simulator/variety';
import type { Look } from './looks';
import { demoTopology, type DemoPod } from '../../../src/demo/topology';

/** A fault that acted on a node of a simulated run. */
interface Injection {
  node: string;
  type: string;
  fromMs: number;
  toMs: number;
}

/** A simulated stretch of time, as the metric source would have fetched it, with what was injected. */
export interface SimulatedRun {
  frame: MetricFrame;
  injections: readonly Injection[];
  rateWindowMs: number;
}

const START = Date.UTC(2026, 0, 5);
const SCRAPE_MS = 5000;
const pick = <T>(random: Random, list: readonly T[]): T => list[random.below(list.length)] as T;

/** What a database can be put through: the faults that are injected, and states of its load. */
const TYPES: readonly string[] = [...ANOMALY_TYPES, 'workload_spike', 'lock_contention'];

/** A fault of a type, with a strength around the default; `resident` = memory of the server, bytes. */
function fault(type: string, random: Random, plain: boolean, resident: number): Fault {
  const between = (low: number, high: number): number => low * (high / low) ** random.next();
  switch (type) {
    case 'cpu_stress':
      return {
        type: 'cpu',
        workers: plain ? 1 : pick(random, [1, 1, 2, 3]),
        load: plain ? 100 : pick(random, [60, 80, 100]),
      };
    case 'memory_stress':
      return { type: 'memory', bytes: plain ? 256e6 : resident * between(0.1, 1) };
    case 'network_delay':
      return {
        type: 'networkDelay',
        latencyMs: plain ? 100 : between(30, 300),
        jitterMs: 0,
        direction: 'to',
        peers: [],
      };
    default:
      return {
        type: 'ioLatency',
        delayMs: plain ? 100 : between(30, 300),
        percent: plain ? 100 : pick(random, [50, 100, 100]),
        volumePath: '/home/admin/data-file',
      };
  }
}

/** A state of the load of a type. */
function loadState(type: string, random: Random): LoadState {
  return type === 'workload_spike'
    ? { clients: 2 + 3 * random.next() }
    : { hotSessions: 4 + random.below(14), holdMs: 15 + random.below(60) };
}

/** The pairs of one scenario: A one node one type, B two nodes same type, C one node two types, W two nodes two types, H none. */
function scenario(
  name: string,
  nodes: readonly string[],
  types: readonly string[],
  random: Random,
): [string, string][] {
  const [a, b] = random.shuffled(nodes) as [string, string];
  const [s, t] = random.shuffled(types) as [string, string];
  if (name === 'A') return [[a, s]];
  if (name === 'B')
    return [
      [a, s],
      [b, s],
    ];
  if (name === 'C')
    return [
      [a, s],
      [a, t],
    ];
  if (name === 'W')
    return [
      [a, s],
      [b, t],
    ];
  return [];
}

/** Simulates a quiet stretch and then several experiments with pauses, and reads it through the profiles' own queries. */
export function simulateRun(options: {
  nodes: number;
  seed: number;
  stepMs: number;
  scenarios: readonly string[];
  plain?: boolean;
  container?: boolean;
  /** Length of the quiet stretch at the start; drawn when missing. */
  quietMinutes?: number;
  /** A cluster unlike the demo's, and states of its load beside what is injected. */
  varied?: boolean;
}): SimulatedRun {
  const random = new Random(options.seed * 31 + 7);
  const { topology, server } = options.varied
    ? varyCluster(options.nodes, options.seed)
    : { topology: demoTopology(options.nodes), server: DEMO_SERVER };
  const board = new FaultBoard();
  const start = START + random.below(86_400) * 1000;
  const simulator = new DatabaseSimulator({ topology, server, seed: options.seed, startMs: start - 60_000, board });
  const store = new SeriesStore();
  let now = start;
  const advance = (ms: number): void => {
    for (const end = now + ms; now < end; now += SCRAPE_MS) {
      simulator.advanceTo(now);
      store.scrape(now, simulator.samples());
    }
  };
  const injections: Injection[] = [];
  const names = topology.pods.map((pod) => pod.name);
  advance((options.quietMinutes ?? 8 + random.below(15)) * 60_000);
  for (const kind of options.scenarios) {
    const fromMs = now;
    const types = options.varied ? TYPES : ANOMALY_TYPES;
    scenario(kind, names, types, random).forEach(([node, type], i) => {
      if (isAnomalyType(type)) {
        const strength = fault(type, random, options.plain ?? false, server.resident);
        board.apply({ id: `f${i}`, pod: node, fault: strength });
      } else simulator.load.set(node, { ...simulator.load.get(node), ...loadState(type, random) });
      injections.push({ node, type, fromMs, toMs: fromMs + 180_000 });
    });
    advance(180_000);
    board.clearPrefix('f');
    simulator.load.clear();
    advance((3 + random.below(3)) * 60_000);
  }
  const rateWindowMs = Math.max(4 * SCRAPE_MS, options.stepMs + SCRAPE_MS);
  const first = Math.ceil((start + 60_000) / options.stepMs) * options.stepMs;
  const steps = Math.floor((now - first) / options.stepMs);
  const timestamps = Float64Array.from({ length: steps }, (_, i) => first + i * options.stepMs);
  const profiles = options.container ? [CONTAINER_PROFILE] : PROFILES;
  const series: MetricSeries[] = profiles.flatMap((profile) =>
    profile.queries.flatMap((query) => {
      const nodeOf = (pod: DemoPod): string => (query.node === 'pod' ? pod.name : pod.ip);
      const found = new Map(topology.pods.map((pod) => [nodeOf(pod), new Float64Array(steps).fill(NaN)]));
      const expression = renderQuery(query.template, {
        namespace: topology.namespace,
        nodes: [...found.keys()],
        container: 'observer',
        rateWindowMs,
      });
      for (const { labels, points } of queryRange(store, expression, {
        startMs: first,
        endMs: first + (steps - 1) * options.stepMs,
        stepMs: options.stepMs,
      })) {
        const values = found.get(labels[query.node] ?? '');
        for (const [seconds, value] of points)
          if (values) values[Math.round((seconds * 1000 - first) / options.stepMs)] = value;
      }
      return topology.pods.map((pod) => ({
        metric: query.metric,
        node: pod.name,
        values: found.get(nodeOf(pod)) as Float64Array,
      }));
    }),
  );
  return {
    frame: { timestamps, stepMs: options.stepMs, nodes: names, series, problems: [] },
    injections,
    rateWindowMs,
  };
}

/** What acts on a node over a whole window: sure, absent, or neither (the window has an edge in it). */
function truthAt(run: SimulatedRun, end: number): { sure: Injection[]; edge: boolean } {
  const to = run.frame.timestamps[end] as number;
  const from = to - (windowSteps(run.frame.stepMs) - 1) * run.frame.stepMs;
  const sure: Injection[] = [];
  let edge = false;
  for (const injection of run.injections) {
    const acting = Math.min(to, injection.toMs) - Math.max(from, injection.fromMs + run.rateWindowMs);
    const touched = injection.fromMs < to && injection.toMs + run.rateWindowMs > from;
    if (acting >= 0.6 * (to - from) && to <= injection.toMs + run.rateWindowMs / 2) sure.push(injection);
    else if (touched) edge = true;
  }
  return { sure, edge };
}

/** Moments of a run at which the truth is plain, with the true pairs. */
export function moments(
  run: SimulatedRun,
  random: Random,
  count: number,
): { end: number; truth: [string, string][] }[] {
  const found: { end: number; truth: [string, string][] }[] = [];
  const first = Math.ceil(300_000 / run.frame.stepMs);
  const all = Array.from({ length: Math.max(0, run.frame.timestamps.length - first) }, (_, i) => first + i);
  for (const end of random.shuffled(all)) {
    const { sure, edge } = truthAt(run, end);
    const healthy = found.filter(({ truth }) => truth.length === 0).length;
    if (edge || (sure.length === 0 && healthy > count / 3)) continue;
    found.push({ end, truth: sure.map(({ node, type }) => [node, type]) });
    if (found.length >= count) break;
  }
  return found;
}

/** A simulated cluster at moments of plain truth. */
export function simulatedLooks(run: SimulatedRun, random: Random, count: number): Look[] {
  return moments(run, random, count).map(({ end, truth }) => {
    const request = stretchesAt(run.frame, end);
    return {
      nodes: deviations(request.nodes),
      types: request.nodes.map(({ name }) => truth.filter(([node]) => node === name).map(([, type]) => type)),
    };
  });
}
