import path from 'node:path';
import { parseArgs } from 'node:util';
import { chooseBackend } from '../../src/adapters/tensorflow/backend';
import { DetectorModel } from '../../src/adapters/tensorflow/model';
import { readModelFiles } from '../../src/adapters/tensorflow/modelFile';
import { fitDetector, saveDetector, type Example } from '../../src/adapters/tensorflow/training';
import { ANOMALY_TYPES } from '../../src/core/anomalies';
import { distanceDetector } from '../../src/core/diagnosis/distanceDetector';
import { rank, type Detector } from '../../src/core/diagnosis/ranking';
import { stretchesAt } from '../../src/core/diagnosis/stretches';
import { METRICS } from '../../src/core/metrics/catalogue';
import { Random } from '../../src/demo/random';
import { Scoreboard } from './training/score';
import { examplesOf, moments, simulateRun } from './training/simulatedRuns';

const SCENARIOS = ['A', 'B', 'C', 'W', 'A', 'H'];
/** Seeds below are the demo's and the user's; training and the held-out test have ranges of their own. */
const TRAIN_SEED = 1000;
const TEST_SEED = 5000;

/** `npm run train`: rebuilds models/anomaly-detector from the simulator, the same every time. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '60' },
      epochs: { type: 'string', default: '30' },
      out: { type: 'string', default: 'models/anomaly-detector' },
    },
  });
  const metrics = METRICS.map(({ id }) => id);
  const backend = await chooseBackend(path.join(__dirname, '..'));
  console.log(`training on ${backend.name}`);
  const examples: Example[] = [];
  const runs = Number(values.runs);
  for (let i = 0; i < runs; i++) {
    const random = new Random(TRAIN_SEED + i);
    const run = simulateRun(options(TRAIN_SEED + i, random));
    examples.push(...examplesOf(run, metrics, random, 40));
    if ((i + 1) % 10 === 0) console.log(`simulated ${i + 1} of ${runs} runs, ${examples.length} examples`);
  }
  const shuffled = new Random(TRAIN_SEED).shuffled(examples);
  const model = await fitDetector({
    metrics,
    types: ANOMALY_TYPES,
    examples: shuffled,
    epochs: Number(values.epochs),
    seed: 7,
    onEpoch: (epoch, loss) => epoch % 10 === 9 && console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(4)}`),
  });
  const facts = {
    name: 'simulated-oceanbase',
    version: '1',
    metrics,
    types: ANOMALY_TYPES,
    thresholds: ANOMALY_TYPES.map(() => 0.5),
    trainedOn: {
      source: 'the embedded database simulator through the metric profiles',
      runs,
      examples: examples.length,
      seeds: [TRAIN_SEED, TRAIN_SEED + runs - 1],
      nodes: [3, 5, 9],
      stepSeconds: [5, 15],
    },
  };
  await saveDetector(model, values.out, facts);
  const loaded = await DetectorModel.load(await readModelFiles(values.out));
  const scores = { model: test(loaded.detect), distance: test(distanceDetector()) };
  await saveDetector(model, values.out, {
    ...facts,
    heldOut: { seeds: [TEST_SEED, TEST_SEED + TESTS - 1], ...scores },
  });
  console.log(JSON.stringify(scores, undefined, 1));
}

const TESTS = 12;

function options(seed: number, random: Random): Parameters<typeof simulateRun>[0] {
  return {
    nodes: [3, 3, 5, 9][seed % 4] as number,
    seed,
    stepMs: random.next() < 0.5 ? 5000 : 15_000,
    scenarios: random.shuffled(SCENARIOS),
    plain: random.next() < 0.4,
    container: random.next() < 0.25,
  };
}

/** Default strengths on seeds that the fit has not seen. */
function test(detect: Detector): Record<string, unknown> {
  const full = new Scoreboard();
  const container = new Scoreboard();
  for (let i = 0; i < TESTS; i++) {
    for (const board of [full, container]) {
      const random = new Random(TEST_SEED + i);
      const run = simulateRun({
        ...options(TEST_SEED + i, random),
        plain: true,
        container: board === container,
        scenarios: ['A', 'B', 'C', 'W'],
      });
      for (const { end, truth } of moments(run, random, 24)) {
        const nodes = new Set(truth.map(([node]) => node)).size;
        const types = new Set(truth.map(([, type]) => type)).size;
        const name = nodes < 2 ? (types < 2 ? 'A' : 'C') : types < 2 ? 'B' : 'W';
        board.add(
          name,
          rank(stretchesAt(run.frame, end), detect, { answeredBy: 'cpu', model: undefined, reason: undefined }),
          truth,
        );
      }
    }
  }
  return { allMetrics: full.result(), containerOnly: container.result() };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exit(1);
});
