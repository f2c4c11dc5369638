import { parentPort, workerData } from 'node:worker_threads';
import type { AnomalyScorer } from '../../core/ports';
import type { ScorerAnswer, ScorerCall, ScorerWorkerData } from './messages';
import { createScorer } from './localScorer';

/** The scoring thread: loads the model once, then answers calls in order. */
const { modelDirectory } = workerData as ScorerWorkerData;
const scorer = createScorer({ modelDirectory, wasmDirectory: __dirname });

async function answer(scoring: AnomalyScorer, call: ScorerCall): Promise<unknown> {
  switch (call.method) {
    case 'diagnose':
      return scoring.diagnose(call.request);
    case 'ranks':
      return scoring.ranks(call.frame);
    case 'info':
      return scoring.info();
  }
}

parentPort?.on('message', (call: ScorerCall) => {
  scorer
    .then((scoring) => answer(scoring, call))
    .then(
      (result): ScorerAnswer => ({ id: call.id, result }),
      (error: unknown): ScorerAnswer => ({
        id: call.id,
        error: error instanceof Error ? error.message : String(error),
      }),
    )
    .then((reply) => parentPort?.postMessage(reply))
    .catch((error: unknown) => {
      throw error; // an answer that cannot be sent ends the thread; the host starts a new one
    });
});
