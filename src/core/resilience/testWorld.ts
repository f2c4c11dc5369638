import type { Text } from '../base/text';
import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import type { DatabasePod } from '../cluster/databasePod';
import type { PodEvent } from '../cluster/podEvents';
import type { DiagnosisSample } from '../evaluation/sample';
import type { StopReport } from '../injection/injection';
import type { SampleSource } from '../scenario/expectation';
import type { RunState, StepProgress } from '../scenario/run';
import type { Samples, Span } from './samples';

/** The faults of a scenario under way; a `ScenarioRun` is one. */
export interface FaultRun {
  readonly ended: Promise<void>;
  readonly state: RunState;
  readonly reason: Text | undefined;
  readonly steps: readonly StepProgress[];
  /** What could not be stopped: it may still act. */
  readonly left: StopReport['failed'];
}

/** What a test sees and does. Everything rejects with AppError only. */
export interface TestWorld {
  clock: Clock;
  log: Log;
  /** One series per source, in their order, on one axis. */
  samples(sources: readonly SampleSource[], span: Span, signal: AbortSignal): Promise<Samples[]>;
  /** What the diagnosis says of each moment of a span. */
  diagnoses(span: Span, signal: AbortSignal): Promise<readonly DiagnosisSample[]>;
  /** When the last fault of anybody on the cluster has ended; Infinity while one acts, -Infinity where none is known. */
  calmSince(signal: AbortSignal): Promise<number>;
  /** Whether a fault that is not of this run acted in a span. */
  hasForeign(span: Span): boolean;
  /** The database's pods as they are now. */
  pods(signal: AbortSignal): Promise<readonly DatabasePod[]>;
  /** The events of those pods that the server keeps. */
  podEvents(signal: AbortSignal): Promise<readonly PodEvent[]>;
  /** Starts the faults. */
  start(): FaultRun;
  /** Ends everything of the scenario, with the same strength as "stop all". */
  stop(): Promise<StopReport>;
}
