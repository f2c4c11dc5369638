import type { AccessNeed } from './access';
import type { ChaosObject, Experiment, ExperimentEvent, ExperimentRef } from './experiment';
import type { RankedMoments } from './diagnosis/rankSeries';
import type { Diagnosis, RankSeries, ScorerInfo } from './diagnosis/types';
import type { AppError } from './errors';
import type { Recording } from './learning/recording';
import type { TrainingReport } from './learning/trainingReport';
import type { FrameRequest, MetricFrame, MetricSourceInfo } from './metrics/series';
import type { NodeLabels, SelectablePod } from './selection/pod';
import type { Target, TargetQuery } from './target';

/** Something to let go of; the shape of `vscode.Disposable`, without vscode. */
export interface Disposable {
  dispose(): void;
}

/** The time. Tests and the accelerated demo cluster have clocks of their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `ms` milliseconds of this clock's time. */
  after(ms: number, callback: () => void): Disposable;
}

/** Where messages for the user's log go. Arguments must hold no secret. */
export interface Log {
  trace(message: string, ...data: unknown[]): void;
  debug(message: string, ...data: unknown[]): void;
  info(message: string, ...data: unknown[]): void;
  warn(message: string, ...data: unknown[]): void;
  error(message: string, ...data: unknown[]): void;
}

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

/** What the user may do in one cluster. Throws AppError only. */
export interface AccessGateway {
  /** For each need whether it is allowed; undefined where the server could not say. */
  review(needs: readonly AccessNeed[], signal?: AbortSignal): Promise<(boolean | undefined)[]>;
  /** The name that the server knows the user by; undefined where it does not tell. */
  user(signal?: AbortSignal): Promise<string | undefined>;
}

/** The pods of the database. Throws AppError only. */
export interface TargetGateway {
  list(query: TargetQuery, signal?: AbortSignal): Promise<Target[]>;
  /** Where it remembers: those that it has listed, that are gone, and that were there at a moment (epoch milliseconds) or after it. */
  gone?(query: TargetQuery, sinceMs: number): Target[];
}

/** Any pods, as Chaos Mesh's selectors see them. Throws AppError only. */
export interface PodGateway {
  /** All pods of a namespace; [] where there is no such namespace. */
  list(namespace: string, signal?: AbortSignal): Promise<SelectablePod[]>;
  nodeLabels(signal?: AbortSignal): Promise<NodeLabels>;
}

/** Metrics of the database's nodes. Throws AppError only when nothing at all could be had. */
export interface MetricSource {
  /** Which server, which profile, and which metrics it has. */
  describe(targets: readonly Target[], signal?: AbortSignal): Promise<MetricSourceInfo>;
  /** A frame of all metrics for the nodes asked for; what failed is a gap and is named in `frame.problems`. */
  fetch(request: FrameRequest, signal?: AbortSignal): Promise<MetricFrame>;
}

/** What a look at a frame gives. */
export interface Analysis {
  /** The rank (0 to 1) of every node and of the cluster at each of the moments. */
  ranks: RankSeries;
  /** Of the newest window of the frame. */
  diagnosis: Diagnosis;
}

/** The diagnosis: a model, or the distance from the baseline where there is none. */
export interface AnomalyScorer extends Disposable {
  /** Ranks moments of a frame, as many as one call has time for (`ranks.pending`), and diagnoses its newest window. */
  analyse(frame: MetricFrame, ranked: RankedMoments, signal?: AbortSignal): Promise<Analysis>;
  /** Who answers: which backend and model, or the fall-back and why. */
  info(): Promise<ScorerInfo>;
}

/** Recorded experiments on disk, bounded in size. Throws AppError only. */
export interface RecordingStore {
  has(id: string): Promise<boolean>;
  /** Replaces a recording of the same id; lets the oldest go beyond the bound. */
  save(recording: Recording): Promise<void>;
  /** All that can be read, oldest first; damaged files are passed over. */
  all(): Promise<Recording[]>;
}

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
