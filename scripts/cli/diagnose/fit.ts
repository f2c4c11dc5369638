import {
  DeviationCache,
  layoutOf,
  rawExamples,
  toExamples,
  type RawExample,
} from '../../../src/adapters/tensorflow/examples';
import { DetectorModel } from '../../../src/adapters/tensorflow/model';
import type { ModelManifest } from '../../../src/adapters/tensorflow/modelFile';
import { fit, newDetector } from '../../../src/adapters/tensorflow/training';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { InputLayout } from '../../../src/core/diagnosis/inputs';
import { levelRanges, type Levels } from '../../../src/core/diagnosis/domain';
import type { RandomSource } from '../../../src/core/learning/clusters';
import { quietStretches, sickStretches } from '../../../src/core/learning/runStretches';
import { Random } from '../../../src/demo/random';
import type { RunSet } from './dataset';

/** Numbers of a fit; the defaults were chosen by `npm run validate`. */
export interface FitSettings {
  hidden: readonly number[];
  epochs: number;
  l2: number;
  noise: number;
  drop: number;
  copies: number;
  /** Windows drawn of each run. */
  windows: number;
  seed: number;
}

export const FIT: FitSettings = {
  hidden: [48],
  epochs: 25,
  l2: 3e-4,
  noise: 0.15,
  drop: 0.05,
  copies: 1,
  windows: 8,
  seed: 5,
};

/** Fits a fresh detector on recorded runs. */
export async function fitOnRuns(sets: readonly RunSet[], settings: Partial<FitSettings> = {}): Promise<DetectorModel> {
  const { windows, seed } = { ...FIT, ...settings };
  const numbers = new Random(seed);
  const random: RandomSource = () => numbers.next();
  const runs = sets.flatMap((set) => set.runs);
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].sort();
  const types = [...new Set(runs.flatMap((run) => run.types))].sort();
  const cache = new DeviationCache();
  const levels: Levels[] = [];
  const raw: RawExample[] = sets.flatMap((set) => {
    const sick = set.runs.flatMap((run) => sickStretches(run, windows));
    const quiet = set.runs.flatMap((run) => quietStretches(run, windows));
    const examples = rawExamples(sick, quiet, metrics, cache, random);
    // Quiet nodes are what is met most: they stand for as many examples as the sick ones, twice.
    for (
      let rounds = 0;
      quiet.length > 0 && rounds < Math.max(1, Math.round((2 * sick.length) / quiet.length));
      rounds++
    )
      examples.push(...rawExamples(quiet, quiet, metrics, cache, random));
    levels.push(
      levelRanges(
        metrics,
        examples.map(({ node }) => node),
      ),
    );
    return examples;
  });
  const model = await fitExamples(raw, metrics, types, { ...FIT, ...settings });
  return new DetectorModel(unsaved(types, model.layout, levels), model.network);
}

/** A manifest of a model that has no file. */
export function unsaved(types: readonly string[], layout: InputLayout, levels: readonly Levels[]): ModelManifest {
  return {
    format: 'distdiag-detector/2',
    name: 'fitted',
    version: '0',
    layout,
    types,
    thresholds: types.map(() => 0.5),
    levels,
    sha256: { model: '', weights: '' },
  };
}

/** Fits a network on raw examples, with the scaler of these. */
export async function fitExamples(
  raw: readonly RawExample[],
  metrics: readonly string[],
  types: readonly string[],
  { hidden, epochs, l2, noise, drop, copies, seed }: FitSettings,
): Promise<{ network: LayersModel; layout: InputLayout }> {
  const numbers = new Random(seed + 100);
  const layout = layoutOf(metrics, raw);
  const network = newDetector(layout.mean.length, types.length, { seed, hidden, l2 });
  const examples = toExamples(raw, types, layout, { copies, noise, drop }, () => numbers.next());
  await fit(network, { examples, epochs, seed });
  return { network, layout };
}
