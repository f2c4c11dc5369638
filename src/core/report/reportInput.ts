import type { Diagnosis } from '../diagnosis/types';
import type { Experiment, ExperimentEvent } from '../experiments/experiment';
import type { Scoreboard } from '../evaluation/scoreboard';
import type { ExperimentSpan } from '../experiments/spans';
import type { ExperimentVerdict } from '../evaluation/verdict';
import type { MetricId } from '../metrics/catalogue';
import type { ReportChart } from './charts/drawings';
import type { ReportCoverage } from './coverageBlocks';
import type { MeasuredImpacts } from './measuredImpact';
import type { ReportClock } from './reportClock';
import type { Say } from './reportTexts';
import type { ReportedOutcome } from './testBlocks';

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
  /** The first diagnosis that named it with evidence, else the first that named it, else that at its end. */
  diagnosis: Diagnosis | undefined;
  /** Experiments of ours that ran at the same time. */
  meanwhile: readonly ExperimentSpan[];
  /** What it did, and the nodes that others hit; undefined without metrics. */
  impact: (MeasuredImpacts & { leftOut: readonly string[] }) | undefined;
  charts: readonly ReportChart[];
  /** What has been tried on this database; undefined = not told. */
  tested?: ReportCoverage | undefined;
  /** The resilience test that injected it; undefined where none did, or none is known. */
  testedBy?: ReportedOutcome | undefined;
  /** Name and value. */
  versions: readonly (readonly [string, string])[];
  cluster: string;
  writtenAt: number;
  /** Of the reader's zone. */
  clock: ReportClock;
  say: Say;
  /** Of all that, BCP 47. */
  language: string;
  /** An anomaly type's name. */
  nameOf: (type: string) => string;
  metricName: (metric: MetricId) => string;
  reasonOf: (reason: Diagnosis['ranking'][number]['reasons'][number]) => string;
}
