import { msg, type Text } from '../../core/base/text';
import { Random } from '../../core/base/random';
import { AppError } from '../../core/base/errors';
import { quietStretches, anomalousStretches, type RunStretch } from '../../core/learning/runStretches';
import type { Recording } from '../../core/learning/recording';
import { isBetter, type HeldOutScores, type TrainingReport } from '../../core/learning/trainingReport';
import { UNKNOWN_TYPE } from '../../core/diagnosis/diagnosedTypes';
import { rawRows, type InputLayout } from '../../core/diagnosis/inputs';
import { DeviationCache, toExamples, type RawExample } from './examples';
import { DetectorModel } from './model';
import { readModelFiles } from './modelFile';
import { readReplay, writeReplay } from './replay';
import { fit, saveDetector, type Example } from './training';

/** One look at the whole cluster of a recording, and what acted where. */
interface Look {
  rows: readonly RawExample[];
}

const FEWEST = 4;
const EPOCHS = 30;
/** Gentle: what the model knows already should stay. */
const LEARNING_RATE = 0.0005;
const WINDOWS = 6;

/** What a fit further needs. */
export interface FineTuneOptions {
  /** Folder of the model in use. */
  modelDirectory: string;
  recordings: readonly Recording[];
  /** Where a better model is written. */
  out: string;
  onProgress: (message: Text) => void;
  signal: AbortSignal;
}

/**
 * Fits the model further on most of the recorded experiments, mixed with simulated ones, and compares it with the old one
 * on the rest. Writes it only when it is better. Throws AppError.
 */
export async function fineTune({
  modelDirectory,
  recordings,
  out,
  onProgress,
  signal,
}: FineTuneOptions): Promise<TrainingReport> {
  if (recordings.length < FEWEST)
    throw new AppError(
      'invalid',
      msg`At least ${FEWEST} recorded experiments are required; there are ${recordings.length}.`,
    );
  const files = await readModelFiles(modelDirectory);
  const model = await DetectorModel.load(files);
  try {
    const { layout, types } = model.manifest;
    const { learn, held } = split(recordings);
    const looks = (some: readonly Recording[]): Look[] => some.flatMap((one) => looksOf(one, layout));
    const [own, test] = [looks(learn), looks(held)];
    const before = score(model, test);
    const numbers = new Random(recordings.length);
    const replay = await readReplay(modelDirectory, layout.mean.length, types.length);
    const examples = numbers.shuffled([
      ...toExamples(
        own.flatMap(({ rows }) => rows),
        types,
        layout,
        { copies: 2, noise: 0.15, drop: 0.1 },
        () => numbers.next(),
      ),
      ...replay,
    ]);
    await fit(model.network, {
      examples,
      epochs: EPOCHS,
      seed: 0,
      learningRate: LEARNING_RATE,
      onEpoch: (epoch) => {
        onProgress(msg`pass ${epoch + 1} of ${EPOCHS}`);
        return signal.aborted;
      },
    });
    signal.throwIfAborted();
    const after = score(model, test);
    const accepted = isBetter(before, after);
    if (accepted) await save(model, out, replay, { trainedOn: learn.length, heldOut: held.length, before, after });
    return { trainedOn: learn.length, heldOut: held.length, before, after, accepted };
  } finally {
    model.dispose();
  }
}

/** Every third experiment of each type is kept from the fit, and at least one. */
function split(recordings: readonly Recording[]): { learn: Recording[]; held: Recording[] } {
  const seen = new Map<string, number>();
  const [learn, held]: [Recording[], Recording[]] = [[], []];
  for (const recording of [...recordings].sort((a, b) => a.fromMs - b.fromMs)) {
    const key = recording.types.join();
    const place = seen.get(key) ?? 0;
    seen.set(key, place + 1);
    (place % 3 === 1 ? held : learn).push(recording);
  }
  if (held.length === 0) held.push(learn.pop() as Recording);
  return { learn, held };
}

/** Windows inside the anomaly with every node's ground truth, and as many quiet ones before it. */
function looksOf(recording: Recording, layout: InputLayout): Look[] {
  const [from] = recording.runs[0]?.abnormal ?? [0, 0];
  const cache = new DeviationCache();
  const anomalous = recording.runs.find((run) => run.types.length > 0);
  if (!anomalous) return [];
  const all = (windows: readonly RunStretch[]): Look[] =>
    windows.map(({ baseline, window, types }) => {
      const stretches = recording.runs.map((run) => ({
        run,
        baseline,
        window,
        types: types.length > 0 ? run.types : [],
      }));
      const nodes = stretches.map((stretch) => cache.of(stretch));
      const rows = rawRows(layout, nodes).map((row, i) => ({
        row,
        node: nodes[i] as RawExample['node'],
        types: (stretches[i] as RunStretch).types,
      }));
      return { rows };
    });
  // The time before the experiment is a separate normal run.
  const before = { ...anomalous, types: [], rows: from, abnormal: [from, from] as const };
  return [...all(anomalousStretches(anomalous, WINDOWS)), ...all(quietStretches(before, WINDOWS))];
}

function score(model: DetectorModel, looks: readonly Look[]): HeldOutScores {
  const sums = { anomalous: 0, ac1: 0, ac3: 0, quiet: 0, alarms: 0 };
  for (const { rows } of looks) {
    const { types, thresholds, probabilities } = model.detect(rows.map(({ node }) => node));
    const pairs = rows
      .flatMap(({ types: acting }, i) =>
        types.map((type, l) => {
          const p = probabilities[i]?.[l] as number;
          return { type, p, named: p >= (thresholds[l] as number), true_: acting.includes(type) };
        }),
      )
      .sort((a, b) => b.p - a.p);
    const real = pairs.filter(({ true_ }) => true_).length;
    if (real === 0) {
      sums.quiet += 1;
      sums.alarms += Number(pairs.some(({ named }) => named));
      continue;
    }
    const known = pairs.filter(({ type }) => type !== UNKNOWN_TYPE);
    const hits = (k: number): number => known.slice(0, k).filter(({ true_ }) => true_).length / Math.min(k, real);
    sums.anomalous += 1;
    sums.ac1 += hits(1);
    sums.ac3 += hits(3);
  }
  const mean = (sum: number, count: number): number => (count > 0 ? Number((sum / count).toFixed(4)) : 0);
  return {
    ac1: mean(sums.ac1, sums.anomalous),
    ac3: mean(sums.ac3, sums.anomalous),
    falseAlarms: mean(sums.alarms, sums.quiet),
  };
}

async function save(
  model: DetectorModel,
  out: string,
  replay: readonly Example[],
  tuned: Record<string, unknown>,
): Promise<void> {
  const { format: _format, sha256: _sums, ...facts } = model.manifest;
  await saveDetector(model.network, out, {
    ...facts,
    name: facts.name.replace(/ \(fitted.*/, '') + ' (fitted to your experiments)',
    tuned,
  } as Parameters<typeof saveDetector>[2]);
  writeReplay(out, replay);
}
