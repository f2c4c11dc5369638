import path from 'node:path';
import { parseArgs } from 'node:util';
import { chooseBackend } from '../../src/adapters/tensorflow/backend';
import { DeviationCache } from '../../src/adapters/tensorflow/examples';
import { blend } from '../../src/core/diagnosis/blend';
import { distanceDetector } from '../../src/core/diagnosis/distanceDetector';
import type { Detector } from '../../src/core/diagnosis/ranking';
import { drawClusters } from '../../src/core/learning/clusters';
import { quietStretches, sickStretches } from '../../src/core/learning/runStretches';
import { Random } from '../../src/core/random';
import { readRuns, type RunSet } from './diagnose/dataset';
import { fitOnRuns, type FitSettings } from './diagnose/fit';
import { Tally } from './diagnose/tally';

/** `npm run validate`: fits on some runs and asks about others, split by run: k folds, or one server size against the rest. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string' },
      train: { type: 'string' },
      metrics: { type: 'string' },
      types: { type: 'string' },
      folds: { type: 'string', default: '3' },
      settings: { type: 'string', default: '{}' },
      detector: { type: 'string' },
    },
  });
  if (!values.runs) throw new Error('needed: --runs RUNS.json.gz');
  await chooseBackend(path.join(__dirname, '..'));
  const keep = values.metrics ? new RegExp(values.metrics) : undefined;
  const set = readRuns(values.runs, keep);
  const settings = JSON.parse(values.settings) as Partial<FitSettings>;
  const tally = new Tally();
  if (values.train) {
    const model = await fitOnRuns([readRuns(values.train, keep)], settings);
    const wanted = values.types ? new RegExp(values.types) : undefined;
    const runs = set.runs.filter((run) => run.types.every((type) => !wanted || wanted.test(type)));
    test(tally, runs, detectorOf(values.detector, blend(model.detect, distanceDetector(typesOf(set)))));
  } else {
    const groups = split(set, values.folds);
    for (const held of groups) {
      const rest = set.runs.filter((run) => !held.includes(run));
      const model = await fitOnRuns([{ ...set, runs: rest }], settings);
      test(tally, held, detectorOf(values.detector, blend(model.detect, distanceDetector(typesOf(set)))));
    }
  }
  console.log(JSON.stringify(tally.result()));
}

const typesOf = (set: RunSet): string[] => [...new Set(set.runs.flatMap((run) => run.types))];
const detectorOf = (name: string | undefined, usual: Detector): Detector =>
  name === 'distance' ? distanceDetector() : usual;

function split(set: RunSet, how: string): (typeof set.runs)[] {
  const key = (id: string, place: number): string =>
    how === 'size' ? (id.split('/')[0] as string) : String(place % Number(how));
  const counts = new Map<string, number>();
  const groups = new Map<string, RunSet['runs'][number][]>();
  for (const run of set.runs) {
    const family = run.id.split('#')[0] as string;
    const place = counts.get(family) ?? 0;
    counts.set(family, place + 1);
    const group = key(run.id, place);
    groups.set(group, [...(groups.get(group) ?? []), run]);
  }
  return [...groups.values()];
}

function test(tally: Tally, runs: RunSet['runs'], detect: Detector): void {
  const random = new Random(3);
  const sick = runs.flatMap((run) => sickStretches(run, 8));
  const quiet = runs.flatMap((run) => quietStretches(run, 8));
  const cache = new DeviationCache();
  for (const { scenario, nodes } of drawClusters(sick, quiet, 120, () => random.next())) {
    const found = detect(nodes.map((stretch) => cache.of(stretch)));
    tally.add(
      scenario,
      found,
      nodes.flatMap(({ types }, i) => types.map((type) => [i, type] as const)),
    );
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exit(1);
});
