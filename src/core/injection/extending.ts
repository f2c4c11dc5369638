import { msg } from '../base/text';
import { AppError, isAbort, toAppError } from '../base/errors';
import type { ChaosObject, Experiment, ExperimentRef } from '../experiments/experiment';
import { cannotExtend, extensionOf, mayOverlap } from './prolongation';
import type { ExperimentStore } from '../experiments/store';
import type { InjectionService } from './injection';
import { pauseExperiment } from './pausing';
import { checkObjects, type InjectionPolicy } from './policy';
import { deleteReliably, isUnsure, type ReliableRequestParts } from './reliableRequests';
import type { WaitOptions } from '../experiments/waiting';

/** What an extension needs. */
export type ExtensionParts = ReliableRequestParts & { store: ExperimentStore; injection: InjectionService };

/** The requested extension. */
export interface ExtensionRequest {
  experiment: Experiment;
  /** Added to the remaining time, milliseconds. */
  moreMs: number;
  policy: InjectionPolicy;
  createdBy: string;
}

/**
 * Lets an experiment act longer, by a clone. The order is the one in which nothing is injected twice: the old one is
 * paused and its targets are recovered, the clone is injected, then the old one is deleted; the fault is away for the
 * seconds between. Where two do no more than one, the clone comes first and there is no gap. Whatever fails, one of the
 * two is left: a clone that cannot be injected is removed, and the old one goes on. Resolves with the clone.
 */
export async function extendExperiment(
  parts: ExtensionParts,
  request: ExtensionRequest,
  options: WaitOptions = {},
): Promise<Experiment> {
  const { injection, clock, gateway } = parts;
  const { recalled } = injection;
  const { experiment, moreMs, policy, createdBy } = request;
  const { ref } = experiment;
  const make = (): ChaosObject => extensionOf(experiment, moreMs, clock.now(), createdBy);
  const first = make();
  injection.mustBeOpen();
  const [problem] = checkObjects(policy, [first]);
  if (problem) throw new AppError('invalid', problem.message, { hint: 'Nothing was changed in the cluster.' });
  // Makes sure that the server would accept the clone before touching the original.
  await gateway.dryRun(first, options.signal);
  const overlap = mayOverlap(experiment);
  if (!overlap) await makeRoom(parts, request, options);
  const refusal = cannotExtend(experiment, clock.now());
  if (refusal) throw refusal; // the original's duration elapsed while it was paused
  if (recalled.aborted) {
    const stopped = toAppError(recalled.reason);
    // Everything of ours was stopped meanwhile, the old one too; another's was only paused for this, and goes on.
    if (!overlap && !experiment.ours && !(await goOn(parts, request))) throw staysPaused(ref, stopped);
    throw stopped;
  }
  const clone = await inject(parts, overlap ? first : make(), request, overlap, options);
  try {
    await injection.stop(ref);
  } catch (thrown) {
    const { code, text } = toAppError(thrown);
    throw new AppError(code, text, { hint: msg`${clone.ref.name} runs in its place.` });
  }
  return clone;
}

/** Injects the clone; if that fails, removes it and resumes the original. */
async function inject(
  parts: ExtensionParts,
  manifest: ChaosObject,
  request: ExtensionRequest,
  overlap: boolean,
  options: WaitOptions,
): Promise<Experiment> {
  const { injection } = parts;
  const { ref } = request.experiment;
  let created: Experiment | undefined;
  const onCreated = (experiment: Experiment): void => {
    created = experiment;
    options.onCreated?.(experiment);
  };
  try {
    return await injection.injectManifest(manifest, request.policy, { ...options, onCreated });
  } catch (thrown) {
    const error = toAppError(thrown);
    if (created && isAbort(error)) {
      await deleteReliably(parts, ref); // the wait was left, the clone acts: the old one would only be in its way
      throw error;
    }
    const { kind, metadata } = manifest;
    // It may be there though nobody has seen it: it is looked for by its name.
    const lost = isUnsure(error) ? { kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' } : undefined;
    const clone = created?.ref ?? lost;
    const away = clone === undefined || (await isAway(parts, clone));
    // Never twice: while the clone may be active, the original is not.
    if (!away && !overlap)
      throw new AppError(error.code, error.text, {
        hint: msg`${ref.name} stays paused because ${clone.name} may be running in its place. Stop that one, then resume this one.`,
      });
    if (!overlap && !(await goOn(parts, request))) throw staysPaused(ref, error);
    if (isAbort(error)) throw error;
    throw new AppError(error.code, error.text, { hint: msg`${ref.name} keeps running until its own end.` });
  }
}

/** Stops a clone; false if it may still be active. */
async function isAway({ injection, log }: ExtensionParts, clone: ExperimentRef): Promise<boolean> {
  try {
    await injection.stop(clone);
    return true;
  } catch (thrown) {
    log.warn(toAppError(thrown).message);
    return false;
  }
}

/** Pauses the original; if the pause does not complete, resumes it. */
async function makeRoom(parts: ExtensionParts, request: ExtensionRequest, options: WaitOptions): Promise<void> {
  const { ref } = request.experiment;
  try {
    const { signal, onProgress } = options;
    const end = await pauseExperiment(parts, ref, {
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    });
    if (end === 'gone')
      throw new AppError(
        'notFound',
        msg`${ref.name} was stopped by someone else in the meantime. There is nothing to extend.`,
      );
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'notFound' || (await goOn(parts, request))) throw error;
    throw staysPaused(ref, error);
  }
}

/** Reported even if the user stopped waiting: the experiment to extend is no longer active. */
const staysPaused = ({ name }: ExperimentRef, { code, message }: AppError): AppError =>
  new AppError(code === 'cancelled' ? 'conflict' : code, message, {
    hint: msg`${name} stays paused. Resume or stop it.`,
  });

/** Resumes the original; false if it stays paused, for example because another cluster was chosen meanwhile. */
async function goOn({ injection, log }: ExtensionParts, { experiment, policy }: ExtensionRequest): Promise<boolean> {
  try {
    await injection.resume(experiment, policy);
    return true;
  } catch (thrown) {
    log.warn(`${experiment.ref.name} stays paused: ${toAppError(thrown).message}`);
    return false;
  }
}
