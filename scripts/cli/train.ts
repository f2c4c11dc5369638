import path from 'node:path';
import { parseArgs } from 'node:util';
import { chooseBackend } from '../../src/adapters/tensorflow/backend';
import { rescaleOutputs } from '../../src/adapters/tensorflow/calibrated';
import { DetectorModel } from '../../src/adapters/tensorflow/model';
import { readModelFiles, type ModelManifest } from '../../src/adapters/tensorflow/modelFile';
import { replayOf, writeReplay } from '../../src/adapters/tensorflow/replay';
import { saveDetector } from '../../src/adapters/tensorflow/training';
import { DIAGNOSED_TYPES, UNKNOWN_TYPE } from '../../src/core/diagnosis/diagnosedTypes';
import { distanceDetector } from '../../src/core/diagnosis/distance/distanceDetector';
import { Random } from '../../src/core/base/random';
import { fitExamples, FIT, unsaved, type FitSettings } from './diagnose/fit';
import { AnswerSheet } from './training/answers';
import { asSomebodySees, examplesOf, type Look } from './training/looks';
import { falseAlarmsPerHour, TESTS, testOnSimulator } from './training/simulatorTest';
import { enginesSource, recordedFiles, recordedSource, simulatorSource, type Source } from './training/sources';

/** Seeds below are the demo's and the user's; training and the held-out test have ranges of their own. */
const TRAIN_SEED = 1000;
const FOLDS = 2;
/** Every look is seen in two ways: with all metrics or with some of them. */
const VIEWS = 2;

/** `npm run train`: rebuilds models/anomaly-detector from recorded and computed runs, the same every time. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      /** Simulated clusters, and databases that nobody has built. */
      runs: { type: 'string', default: '8' },
      engines: { type: 'string', default: '4000' },
      epochs: { type: 'string', default: String(FIT.epochs) },
      data: {
        type: 'string',
        multiple: true,
        default: [path.join('test', 'bed', 'recordings'), path.join('..', 'shared', 'diagnosis')],
      },
      out: { type: 'string', default: 'models/anomaly-detector' },
      /** Clusters of the last test; a quarter as many are watched while they are quiet. */
      tests: { type: 'string', default: String(TESTS) },
      /** Only asks about the engines left out, and writes no model. */
      validate: { type: 'boolean', default: false },
    },
  });
  const backend = await chooseBackend(path.join(__dirname, '..'));
  console.log(`training on ${backend.name}`);
  const files = recordedFiles(values.data);
  if (files.length === 0)
    console.log(`no recorded runs in ${values.data.join(', ')}: the model will know what is computed, and no more`);
  const sources: Source[] = [
    enginesSource(Number(values.engines), FOLDS, TRAIN_SEED),
    simulatorSource(
      Array.from({ length: Number(values.runs) }, (_, i) => TRAIN_SEED + i),
      FOLDS,
    ),
    // Single servers put together make a worse model for clusters: `npm run diagnose -- --train` fits on them.
    ...files.map((file, i) => recordedSource(file, FOLDS, TRAIN_SEED + i)).filter(({ cluster }) => cluster),
  ];
  for (const { name, folds } of sources) console.log(`${name}: ${folds.flat().length} looks`);
  const looks = allOf(sources);
  const metrics = [...new Set(looks.flatMap(({ nodes }) => nodes.flatMap((node) => [...node.keys()])))].sort();
  const known = new Set(looks.flatMap(({ types }) => types.flat()));
  const types = [...DIAGNOSED_TYPES.map(({ type }) => type).filter((type) => known.has(type)), UNKNOWN_TYPE];
  const settings = { ...FIT, epochs: Number(values.epochs) };
  const fitOn = (some: readonly Look[], networks = 1): Promise<DetectorModel> =>
    fitLooks(some, metrics, types, { ...settings, networks });

  const sheet = new AnswerSheet(types);
  await askAboutUnseen(sources, fitOn, sheet);
  const { calibrations, thresholds, reliability, scores } = sheet.result();
  for (const [name, score] of Object.entries(scores)) console.log(`${name}: ${JSON.stringify(score)}`);
  console.log(`thresholds: ${thresholds.join(', ')}`);
  if (values.validate) return;

  const model = await fitOn(looks, settings.networks);
  rescaleOutputs(model.network, calibrations);
  const facts: Omit<ModelManifest, 'format' | 'sha256'> = {
    name: 'distdiag-detector',
    version: '3',
    layout: model.manifest.layout,
    types,
    thresholds,
    levels: [],
    trainedOn: Object.fromEntries(
      sources.map(({ name, facts: about, folds }) => [name, { ...about, looks: folds.flat().length }]),
    ),
    settings,
    engines: scores,
    reliability,
  };
  await saveDetector(model.network, values.out, facts);
  const replay = looks.filter((_, i) => i % 7 === 0);
  writeReplay(
    values.out,
    replayOf(examplesOf(replay, { metrics }), types, model.manifest.layout, new Random(TRAIN_SEED)),
  );
  const shipped = await DetectorModel.load(await readModelFiles(values.out));
  const tests = Number(values.tests);
  const heldOut = {
    model: testOnSimulator(shipped.detect, tests),
    distance: testOnSimulator(distanceDetector(), tests),
    falseAlarms: falseAlarmsPerHour(shipped.detect, Math.ceil(tests / 4)),
  };
  await saveDetector(shipped.network, values.out, { ...facts, heldOut });
  console.log(JSON.stringify({ heldOut }, undefined, 1));
}

const allOf = (sources: readonly Source[]): Look[] => sources.flatMap(({ folds }) => folds.flat());

/** Asks models about what they have not seen: each engine left out as a whole, then other runs of engines that they know. */
async function askAboutUnseen(
  sources: readonly Source[],
  fitOn: (looks: readonly Look[]) => Promise<DetectorModel>,
  sheet: AnswerSheet,
): Promise<void> {
  for (const held of new Set(sources.flatMap(({ engine }) => engine ?? []))) {
    const rest = allOf(sources.filter(({ engine }) => engine !== held));
    const model = await fitOn(rest);
    // Only what another engine can have taught is asked about.
    const taught = new Set(rest.flatMap(({ types }) => types.flat()));
    const looks = allOf(sources.filter(({ engine }) => engine === held)).filter(({ types }) =>
      types.flat().every((type) => taught.has(type)),
    );
    sheet.ask(model, `${held} left out`, looks);
    model.dispose();
  }
  for (let held = 0; held < FOLDS; held++) {
    const model = await fitOn(sources.flatMap(({ folds }) => folds.flatMap((fold, i) => (i === held ? [] : fold))));
    for (const { engine, folds } of sources) if (engine) sheet.ask(model, `${engine}, other runs`, folds[held] ?? []);
    model.dispose();
  }
}

async function fitLooks(
  looks: readonly Look[],
  metrics: readonly string[],
  types: readonly string[],
  settings: FitSettings,
): Promise<DetectorModel> {
  const random = new Random(settings.seed);
  const seen = Array.from({ length: VIEWS }, () => looks.map((look) => asSomebodySees(look, random))).flat();
  const { network, layout } = await fitExamples(examplesOf(seen, { metrics }), { metrics }, types, settings);
  return new DetectorModel(unsaved(types, layout, []), network);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exit(1);
});
