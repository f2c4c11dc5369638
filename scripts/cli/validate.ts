import path from 'node:path';
import { parseArgs } from 'node:util';
import { chooseBackend } from '../../src/adapters/tensorflow/backend';
import { blend } from '../../src/core/diagnosis/blend';
import { distanceDetector } from '../../src/core/diagnosis/distance/distanceDetector';
import type { Detector } from '../../src/core/diagnosis/ranking';
import { Random } from '../../src/core/base/random';
import { readRuns, type RunSet } from './diagnose/dataset';
import { fitOnRuns, type FitSettings } from './diagnose/fit';
import { Tally } from './diagnose/tally';
import { looksOf, scenarioOf, splitRuns } from './training/sources';

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

/** Folds by run, or by the first part of the runs' names: the size of the server. */
function split(set: RunSet, how: string): (typeof set.runs)[number][][] {
  if (how !== 'size') return splitRuns(set.runs, Number(how));
  const sizes = [...new Set(set.runs.map(({ id }) => id.split('/')[0]))];
  return sizes.map((size) => set.runs.filter(({ id }) => id.split('/')[0] === size));
}

function test(tally: Tally, runs: RunSet['runs'], detect: Detector): void {
  for (const { nodes, types } of looksOf(runs, new Random(3))) {
    const truth = types.flatMap((acting, i) => acting.map((type) => [i, type] as const));
    tally.add(scenarioOf(truth), detect(nodes), truth);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exit(1);
});
