import { existsSync } from 'node:fs';
import path from 'node:path';
import { DeviationCache, rawExamples, type RawExample } from '../../../src/adapters/tensorflow/examples';
import type { Random } from '../../../src/core/random';
import { quietStretches, sickStretches, type RunStretch } from '../../../src/core/learning/runStretches';
import { drawClusters } from '../../../src/core/learning/clusters';
import { rawRows } from '../../../src/core/diagnosis/inputs';
import { readRuns, type RunSet } from '../diagnose/dataset';
import { simulatedExamples, simulateRun } from './simulatedRuns';

/** Nodes that were asked about together. */
interface Cluster {
  scenario: string;
  rows: readonly RawExample[];
  /** Place of the node in `rows`, and the type that acted on it. */
  truth: readonly (readonly [number, string])[];
}

/** What one source gives to one fold: examples to fit on, and clusters to be asked about when the fold is held out. */
interface Fold {
  examples: readonly RawExample[];
  clusters: readonly Cluster[];
}

/** A source of training, split into folds by run. */
export interface Source {
  name: string;
  folds: readonly Fold[];
  /** How much wider than seen its levels count as familiar, natural logarithm. */
  slack: number;
  facts: Record<string, unknown>;
}

const SCENARIOS = ['A', 'B', 'C', 'W', 'A', 'H'];

/** How a simulated cluster of a seed looks. */
export function simulation(seed: number, random: Random): Parameters<typeof simulateRun>[0] {
  return {
    nodes: [3, 3, 5, 9][seed % 4] as number,
    seed,
    stepMs: random.next() < 0.5 ? 5000 : 15_000,
    scenarios: random.shuffled(SCENARIOS),
    plain: random.next() < 0.4,
    container: random.next() < 0.25,
  };
}

/** Scenario of a truth: A one node one type, B two nodes one type, C one node several types, W several nodes and types, H none. */
export function scenarioOf(truth: readonly (readonly [number | string, string])[]): string {
  const nodes = new Set(truth.map(([node]) => node)).size;
  const types = new Set(truth.map(([, type]) => type)).size;
  if (nodes === 0) return 'H';
  return nodes < 2 ? (types < 2 ? 'A' : 'C') : types < 2 ? 'B' : 'W';
}

/** Simulated clusters; a fold holds whole runs. */
export function simulatorSource(
  metrics: readonly string[],
  seeds: readonly number[],
  folds: number,
  makeRandom: (seed: number) => Random,
): Source {
  const parts = Array.from({ length: folds }, () => ({ examples: [] as RawExample[], clusters: [] as Cluster[] }));
  seeds.forEach((seed, i) => {
    const random = makeRandom(seed);
    const run = simulateRun(simulation(seed, random));
    const { examples, clusters } = simulatedExamples(run, metrics, random, 40);
    const part = parts[i % folds] as (typeof parts)[number];
    part.examples.push(...examples);
    for (const { places, truth } of clusters)
      part.clusters.push({ scenario: scenarioOf(truth), rows: places.map((at) => examples[at] as RawExample), truth });
    if ((i + 1) % 10 === 0) console.log(`simulated ${i + 1} of ${seeds.length} runs`);
  });
  return {
    name: 'simulator',
    folds: parts,
    // A model sees relative changes only: a larger or smaller cluster of the same kind is familiar.
    slack: Math.log(30),
    facts: { runs: seeds.length, seeds: [seeds[0], seeds.at(-1)], nodes: [3, 5, 9], stepSeconds: [5, 15] },
  };
}

/** A public data set, where its runs are at hand; undefined where they are not. */
export function dataSetSource(
  file: string,
  metrics: readonly string[],
  folds: number,
  random: Random,
): Source | undefined {
  if (!existsSync(file)) return undefined;
  const set = readRuns(file);
  const next = (): number => random.next();
  return {
    name: path.basename(file).replace(/-runs\.json\.gz$/, ''),
    folds: splitRuns(set, folds).map((runs) => {
      const cache = new DeviationCache();
      const sick = runs.flatMap((run) => sickStretches(run, 8));
      const quiet = runs.flatMap((run) => quietStretches(run, 8));
      const examples = rawExamples(sick, quiet, { metrics }, cache, next);
      for (let rounds = Math.round((2 * sick.length) / Math.max(1, quiet.length)); rounds > 0; rounds--)
        examples.push(...rawExamples(quiet, quiet, { metrics }, cache, next));
      return {
        examples,
        clusters: drawClusters(sick, quiet, 60, next).map(({ scenario, nodes }) =>
          toCluster(scenario, nodes, metrics, cache),
        ),
      };
    }),
    slack: 0,
    facts: { source: set.source, runs: set.runs.length },
  };
}

function toCluster(
  scenario: string,
  nodes: readonly RunStretch[],
  metrics: readonly string[],
  cache: DeviationCache,
): Cluster {
  const found = nodes.map((stretch) => cache.of(stretch));
  const rows = rawRows({ metrics }, found).map((row, i): RawExample => ({
    row,
    node: found[i] as RawExample['node'],
    types: (nodes[i] as RunStretch).types,
  }));
  return { scenario, rows, truth: nodes.flatMap(({ types }, i) => types.map((type) => [i, type] as const)) };
}

/** Runs in groups, each family of runs spread over them. */
function splitRuns(set: RunSet, groups: number): (typeof set.runs)[] {
  const counts = new Map<string, number>();
  const parts = Array.from({ length: groups }, () => [] as RunSet['runs'][number][]);
  for (const run of set.runs) {
    const family = run.id.split('#')[0] as string;
    const place = counts.get(family) ?? 0;
    counts.set(family, place + 1);
    (parts[place % groups] as (typeof parts)[number]).push(run);
  }
  return parts;
}
