import { deviations, type NodeDeviations } from '../../../src/core/diagnosis/features';
import { rawRows, type InputPlan } from '../../../src/core/diagnosis/inputs';
import { CONTAINER_PROFILE } from '../../../src/core/metrics/profiles';
import { drawClusters } from '../../../src/core/learning/clusters';
import {
  metricsOf,
  quietStretches,
  anomalousStretches,
  type RunStretch,
} from '../../../src/core/learning/runStretches';
import type { RecordedRun } from '../../../src/core/learning/recording';
import { DeviationCache, type RawExample } from '../../../src/adapters/tensorflow/examples';
import type { Random } from '../../../src/core/base/random';

/** Nodes that are looked at together, and what acts on each. */
export interface Look {
  nodes: readonly NodeDeviations[];
  types: readonly (readonly string[])[];
}

/** Runs of one stretch of time: the nodes of a real cluster, or one server by itself. */
export function recordedTogether(runs: readonly RecordedRun[]): RecordedRun[][] {
  const groups = new Map<string, RecordedRun[]>();
  for (const run of runs) {
    const [, cluster = run.id] = /^(.*)\/node\d+$/.exec(run.id) ?? [];
    groups.set(cluster, [...(groups.get(cluster) ?? []), run]);
  }
  return [...groups.values()];
}

/** Windows into a recorded stretch, in and before the anomaly; in and between, a window holds both and is left out. */
export function clusterLooks(runs: readonly RecordedRun[], random: Random, count: number): Look[] {
  const [from, to] = runs.find(({ types }) => types.length > 0)?.abnormal ?? runs[0]?.fault ?? [0, 0];
  const look = (baseline: readonly [number, number], window: readonly [number, number], anomalous: boolean): Look => ({
    nodes: runs.map(
      (run) => deviations([{ name: run.id, metrics: metricsOf({ run, baseline, window }) }])[0] as NodeDeviations,
    ),
    types: runs.map((run) => (anomalous ? run.types : [])),
  });
  const pick = (list: readonly number[]): number => list[random.below(list.length)] as number;
  const looks: Look[] = [];
  for (let i = 0; i < count && to - from >= MIN_ROWS && from > MIN_ROWS; i++) {
    const rows = Math.min(pick([4, 6, 6, 8]), to - from);
    const start = from + random.below(to - from - rows + 1);
    const begin = Math.min(pick([0, 0, 0, 1, 2]), from - MIN_BASELINE);
    looks.push(look([begin, from - random.below(2)], [start, start + rows], true));
  }
  for (let i = 0; i < Math.ceil(count / 3); i++) {
    const rows = pick([4, 5, 6]);
    if (from - rows >= MIN_BASELINE) looks.push(look([0, from - rows], [from - rows, from], false));
  }
  // Where scrapes failed, so that metrics have no deviation, nothing can be learned.
  const whole = Math.min(...runs.map(({ metrics }) => Object.keys(metrics).length)) * WHOLE;
  return looks.filter(({ nodes }) => nodes.every(({ size }) => size >= whole));
}

/** Share of a run's metrics that a look has to have. */
const WHOLE = 0.8;
const MIN_ROWS = 4;
const MIN_BASELINE = 6;

/** Clusters drawn from runs of single servers: anomalous ones among quiet peers of other runs. */
export function drawnLooks(runs: readonly RecordedRun[], random: Random, perScenario: number): Look[] {
  const cache = new DeviationCache();
  const of = (make: (run: RecordedRun, count: number) => RunStretch[]): RunStretch[] =>
    runs.flatMap((run) => make(run, 8));
  return drawClusters(of(anomalousStretches), of(quietStretches), perScenario, () => random.next()).map(
    ({ nodes }) => ({
      nodes: nodes.map((stretch) => cache.of(stretch)),
      types: nodes.map(({ types }) => types),
    }),
  );
}

const CONTAINER = new Set(CONTAINER_PROFILE.queries.map(({ metric }) => metric));

/** A look without the metrics that only a database's own exporter has. */
export const containerOnly = (look: Look): Look => keep(look, (metric) => CONTAINER.has(metric));

/** A look as another cluster would show it: with all metrics, with the container's alone, or with some missing at random. */
export function asSomebodySees(look: Look, random: Random): Look {
  const chance = random.next();
  if (chance < 0.3) return look;
  const container = chance < 0.6;
  const missing = chance > 0.5 ? random.next() * 0.6 : 0;
  const gone = new Set<string>();
  for (const metric of new Set(look.nodes.flatMap((node) => [...node.keys()])))
    if ((container && !CONTAINER.has(metric)) || random.next() < missing) gone.add(metric);
  return keep(look, (metric) => !gone.has(metric));
}

const keep = (look: Look, wanted: (metric: string) => boolean): Look => ({
  ...look,
  nodes: look.nodes.map((node) => new Map([...node].filter(([metric]) => wanted(metric)))),
});

/** Every node of the looks among its peers, as an example. */
export function examplesOf(looks: readonly Look[], plan: InputPlan): RawExample[] {
  return looks.flatMap(({ nodes, types }) =>
    rawRows(plan, nodes).map((row, i) => ({
      row,
      node: nodes[i] as NodeDeviations,
      types: types[i] as readonly string[],
    })),
  );
}
