import type { Recording } from './recording';
import type { TrainingReport } from './trainingReport';

/** Fits the detector further on the user's own experiments. */
export interface ModelTrainer {
  /**
   * Keeps some experiments from the fit and measures on them before and after; writes the new model into the folder
   * `out` only where it is better. Throws AppError: `invalid` when there are too few recordings.
   */
  train(
    recordings: readonly Recording[],
    out: string,
    onProgress: (message: string) => void,
    signal?: AbortSignal,
  ): Promise<TrainingReport>;
}
