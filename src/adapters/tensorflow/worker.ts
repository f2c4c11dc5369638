import { parentPort, workerData } from 'node:worker_threads';
import { toAppError } from '../../core/base/errors';
import type { ScorerAnswer, ScorerCall, ScorerWorkerData } from './messages';
import { fineTune } from './fineTune';
import { createScorer } from './localScorer';
import { unpackFrame } from './packedFrame';

/** The scoring thread: loads the model once, then answers calls in order. */
const { modelDirectory } = workerData as ScorerWorkerData;
const scorer = createScorer({ modelDirectory, wasmDirectory: __dirname });
const running = new Map<number, AbortController>();

async function answer(call: Exclude<ScorerCall, { method: 'cancel' }>, signal: AbortSignal): Promise<unknown> {
  const scoring = await scorer; // the backend is chosen once, for training too
  switch (call.method) {
    case 'analyse':
      return scoring.analyse(unpackFrame(call.frame), call.ranked, signal);
    case 'diagnose':
      return scoring.diagnose(unpackFrame(call.frame), signal);
    case 'review':
      return scoring.review(unpackFrame(call.frame), call.moments, signal);
    case 'info':
      return scoring.info();
    case 'train':
      return fineTune({
        modelDirectory,
        recordings: call.recordings,
        out: call.out,
        onProgress: (progress) => send({ id: call.id, progress }),
        signal,
      });
  }
}

const send = (reply: ScorerAnswer): void => parentPort?.postMessage(reply);

parentPort?.on('message', (call: ScorerCall) => {
  if (call.method === 'cancel') return running.get(call.call)?.abort();
  const controller = new AbortController();
  running.set(call.id, controller);
  answer(call, controller.signal)
    .then(
      (result): ScorerAnswer => ({ id: call.id, result }),
      (thrown: unknown): ScorerAnswer => {
        const { message, code } = toAppError(thrown);
        return { id: call.id, error: message, code };
      },
    )
    .then(send)
    .catch((error: unknown) => {
      throw error; // an answer that cannot be sent ends the thread; the host starts a new one
    })
    .finally(() => running.delete(call.id));
});
