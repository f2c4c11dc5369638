import type { Diagnosis } from '../diagnosis/types';
import type { Experiment, ExperimentEvent } from '../experiments/experiment';
import type { Scoreboard } from '../evaluation/scoreboard';
import type { ExperimentVerdict } from '../evaluation/verdict';
import type { ReportClock } from './reportClock';
import type { ReportCoverage } from './coverageText';
import type { Say } from './reportTexts';

/** What a report is written from. Holds no secret: names, times, metrics and the manifest. */
export interface ReportInput {
  verdict: ExperimentVerdict;
  board: Scoreboard;
  /** The object, where it is still known. */
  experiment: Experiment | undefined;
  /** Those that it extends, as far as they are known, oldest first. */
  extended: readonly Experiment[];
  /** Its manifest as YAML. */
  manifest: string | undefined;
  events: readonly ExperimentEvent[];
  /** The diagnosis at the moment when it was named first, else at its end. */
  diagnosis: Diagnosis | undefined;
  /** Charts with the paths of their files, relative to the report. */
  charts: readonly { title: string; path: string }[];
  /** What has been tried on this database; undefined = not told. */
  tested?: ReportCoverage | undefined;
  /** Name and value. */
  versions: readonly (readonly [string, string])[];
  cluster: string;
  writtenAt: number;
  /** Of the reader's zone. */
  clock: ReportClock;
  say: Say;
  /** An anomaly type's name. */
  nameOf: (type: string) => string;
  reasonOf: (reason: Diagnosis['ranking'][number]['reasons'][number]) => string;
}
