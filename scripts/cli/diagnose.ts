import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chooseBackend } from '../../src/adapters/tensorflow/backend';
import { DetectorModel } from '../../src/adapters/tensorflow/model';
import { readModelFiles } from '../../src/adapters/tensorflow/modelFile';
import { distanceDetector } from '../../src/core/diagnosis/distanceDetector';
import { rank, type Detector } from '../../src/core/diagnosis/ranking';
import { fitOnRuns } from './diagnose/fit';
import { readCases, readRawCases, readRuns, toRequest, type Run } from './diagnose/dataset';
import { shippedDetector } from './diagnose/shipped';

/** Answers the cases of a data set of runs: the formats of its README, in the names of its own types. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string' },
      cases: { type: 'string' },
      out: { type: 'string' },
      train: { type: 'string', multiple: true, default: [] },
      detector: { type: 'string', default: 'model' },
      /** With `--train`: 1 of this many runs is kept from the fit, and only cases made wholly of such runs are answered. */
      holdout: { type: 'string', default: '0' },
      metrics: { type: 'string' },
    },
  });
  const { runs: runsFile, cases: casesFile, out } = values;
  if (!runsFile || !casesFile || !out)
    throw new Error('needed: --runs RUNS.json.gz --cases CASES.json --out ANSWERS.json');
  const set = readRuns(runsFile);
  const keep = values.metrics ? new RegExp(values.metrics) : undefined;
  const byId = new Map(set.runs.map((run) => [run.id, run]));
  const holdout = Number(values.holdout);
  const held = (run: Run): boolean => holdout > 1 && hash(run.id) % holdout === 0;
  const cases = readCases(casesFile).filter(
    (one) => holdout <= 1 || one.nodes.every(({ run }) => held(byId.get(run) as Run)),
  );
  await chooseBackend(path.join(__dirname, '..'));
  let detect: Detector;
  if (values.detector === 'distance') detect = distanceDetector(set.types);
  else if (values.train.length > 0) {
    const sets = values.train.map((file) => readRuns(file));
    detect = await fitOnRuns(
      sets.map((one) => ({ ...one, runs: one.runs.filter((run) => !held(run)) })),
      set.types,
      keep,
    );
  } else detect = shippedDetector(await DetectorModel.load(await readModelFiles('models/anomaly-detector')), set.types);
  const answers: Record<string, unknown> = {};
  for (const one of cases) {
    const request = toRequest(one, byId, keep);
    const { ranking, nodes } = rank(request, detect, { answeredBy: 'cpu', model: undefined, reason: undefined });
    answers[one.id] = {
      ranking: ranking.map(({ node, type, probability }) => [node, type, Number(probability.toFixed(4))]),
      anomalous: nodes.filter(({ anomalous }) => anomalous).map(({ node }) => node),
    };
  }
  writeFileSync(out, JSON.stringify(answers));
  if (holdout > 1)
    writeFileSync(`${out}.cases.json`, JSON.stringify(readRawCases(casesFile, new Set(cases.map(({ id }) => id)))));
  console.log(`${cases.length} cases answered`);
}

/** A stable hash (FNV-1a), so that the split is the same everywhere. */
function hash(text: string): number {
  let value = 2166136261;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 16777619) >>> 0;
  return value;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
