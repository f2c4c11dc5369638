import type { Text } from '../../core/base/text';
import { blend } from '../../core/diagnosis/blend';
import { distanceDetector } from '../../core/diagnosis/distance/distanceDetector';
import { rank, type Detector } from '../../core/diagnosis/ranking';
import { RankHistory } from '../../core/diagnosis/rankSeries';
import { stretchesAt } from '../../core/diagnosis/stretches';
import type { ScorerInfo } from '../../core/diagnosis/types';
import { toAppError } from '../../core/base/errors';
import { frameUntil } from '../../core/metrics/frameSlice';
import type { MetricFrame } from '../../core/metrics/series';
import type { AnomalyScorer } from '../../core/diagnosis/scorer';
import { toSample } from '../../core/evaluation/sample';
import type { PastScorer } from '../../core/evaluation/pastDiagnosis';
import { chooseBackend } from './backend';
import { DetectorModel } from './model';
import { readModelFiles } from './modelFile';

/** Where a scorer finds its model and the backend's binaries. */
export interface ScorerOptions {
  modelDirectory: string;
  /** Where the .wasm files lie: beside the bundle. */
  wasmDirectory: string;
  /** Answer by the distance even where a model is there. */
  forceDistance?: boolean;
}

/** A scorer in this thread: the shipped model, else the distance with the reason why. Never rejects for a bad model. */
export async function createScorer(options: ScorerOptions): Promise<AnomalyScorer & PastScorer> {
  const { detect, info, dispose } = await chooseDetector(options);
  const history = new RankHistory();
  return {
    analyse: (frame, ranked) =>
      Promise.resolve({
        ranks: history.series(frame, ranked, detect),
        diagnosis: rank(stretchesAt(newestOf(frame, ranked.windowMs)), detect, info),
      }),
    diagnose: (frame) => Promise.resolve(rank(stretchesAt(frame), detect, info)),
    review: (frame, { at, windowMs }) =>
      Promise.resolve(
        at.flatMap((moment) => {
          const then = frameUntil(frame, moment, windowMs);
          return then ? [toSample(rank(stretchesAt(then), detect, info))] : [];
        }),
      ),
    info: () => Promise.resolve(info),
    dispose,
  };
}

/** The newest window with what it looks back on; of an empty frame, itself. */
const newestOf = (frame: MetricFrame, windowMs: number): MetricFrame =>
  frameUntil(frame, frame.timestamps.at(-1) ?? NaN, windowMs) ?? frame;

async function chooseDetector(
  options: ScorerOptions,
): Promise<{ detect: Detector; info: ScorerInfo; dispose: () => void }> {
  const fallback = (reason: Text): { detect: Detector; info: ScorerInfo; dispose: () => void } => ({
    detect: distanceDetector(),
    info: { answeredBy: 'distance', model: undefined, reason },
    dispose: () => undefined,
  });
  if (options.forceDistance) return fallback('No model was requested.');
  try {
    const files = await readModelFiles(options.modelDirectory);
    const backend = await chooseBackend(options.wasmDirectory);
    const model = await DetectorModel.load(files);
    const { name, version } = files.manifest;
    return {
      detect: blend(model.detect, distanceDetector()),
      info: { answeredBy: backend.name, model: `${name} ${version}`, reason: backend.reason },
      dispose: () => model.dispose(),
    };
  } catch (error) {
    return fallback(toAppError(error, 'modelInvalid').text);
  }
}
