import { Worker } from 'node:worker_threads';
import type { Diagnosis, RankSeries, ScorerInfo } from '../../core/diagnosis/types';
import { AppError } from '../../core/errors';
import type { AnomalyScorer, Log } from '../../core/ports';
import type { ScorerAnswer, ScorerCall, ScorerWorkerData } from './messages';

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
}

/** A scorer in a thread of its own, started at the first question and started anew when it dies. Knows no TensorFlow. */
export function createWorkerScorer(options: WorkerScorerOptions): AnomalyScorer {
  const pending = new Map<number, Pending>();
  let worker: Worker | undefined;
  let disposed = false;
  let next = 0;

  const failAll = (message: string): void => {
    const waiting = [...pending.values()];
    pending.clear();
    for (const { reject } of waiting)
      reject(new AppError('internal', message, { hint: 'It is started anew with the next refresh.' }));
  };
  const start = (): Worker => {
    const data: ScorerWorkerData = { modelDirectory: options.modelDirectory };
    const started = new Worker(options.workerPath, { workerData: data, name: 'distdiag-scorer' });
    started.on('message', (reply: ScorerAnswer) => {
      const waiting = pending.get(reply.id);
      pending.delete(reply.id);
      if (!waiting) return;
      if ('error' in reply) waiting.reject(new AppError('internal', `The diagnosis failed: ${reply.error}`));
      else waiting.resolve(reply.result);
    });
    const gone = (why: string): void => {
      if (worker !== started) return;
      worker = undefined;
      if (!disposed) options.log.warn(`scoring thread ended: ${why}`);
      failAll('The diagnosis thread ended.');
    };
    started.on('error', (error) => gone(error.message));
    started.on('exit', (code) => gone(`exit code ${code}`));
    started.unref();
    return started;
  };

  const ask = <T>(call: Body<ScorerCall>, signal?: AbortSignal): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (disposed) return reject(new AppError('cancelled', 'Closed.'));
      if (signal?.aborted) return reject(new AppError('cancelled', 'Cancelled.'));
      next += 1;
      const id = next;
      const abort = (): void => {
        if (pending.delete(id)) reject(new AppError('cancelled', 'Cancelled.'));
      };
      const done = (): void => signal?.removeEventListener('abort', abort);
      signal?.addEventListener('abort', abort, { once: true });
      pending.set(id, {
        resolve: (value) => {
          done();
          resolve(value as T);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      worker ??= start();
      worker.postMessage({ ...call, id });
    });

  return {
    diagnose: (request, signal) => ask<Diagnosis>({ method: 'diagnose', request }, signal),
    ranks: (frame, signal) => ask<RankSeries>({ method: 'ranks', frame }, signal),
    info: () => ask<ScorerInfo>({ method: 'info' }),
    dispose: () => {
      disposed = true;
      failAll('The diagnosis thread was closed.');
      void worker?.terminate();
    },
  };
}
