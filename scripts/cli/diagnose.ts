import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chooseBackend } from '../../src/adapters/tensorflow/backend';
import { DetectorModel } from '../../src/adapters/tensorflow/model';
import { readModelFiles } from '../../src/adapters/tensorflow/modelFile';
import { blend } from '../../src/core/diagnosis/blend';
import { canonicalType } from '../../src/core/diagnosis/diagnosedTypes';
import { distanceDetector } from '../../src/core/diagnosis/distance/distanceDetector';
import { rank, type Detector } from '../../src/core/diagnosis/ranking';
import type { RecordedRun } from '../../src/core/learning/recording';
import { answerOf } from './diagnose/answer';
import { fitOnRuns } from './diagnose/fit';
import { readCases, readRawCases, readRuns, toRequest } from './diagnose/dataset';

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
      /** `importance` = the published order, influence × probability. */
      order: { type: 'string', default: 'probability' },
      model: { type: 'string', default: 'models/anomaly-detector' },
    },
  });
  const { runs: runsFile, cases: casesFile, out, order } = values;
  if (!runsFile || !casesFile || !out)
    throw new Error('needed: --runs RUNS.json.gz --cases CASES.json --out ANSWERS.json');
  if (order !== 'probability' && order !== 'importance') throw new Error('--order is probability or importance');
  const keep = values.metrics ? new RegExp(values.metrics) : undefined;
  const set = readRuns(runsFile, keep);
  const byId = new Map(set.runs.map((run) => [run.id, run]));
  const holdout = Number(values.holdout);
  const held = (run: RecordedRun | undefined): boolean =>
    run !== undefined && holdout > 1 && hash(run.id) % holdout === 0;
  const cases = readCases(casesFile).filter((one) => holdout <= 1 || one.nodes.every(({ run }) => held(byId.get(run))));
  await chooseBackend(path.join(__dirname, '..'));
  // The answer uses the names of the file's own types.
  const nameOf = new Map(set.names.map((name) => [canonicalType(name), name]));
  const signs = distanceDetector([...nameOf.keys()]);
  let detect: Detector = signs;
  if (values.detector !== 'distance') {
    const model =
      values.train.length > 0
        ? await fitOnRuns(
            values.train.map((file) => {
              const one = readRuns(file, keep);
              return { ...one, runs: one.runs.filter((run) => !held(run)) };
            }),
          )
        : await DetectorModel.load(await readModelFiles(values.model));
    detect = blend(model.detect, signs);
  }
  const answers: Record<string, unknown> = {};
  for (const one of cases) {
    const request = toRequest(one, byId);
    answers[one.id] = answerOf(
      rank(request, detect, { answeredBy: 'cpu', model: undefined, reason: undefined }, order),
      nameOf,
    );
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
