import type { AnomalyParameters, FaultType } from '../faults/catalogue';

/** The `apiVersion` of a scenario file. */
export const SCENARIO_API_VERSION = 'distdiag.io/v1';
/** The `kind` of a scenario file. */
export const SCENARIO_KIND = 'Scenario';

/** Longest name of a scenario or a step, characters: it becomes an annotation and part of a Workflow's template names. */
export const LONGEST_NAME = 63;
/** Most steps of a scenario. */
export const MOST_STEPS = 50;
/** The latest start of a step, milliseconds after the scenario's start. */
export const LATEST_OFFSET_MS = 24 * 3_600_000;

/** Which pods of the database a step hits: one by name, one by its place in the list sorted by name, or all with these labels. */
export type TargetChoice = { pod: string } | { index: number } | { labels: Readonly<Record<string, string>> };

/** One fault of a scenario: an anomaly that the diagnosis names, or another of the guided command. */
export interface ScenarioStep {
  /** Unique in its scenario. */
  name: string;
  anomaly: FaultType;
  /** All that are chosen are hit. */
  targets: readonly TargetChoice[];
  /** The other group of a partition; undefined = all other pods of the database. For no other fault. */
  peers?: readonly TargetChoice[];
  /** Complete: what the file leaves out is the catalogue's default. */
  parameters: AnomalyParameters;
  /** When it is injected, milliseconds after the scenario's start. */
  offsetMs: number;
  /** How long it acts, milliseconds; undefined = the setting `distdiag.injection.defaultDuration`, or that it happens once. */
  durationMs: number | undefined;
}

/** What a step that cannot be injected does to the others: `stop` ends the whole scenario, `continue` leaves them alone. */
type OnFailure = 'stop' | 'continue';

/** Several anomalies on named targets with offsets: a compound anomaly. */
export interface Scenario {
  name: string;
  description: string | undefined;
  onFailure: OnFailure;
  /** In the order of the file. */
  steps: readonly ScenarioStep[];
}
