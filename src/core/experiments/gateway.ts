import type { Disposable } from '../base/disposable';
import type { AppError } from '../base/errors';
import type { ChaosObject, Experiment, ExperimentEvent, ExperimentRef } from './experiment';

/** How good the list of experiments is at the moment. */
export type WatchHealth =
  | { state: 'connecting' }
  | { state: 'live' }
  /** What is shown was true at `since`; the watch tries again by itself. */
  | { state: 'stale'; since: number; error: AppError }
  /** Nothing can be shown: no kubeconfig, forbidden, Chaos Mesh not installed, unreachable. */
  | { state: 'failed'; error: AppError };

/** All experiments at one moment. Immutable; a new object on every change. */
export interface ExperimentSnapshot {
  experiments: readonly Experiment[];
  health: WatchHealth;
  /** Chaos kinds that the cluster lacks or that we may not list, with the reason. */
  missingKinds: readonly { kind: string; error: AppError }[];
  /** The namespaces that are looked into where not all may be listed: what acts elsewhere is unseen. Without it, all are. */
  onlyIn?: readonly string[];
  /** Those that a watch has seen go since the snapshot before, in their last state. */
  removed?: readonly Experiment[];
}

/** Chaos Mesh experiments in one cluster. Throws AppError only. */
export interface ExperimentGateway {
  list(signal?: AbortSignal): Promise<ExperimentSnapshot>;
  /** List, then watch every injectable kind; calls back with a full snapshot on each (coalesced) change, until disposed. Never throws: failures are in `health`. */
  watch(listener: (snapshot: ExperimentSnapshot) => void): Disposable;
  /** The live object, or undefined when it is gone. */
  get(ref: ExperimentRef, signal?: AbortSignal): Promise<ChaosObject | undefined>;
  /** The server's full validation (schema and webhooks) with nothing created; returns the object as it would be. */
  dryRun(manifest: ChaosObject, signal?: AbortSignal): Promise<ChaosObject>;
  create(manifest: ChaosObject, signal?: AbortSignal): Promise<Experiment>;
  /** Sets or clears Chaos Mesh's pause annotation by a merge patch. */
  setPaused(ref: ExperimentRef, paused: boolean, signal?: AbortSignal): Promise<void>;
  /** Puts our label on what one of ours has started, so that it is found as ours for itself. */
  mark(ref: ExperimentRef, signal?: AbortSignal): Promise<void>;
  /** Asks for the deletion; Chaos Mesh recovers the targets first. Gone already is success. */
  delete(ref: ExperimentRef, signal?: AbortSignal): Promise<void>;
  /** Sets the annotation that makes Chaos Mesh drop its finalizer. May leave the fault in the pod. */
  forceClean(ref: ExperimentRef, signal?: AbortSignal): Promise<void>;
  /** Empties `metadata.finalizers`, for where no Chaos Mesh is left to do it. Leaves the fault in the pod. */
  removeFinalizers(ref: ExperimentRef, signal?: AbortSignal): Promise<void>;
  /** Core events of the object, oldest first. */
  events(ref: ExperimentRef, signal?: AbortSignal): Promise<ExperimentEvent[]>;
}
