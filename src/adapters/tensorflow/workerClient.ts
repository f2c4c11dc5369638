import { Worker } from 'node:worker_threads';
import { received, type Text } from '../../core/base/text';
import { onAbort } from '../../core/time/onAbort';
import type { Diagnosis, ScorerInfo } from '../../core/diagnosis/types';
import { AppError, type ErrorCode } from '../../core/base/errors';
import type { TrainingReport } from '../../core/learning/trainingReport';
import type { Log } from '../../core/base/log';
import type { Analysis, AnomalyScorer } from '../../core/diagnosis/scorer';
import type { ModelTrainer } from '../../core/learning/trainer';
import type { DiagnosisSample } from '../../core/evaluation/sample';
import type { PastScorer } from '../../core/evaluation/pastDiagnosis';
import type { ScorerAnswer, ScorerCall, ScorerWorkerData } from './messages';
import { packFrame, transferables } from './packedFrame';

/** Where the worker's bundle and the model lie. */
export interface WorkerScorerOptions {
  /** `dist/scorer.js`. */
  workerPath: string;
  modelDirectory: string;
  log: Log;
}

type Body<T> = T extends { id: number } ? Omit<T, 'id'> : never;
interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: AppError) => void;
  onProgress: ((message: Text) => void) | undefined;
}

interface AskOptions {
  signal?: AbortSignal | undefined;
  onProgress?: (message: Text) => void;
  transfer?: ArrayBuffer[];
}

/** A scorer in its own thread, started on first use and restarted if it dies. Does not import TensorFlow. */
export function createWorkerScorer(options: WorkerScorerOptions): AnomalyScorer & PastScorer & ModelTrainer {
  const pending = new Map<number, Pending>();
  let worker: Worker | undefined;
  let disposed = false;
  let next = 0;

  const failAll = (message: Text): void => {
    const waiting = [...pending.values()];
    pending.clear();
    for (const { reject } of waiting)
      reject(new AppError('internal', message, { hint: 'It restarts with the next refresh.' }));
  };
  const receive = (reply: ScorerAnswer): void => {
    const waiting = pending.get(reply.id);
    if (!waiting) return;
    if ('progress' in reply) return waiting.onProgress?.(received(reply.progress));
    pending.delete(reply.id);
    if ('error' in reply) waiting.reject(new AppError(reply.code as ErrorCode, received(reply.error)));
    else waiting.resolve(reply.result);
  };
  const start = (): Worker => {
    const data: ScorerWorkerData = { modelDirectory: options.modelDirectory };
    const piped = { stdout: true, stderr: true };
    const started = new Worker(options.workerPath, { workerData: data, name: 'distdiag-scorer', ...piped });
    // TensorFlow's own output must not appear in this process's output.
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (text: Buffer) => options.log.trace(`scorer: ${String(text).trimEnd()}`));
    started.on('message', receive);
    const gone = (why: string): void => {
      if (worker !== started) return;
      worker = undefined;
      if (!disposed) options.log.warn(`scoring thread ended: ${why}`);
      failAll('The diagnosis thread ended.');
    };
    started.on('error', (error: Error) => gone(error.message));
    started.on('exit', (code) => gone(`exit code ${code}`));
    started.unref();
    return started;
  };

  const ask = <T>(call: Body<ScorerCall>, { signal, onProgress, transfer = [] }: AskOptions = {}): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (disposed) return reject(new AppError('cancelled', 'Closed.'));
      if (signal?.aborted) return reject(new AppError('cancelled', 'Cancelled.'));
      next += 1;
      const id = next;
      const abort = (): void => {
        if (!pending.delete(id)) return;
        worker?.postMessage({ id: 0, method: 'cancel', call: id } satisfies ScorerCall);
        reject(new AppError('cancelled', 'Cancelled.'));
      };
      const listening = signal && onAbort(signal, abort);
      const done = (): void => listening?.dispose();
      pending.set(id, {
        resolve: (value) => {
          done();
          resolve(value as T);
        },
        reject: (error) => {
          done();
          reject(error);
        },
        onProgress,
      });
      worker ??= start();
      worker.postMessage({ ...call, id }, transfer);
    });

  return {
    analyse: async (frame, ranked, signal) => {
      const call = { method: 'analyse' as const, frame: packFrame(frame), ranked };
      const analysis = await ask<Analysis>(call, { signal, transfer: transferables(call.frame) });
      return { ...analysis, diagnosis: withInfo(analysis.diagnosis) };
    },
    diagnose: async (frame, signal) => {
      const call = { method: 'diagnose' as const, frame: packFrame(frame) };
      return withInfo(await ask<Diagnosis>(call, { signal, transfer: transferables(call.frame) }));
    },
    review: (frame, moments, signal) => {
      const call = { method: 'review' as const, frame: packFrame(frame), moments };
      return ask<DiagnosisSample[]>(call, { signal, transfer: transferables(call.frame) });
    },
    info: async () => infoOf(await ask<ScorerInfo>({ method: 'info' })),
    train: (recordings, out, onProgress, signal) =>
      ask<TrainingReport>({ method: 'train', recordings, out }, { signal, onProgress }),
    dispose: () => {
      disposed = true;
      failAll('The diagnosis thread was closed.');
      void worker?.terminate();
    },
  };
}

const infoOf = ({ reason, ...info }: ScorerInfo): ScorerInfo => ({ ...info, reason: reason && received(reason) });
const withInfo = (diagnosis: Diagnosis): Diagnosis => ({ ...diagnosis, info: infoOf(diagnosis.info) });
