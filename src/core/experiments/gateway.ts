import type { Disposable } from '../base/disposable';
import type { AppError } from '../base/errors';
import type { ChaosObject, Experiment, ExperimentEvent, ExperimentRef } from './experiment';

/** How up to date the list of experiments is. */
export type WatchHealth =
  | { state: 'connecting' }
  | { state: 'live' }
  /** The list was up to date at `since`; the watch retries by itself. */
  | { state: 'stale'; since: number; error: AppError }
  /** There is no list: no kubeconfig, forbidden, Chaos Mesh not installed, unreachable. */
  | { state: 'failed'; error: AppError };

/** All experiments at one moment. Immutable; a new object on every change. */
export interface ExperimentSnapshot {
  experiments: readonly Experiment[];
  health: WatchHealth;
  /** Chaos kinds that the cluster lacks or that we may not list, with the reason. */
  missingKinds: readonly { kind: string; error: AppError }[];
  /** The listed namespaces, if not all may be listed: experiments elsewhere are not seen. Undefined = all. */
  onlyIn?: readonly string[];
  /** Experiments that the watch has seen disappear since the previous snapshot, in their last state. */
  removed?: readonly Experiment[];
}

/** True if a snapshot does not cover experiments of this kind and namespace. */
export function isUnseen({ missingKinds, onlyIn }: ExperimentSnapshot, { kind, namespace }: ExperimentRef): boolean {
  // A kind that the cluster lacks has no objects.
  const isBlind = missingKinds.some((one) => one.kind === kind && one.error.code !== 'notInstalled');
  return isBlind || onlyIn?.includes(namespace) === false;
}

/** Chaos Mesh experiments in one cluster. Throws AppError only. */
export interface ExperimentGateway {
  list(signal?: AbortSignal): Promise<ExperimentSnapshot>;
  /**
   * List, then watch every injectable kind; calls back with a full snapshot on each (coalesced) change, until disposed.
   * Experiments of `known` stay in the snapshots until their kind is listed. Never throws: failures are in `health`.
   */
  watch(listener: (snapshot: ExperimentSnapshot) => void, known?: readonly Experiment[]): Disposable;
  /** The live object, or undefined when it is gone. */
  get(ref: ExperimentRef, signal?: AbortSignal): Promise<ChaosObject | undefined>;
  /** Runs the server's full validation (schema and webhooks) without creating anything; returns the resulting object. */
  dryRun(manifest: ChaosObject, signal?: AbortSignal): Promise<ChaosObject>;
  create(manifest: ChaosObject, signal?: AbortSignal): Promise<Experiment>;
  /** Sets or clears Chaos Mesh's pause annotation by a merge patch. */
  setPaused(ref: ExperimentRef, paused: boolean, signal?: AbortSignal): Promise<void>;
  /** Adds our label to what one of our objects has started, so that it is recognised on its own. */
  mark(ref: ExperimentRef, signal?: AbortSignal): Promise<void>;
  /** Requests the deletion; Chaos Mesh recovers the targets first. Succeeds if the object is already gone. */
  delete(ref: ExperimentRef, signal?: AbortSignal): Promise<void>;
  /** Sets the annotation that makes Chaos Mesh drop its finalizer. May leave the fault in the pod. */
  forceClean(ref: ExperimentRef, signal?: AbortSignal): Promise<void>;
  /** Empties `metadata.finalizers` if no Chaos Mesh is left to do it. Leaves the fault in the pod. */
  removeFinalizers(ref: ExperimentRef, signal?: AbortSignal): Promise<void>;
  /** Core events of the object, oldest first. */
  events(ref: ExperimentRef, signal?: AbortSignal): Promise<ExperimentEvent[]>;
}
