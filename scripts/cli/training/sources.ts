import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { RecordedRun } from '../../../src/core/learning/recording';
import { Random } from '../../../src/core/base/random';
import { readRuns } from '../diagnose/dataset';
import { clusterLooks, drawnLooks, recordedTogether, type Look } from './looks';
import { randomLooks } from './randomEngines';
import { simulatedLooks, simulateRun } from './simulatedRuns';

/** Looks of one origin, in folds that share no run. */
export interface Source {
  name: string;
  /** The kind of database that was recorded; undefined for what is computed. Files of one engine are held out together. */
  engine: string | undefined;
  /** Recorded with the real peers of the moment, not as single servers. */
  cluster: boolean;
  folds: readonly (readonly Look[])[];
  facts: Record<string, unknown>;
}

const SCENARIOS = ['A', 'B', 'C', 'W', 'A', 'H'];
/** Windows drawn of each recorded slot. */
const WINDOWS = 10;
/** Clusters drawn of single servers' runs, of each scenario and fold. */
const CLUSTERS = 120;

/** How a simulated cluster of a seed looks. */
export function simulation(seed: number, random: Random): Parameters<typeof simulateRun>[0] {
  return {
    nodes: [3, 3, 5, 9][seed % 4] as number,
    seed,
    stepMs: random.next() < 0.5 ? 5000 : 15_000,
    scenarios: random.shuffled(SCENARIOS),
    plain: random.next() < 0.4,
    container: false,
  };
}

/** Scenario of a truth: A one node one type, B two nodes one type, C one node several types, W several nodes and types, H none. */
export function scenarioOf(truth: readonly (readonly [number | string, string])[]): string {
  const nodes = new Set(truth.map(([node]) => node)).size;
  const types = new Set(truth.map(([, type]) => type)).size;
  if (nodes === 0) return 'H';
  return nodes < 2 ? (types < 2 ? 'A' : 'C') : types < 2 ? 'B' : 'W';
}

/** Deals things out in turn. */
function dealt<T>(list: readonly T[], folds: number): T[][] {
  return Array.from({ length: folds }, (_, fold) => list.filter((_one, i) => i % folds === fold));
}

/** Databases that nobody has built, in the steady state of a queueing model. */
export function enginesSource(looks: number, folds: number, seed: number): Source {
  return {
    name: 'random engines',
    engine: undefined,
    cluster: true,
    folds: dealt(randomLooks(looks, new Random(seed)), folds),
    facts: { looks, seed },
  };
}

/** The demo's simulated clusters; a fold holds whole runs. */
export function simulatorSource(seeds: readonly number[], folds: number): Source {
  const byRun = seeds.map((seed) => {
    const random = new Random(seed);
    // The demo's own cluster is one in four.
    const run = simulateRun({ ...simulation(seed, random), varied: Math.floor(seed / 4) % 4 !== 0 });
    return simulatedLooks(run, random, 40);
  });
  return {
    name: 'simulator',
    engine: undefined,
    cluster: true,
    folds: dealt(byRun, folds).map((runs) => runs.flat()),
    facts: { runs: seeds.length, seeds: [seeds[0], seeds.at(-1)], nodes: [3, 5, 9], stepSeconds: [5, 15] },
  };
}

/** The files of runs in some folders, by their names; those of every counter are not training data. */
export function recordedFiles(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.endsWith('-runs.json.gz') && !name.includes('-counters-'))
          .sort()
          .map((name) => path.join(folder, name))
      : [],
  );
}

/** A file of recorded runs: real clusters as they were, single servers as drawn clusters. */
export function recordedSource(file: string, folds: number, seed: number): Source {
  const set = readRuns(file);
  const random = new Random(seed);
  const name = path.basename(file).replace(/-runs\.json\.gz$/, '');
  return {
    name,
    engine: name.split('-')[0],
    cluster: recordedTogether(set.runs).some(({ length }) => length > 1),
    folds: splitRuns(set.runs, folds).map((runs) => looksOf(runs, random)),
    facts: { source: set.source, runs: set.runs.length },
  };
}

/** Looks into runs: those recorded together together, the others as drawn clusters. */
export function looksOf(runs: readonly RecordedRun[], random: Random): Look[] {
  const groups = recordedTogether(runs);
  const alone = groups.filter(({ length }) => length === 1).flat();
  return [
    ...groups.filter(({ length }) => length > 1).flatMap((group) => clusterLooks(group, random, WINDOWS)),
    ...(alone.length > 0 ? drawnLooks(alone, random, CLUSTERS) : []),
  ];
}

/** Runs in folds: what was recorded together stays together, and each kind of slot or family of runs is spread over them. */
export function splitRuns(runs: readonly RecordedRun[], folds: number): RecordedRun[][] {
  const counts = new Map<string, number>();
  const parts = Array.from({ length: folds }, (): RecordedRun[] => []);
  for (const group of recordedTogether(runs)) {
    const acting = [...new Set(group.flatMap(({ types }) => types))].sort().join('+');
    const family = group.length > 1 ? acting : (group[0]?.id.split('#')[0] as string);
    const place = counts.get(family) ?? 0;
    counts.set(family, place + 1);
    (parts[place % folds] as RecordedRun[]).push(...group);
  }
  return parts;
}
