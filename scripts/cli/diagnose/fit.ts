import type { LayersModel } from '@tensorflow/tfjs-layers';
import { mergeNetworks } from '../../../src/adapters/tensorflow/ensemble';
import { layoutOf, toExamples, type RawExample } from '../../../src/adapters/tensorflow/examples';
import { DetectorModel } from '../../../src/adapters/tensorflow/model';
import type { ModelManifest } from '../../../src/adapters/tensorflow/modelFile';
import { fit, newDetector } from '../../../src/adapters/tensorflow/training';
import { levelRanges, type Levels } from '../../../src/core/diagnosis/domain';
import { UNKNOWN_TYPE } from '../../../src/core/diagnosis/diagnosedTypes';
import type { InputLayout, InputPlan } from '../../../src/core/diagnosis/inputs';
import { Random } from '../../../src/core/base/random';
import { examplesOf } from '../training/looks';
import { looksOf } from '../training/sources';
import type { RunSet } from './dataset';

/** Numbers of a fit; the defaults were chosen by `npm run validate`. */
export interface FitSettings {
  hidden: readonly number[];
  epochs: number;
  l2: number;
  noise: number;
  copies: number;
  /** Networks whose log odds are averaged. */
  networks: number;
  /** Levels of CPU, disk and network as inputs where only container metrics are at hand: for a model of these servers. */
  levels: boolean;
  seed: number;
}

/** For a model that is shipped: nothing that holds for one kind of server only. */
export const FIT: FitSettings = {
  hidden: [48],
  epochs: 25,
  l2: 3e-4,
  noise: 0.1,
  copies: 0,
  networks: 4,
  levels: false,
  seed: 5,
};

/** For recorded runs of the user's own kind of server. */
const RUNS_FIT: FitSettings = { ...FIT, epochs: 20, copies: 1, networks: 3, levels: true };

/** Fits a fresh detector on recorded runs. A quiet cluster is named from a probability on that none of theirs reaches by chance. */
export async function fitOnRuns(sets: readonly RunSet[], given: Partial<FitSettings> = {}): Promise<DetectorModel> {
  const settings = { ...RUNS_FIT, ...given };
  const numbers = new Random(settings.seed);
  const runs = sets.flatMap((set) => set.runs);
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].sort();
  // Where the database itself says what it does, relative changes suffice and hold on other sizes of server too.
  const leveled = settings.levels && !metrics.some((id) => id.startsWith('db.'));
  const plan: InputPlan = leveled
    ? { metrics, levels: metrics.filter((id) => /^(cpu|disk|network)\./.test(id)) }
    : { metrics };
  const types = [...new Set(runs.flatMap((run) => run.types))].sort();
  const examples = sets.map((set) => examplesOf(looksOf(set.runs, numbers), plan));
  const levels = examples.map((raw) =>
    levelRanges(
      metrics,
      raw.map(({ node }) => node),
    ),
  );
  const { network, layout } = await fitExamples(examples.flat(), plan, [...types, UNKNOWN_TYPE], settings);
  return new DetectorModel(unsaved([...types, UNKNOWN_TYPE], layout, levels, FITTED_THRESHOLD), network);
}

/** A fit on few runs is surer than it should be: on runs that it did not see, quiet clusters stay below this. */
const FITTED_THRESHOLD = 0.8;

/** A manifest of a model that has no file. */
export function unsaved(
  types: readonly string[],
  layout: InputLayout,
  levels: readonly Levels[],
  threshold = 0.5,
): ModelManifest {
  return {
    format: 'distdiag-detector/3',
    name: 'fitted',
    version: '0',
    layout,
    types,
    thresholds: types.map(() => threshold),
    levels,
    sha256: { model: '', weights: '' },
  };
}

/** Fits a network on raw examples, with the scaler of these; several are merged into one. */
export async function fitExamples(
  raw: readonly RawExample[],
  plan: InputPlan,
  types: readonly string[],
  { hidden, epochs, l2, noise, copies, networks, seed }: FitSettings,
): Promise<{ network: LayersModel; layout: InputLayout }> {
  const layout = layoutOf(plan, raw);
  const fitted: LayersModel[] = [];
  for (let i = 0; i < networks; i++) {
    const numbers = new Random(seed + 100 + i);
    const network = newDetector(layout.mean.length, types.length, { seed: seed + 10 * i, hidden, l2 });
    const examples = toExamples(raw, types, layout, { copies, noise, drop: copies > 0 ? 0.05 : 0 }, () =>
      numbers.next(),
    );
    // Large batches: what a step costs is mostly its overhead.
    await fit(network, { examples, epochs, seed, batchSize: examples.length > 20_000 ? 256 : 64 });
    fitted.push(network);
  }
  const network = fitted.length > 1 ? mergeNetworks(fitted) : (fitted[0] as LayersModel);
  return { network, layout };
}
