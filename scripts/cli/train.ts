import path from 'node:path';
import { parseArgs } from 'node:util';
import { chooseBackend } from '../../src/adapters/tensorflow/backend';
import { rescaleOutputs } from '../../src/adapters/tensorflow/calibrated';
import { DetectorModel } from '../../src/adapters/tensorflow/model';
import { readModelFiles, type ModelManifest } from '../../src/adapters/tensorflow/modelFile';
import { replayOf, writeReplay } from '../../src/adapters/tensorflow/replay';
import { saveDetector } from '../../src/adapters/tensorflow/training';
import { blend } from '../../src/core/diagnosis/blend';
import { DIAGNOSED_TYPES } from '../../src/core/diagnosis/diagnosedTypes';
import { distanceDetector } from '../../src/core/diagnosis/distanceDetector';
import { levelRanges } from '../../src/core/diagnosis/domain';
import { METRICS } from '../../src/core/metrics/catalogue';
import { Random } from '../../src/core/random';
import { fitExamples, FIT, unsaved } from './diagnose/fit';
import { readRuns } from './diagnose/dataset';
import { calibrate, logit, reliability, sigmoid, type Answered, type Calibration } from './training/calibration';
import { dataSetSource, simulatorSource, type Source } from './training/sources';
import { falseAlarmsPerHour, TESTS, testOnSimulator } from './training/simulatorTest';
import { existsSync } from 'node:fs';

/** Seeds below are the demo's and the user's; training and the held-out test have ranges of their own. */
const TRAIN_SEED = 1000;
const FOLDS = 3;
/** A type is named from this probability on, or from a higher one where quiet clusters would be alarmed too often. */
const LEAST_THRESHOLD = 0.5;
const QUIET_ALARMS = 0.01;

