import { msg, type Text } from '../base/text';
import { AppError, toAppError, type ErrorCode } from '../base/errors';
import type { ChaosObject, Experiment, ExperimentRef } from '../experiments/experiment';
import { toExperiment } from '../experiments/parse';
import { CREATED_BY_ANNOTATION } from '../experiments/labels';
import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import type { ExperimentGateway } from '../experiments/gateway';
import { sleep } from '../time/waiting';

/** What reliable requests need. */
export interface ReliableRequestParts {
  gateway: ExperimentGateway;
  clock: Clock;
  log: Log;
}

const TRIES = 4;
const UNSURE: ReadonlySet<ErrorCode> = new Set(['unreachable', 'timeout', 'badAnswer', 'server']);

/** True if the server may have processed the request although the response was lost. */
export const isUnsure = (error: AppError): boolean => UNSURE.has(error.code);

const waitMs = (attempt: number): number => 1000 * 2 ** attempt;

/** Options of a creation. */
export interface CreateOptions {
  onProgress?: ((message: Text) => void) | undefined;
  /** After an abort, nothing is sent again, but the object is still looked up. */
  signal?: AbortSignal | undefined;
}

/**
 * Creates an object even if the response is lost: its name is known beforehand, so it can be looked up, and created again
 * without ever existing twice. Rejects with the server's error, or says that the outcome is unknown.
 */
export async function createReliably(
  { gateway, clock, log }: ReliableRequestParts,
  manifest: ChaosObject,
  { onProgress, signal }: CreateOptions = {},
): Promise<Experiment> {
  const { name = '', namespace = '' } = manifest.metadata;
  /** The object, undefined if there is none, or `unknown` if the lookup failed. */
  const look = async (): Promise<Experiment | undefined | 'unknown'> => {
    try {
      const found = await gateway.get({ kind: manifest.kind, namespace, name });
      return found && isSame(found, manifest) ? toExperiment(found) : undefined;
    } catch (thrown) {
      log.debug(`${name} cannot be looked for: ${toAppError(thrown).message}`);
      return 'unknown';
    }
  };
  let lost: AppError | undefined;
  let seen: Experiment | undefined | 'unknown';
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await sleep(clock, waitMs(attempt - 1));
    let error: AppError | undefined;
    try {
      if (!lost || !signal?.aborted) return await gateway.create(manifest);
    } catch (thrown) {
      error = toAppError(thrown);
      // A refusal of the first attempt is final; after a lost response, "already exists" may mean our own object.
      if (!lost && !isUnsure(error)) throw error;
      log.warn(`the answer to the creation of ${name} was lost: ${error.message}`);
      onProgress?.('The response was lost. Checking whether it was created …');
    }
    seen = await look();
    if (seen && seen !== 'unknown') return seen;
    if (error && !isUnsure(error) && !(error.code === 'conflict' && seen === 'unknown')) throw error;
    if (error && isUnsure(error)) lost = error;
  }
  if (seen === undefined) signal?.throwIfAborted(); // the lookup shows that it does not exist
  const { code, text } = lost as AppError;
  throw new AppError(code, msg`It is unknown whether ${name} was created. ${text}`, {
    hint: 'If it was, it is running and will appear in the Experiments view once the cluster responds. Stop it from there.',
  });
}

/** Repeats a deletion until the server has confirmed it; repeating it is harmless. */
export async function deleteReliably({ gateway, clock, log }: ReliableRequestParts, ref: ExperimentRef): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await gateway.delete(ref); // without a signal: what was begun is not taken back
    } catch (thrown) {
      const error = toAppError(thrown);
      if (attempt >= TRIES - 1 || !(isUnsure(error) || error.code === 'conflict')) throw error;
      log.warn(`the deletion of ${ref.name} is asked for again: ${error.message}`);
      await sleep(clock, waitMs(attempt));
    }
  }
}

/**
 * Pauses or resumes even if the response is lost: checks whether it took effect, and repeats the request if not, which is
 * harmless. Rejects with the server's error, or says that the outcome is unknown.
 */
export async function setPausedReliably(
  { gateway, clock, log }: ReliableRequestParts,
  ref: ExperimentRef,
  paused: boolean,
): Promise<void> {
  const isDone = async (): Promise<boolean> => {
    let found: ChaosObject | undefined;
    try {
      found = await gateway.get(ref);
    } catch (thrown) {
      log.debug(`${ref.name} cannot be looked at: ${toAppError(thrown).message}`);
      return false;
    }
    if (!found) throw new AppError('notFound', msg`${ref.name} no longer exists.`);
    return toExperiment(found).paused === paused;
  };
  let lost: AppError | undefined;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await sleep(clock, waitMs(attempt - 1));
    try {
      return await gateway.setPaused(ref, paused); // without a signal: what was begun is not taken back
    } catch (thrown) {
      const error = toAppError(thrown);
      if (!isUnsure(error) && error.code !== 'conflict') throw error;
      log.warn(`it is not known whether ${ref.name} was ${paused ? 'paused' : 'resumed'}: ${error.message}`);
      if (await isDone()) return;
      lost = error;
    }
  }
  const { code, text } = lost as AppError;
  const what = paused
    ? msg`It is unknown whether ${ref.name} was paused. ${text}`
    : msg`It is unknown whether ${ref.name} was resumed. ${text}`;
  throw new AppError(code, what, { hint: 'The Experiments view shows its state once the cluster responds.' });
}

function isSame(found: ChaosObject, manifest: ChaosObject): boolean {
  const by = (object: ChaosObject): string | undefined => object.metadata.annotations?.[CREATED_BY_ANNOTATION];
  return by(found) === by(manifest);
}