/** `npm run train`: rebuilds models/anomaly-detector from the simulator and the public data sets where they are at hand, the same every time. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '60' },
      epochs: { type: 'string', default: String(FIT.epochs) },
      data: { type: 'string', default: path.join('..', 'shared', 'diagnosis') },
      out: { type: 'string', default: 'models/anomaly-detector' },
      /** Clusters of the last test; a quarter as many are watched while they are quiet. */
      tests: { type: 'string', default: String(TESTS) },
    },
  });
  const backend = await chooseBackend(path.join(__dirname, '..'));
  console.log(`training on ${backend.name}`);
  const files = ['dbsherlock', 'dbpa'].map((name) => path.join(values.data, `${name}-runs.json.gz`));
  const metrics = [...new Set([...METRICS.map(({ id }) => id), ...files.flatMap(metricsOfFile)])];
  const seeds = Array.from({ length: Number(values.runs) }, (_, i) => TRAIN_SEED + i);
  const sources: Source[] = [simulatorSource(metrics, seeds, FOLDS, (seed) => new Random(seed))];
  for (const file of files) {
    const source = dataSetSource(file, metrics, FOLDS, new Random(TRAIN_SEED));
    if (source) sources.push(source);
    else console.log(`${file} is not here: the model will know what the simulator teaches, and no more`);
  }
  const known = new Set(
    sources.flatMap(({ folds }) => folds.flatMap(({ examples }) => examples.flatMap(({ types }) => types))),
  );
  const types = DIAGNOSED_TYPES.map(({ type }) => type).filter((type) => known.has(type));
  const settings = { ...FIT, epochs: Number(values.epochs) };

  const answers: Answered[] = [];
  const quiet: Map<string, number>[] = [];
  for (let held = 0; held < FOLDS; held++) {
    const rest = sources.flatMap(({ folds }) => folds.flatMap(({ examples }, i) => (i === held ? [] : examples)));
    const { network, layout } = await fitExamples(rest, { metrics }, types, settings);
    const model = new DetectorModel(unsaved(types, layout, []), network);
    for (const { folds } of sources) ask(model, folds[held]?.clusters ?? [], types, answers, quiet);
    model.dispose();
    console.log(`fold ${held + 1} of ${FOLDS} fitted and asked`);
  }
  const calibrations = new Map(types.map((type) => [type, calibrate(answers.filter((one) => one.type === type))]));
  const adjusted = (type: string, p: number): number => {
    const { scale, shift } = calibrations.get(type) as Calibration;
    return sigmoid(scale * logit(p) + shift);
  };
  const table = reliability(answers.map((one) => ({ ...one, probability: adjusted(one.type, one.probability) })));
  const thresholds = types.map((type) =>
    threshold(
      quiet.map((highest) => adjusted(type, highest.get(type) ?? 0)),
      types.length,
    ),
  );

  const all = sources.flatMap(({ folds }) => folds.flatMap(({ examples }) => examples));
  const { network, layout } = await fitExamples(all, { metrics }, types, settings);
  rescaleOutputs(
    network,
    types.map((type) => calibrations.get(type) as Calibration),
  );
  const levels = sources.map(({ folds, slack }) =>
    levelRanges(
      metrics,
      folds.flatMap(({ examples }) => examples.map(({ node }) => node)),
      slack,
    ),
  );
  const facts: Omit<ModelManifest, 'format' | 'sha256'> = {
    name: 'distdiag-detector',
    version: '2',
    layout,
    types,
    thresholds,
    levels,
    trainedOn: Object.fromEntries(
      sources.map(({ name, facts: about, folds }) => [
        name,
        { ...about, examples: folds.reduce((sum, { examples }) => sum + examples.length, 0) },
      ]),
    ),
    settings,
    reliability: table,
  };
  await saveDetector(network, values.out, facts);
  writeReplay(
    values.out,
    replayOf(
      (sources[0] as Source).folds.flatMap(({ examples }) => examples),
      types,
      layout,
      new Random(TRAIN_SEED),
    ),
  );
  const model = await DetectorModel.load(await readModelFiles(values.out));
  const signs = distanceDetector();
  const tests = Number(values.tests);
  const scores = {
    model: testOnSimulator(blend(model.detect, signs), tests),
    distance: testOnSimulator(signs, tests),
    falseAlarms: falseAlarmsPerHour(blend(model.detect, signs), Math.ceil(tests / 4)),
  };
  await saveDetector(network, values.out, { ...facts, heldOut: scores });
  console.log(
    JSON.stringify(
      { thresholds: Object.fromEntries(types.map((type, l) => [type, thresholds[l]])), reliability: table, scores },
      undefined,
      1,
    ),
  );
}

const metricsOfFile = (file: string): string[] =>
  existsSync(file) ? [...new Set(readRuns(file).runs.flatMap((run) => Object.keys(run.metrics)))].sort() : [];

/** Asks a model about the clusters of a fold; keeps each answer with its truth, and the highest of each type in quiet clusters. */
function ask(
  model: DetectorModel,
  clusters: Source['folds'][number]['clusters'],
  types: readonly string[],
  answers: Answered[],
  quiet: Map<string, number>[],
): void {
  for (const { rows, truth } of clusters) {
    const { probabilities } = model.detect(rows.map(({ node }) => node));
    const true_ = new Set(truth.map(([node, type]) => `${node}|${type}`));
    probabilities.forEach((row, i) =>
      types.forEach((type, l) =>
        answers.push({ type, probability: row[l] as number, truth: true_.has(`${i}|${type}`) }),
      ),
    );
    if (truth.length > 0) continue;
    quiet.push(new Map(types.map((type, l) => [type, Math.max(...probabilities.map((row) => row[l] as number))])));
  }
}

/** The lowest threshold at which all types together alarm few enough quiet clusters. */
function threshold(highest: readonly number[], types: number): number {
  const sorted = [...highest].sort((a, b) => b - a);
  const allowed = Math.floor((QUIET_ALARMS / types) * sorted.length);
  const above = sorted[allowed] ?? 0;
  return Number(Math.min(0.95, Math.max(LEAST_THRESHOLD, above + 0.02)).toFixed(3));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exit(1);
});
