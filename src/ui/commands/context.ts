import type { Experiment } from '../../core/experiments/experiment';
import type { Clock } from '../../core/base/clock';
import type { Log } from '../../core/base/log';
import { experimentsIn } from '../../core/experiments/groupItem';
import type { ScenarioLanguage } from '../../core/scenario/text';
import type { DemoProcess } from '../demoProcess';
import type { ChaosDocuments } from '../language/chaosDocuments';
import type { EventDocuments } from '../documents/eventDocuments';
import type { HistoryService } from '../history/historyService';
import type { TestRunService } from '../history/testRunService';
import type { MetricsPanelController } from '../panel/metricsPanel';
import type { PrometheusChoices } from '../session/prometheusChoices';
import type { SeriesClusters } from '../session/seriesClusters';
import type { PrometheusSecrets } from '../session/prometheusSecrets';
import type { ReportDocuments } from '../documents/reportDocuments';
import type { RestApi } from '../scripting/restApi';
import type { ScenarioMemory } from '../scenario/scenarioMemory';
import type { ClusterSession, SessionManager } from '../session/session';
import type { ResilienceTests } from '../testing/resilienceTests';
import type { TrainedModels } from '../trainedModels';
import type { ExperimentRow } from '../tree/experimentsTree';
import type { YamlDocuments } from '../documents/yamlDocuments';

/** What commands act on. */
export interface CommandContext {
  sessions: SessionManager;
  yaml: YamlDocuments;
  events: EventDocuments;
  /** Open documents with Chaos Mesh objects in them. */
  documents: ChaosDocuments;
  history: HistoryService;
  testRuns: TestRunService;
  panel: MetricsPanelController;
  demo: DemoProcess;
  models: TrainedModels;
  reports: ReportDocuments;
  restApi: RestApi;
  secrets: PrometheusSecrets;
  choices: PrometheusChoices;
  clusters: SeriesClusters;
  scenarios: ScenarioMemory;
  tests: Pick<ResilienceTests, 'momentOf'>;
  /** Reads and writes scenario files; the first call loads the YAML parser. */
  scenarioLanguage: () => Promise<ScenarioLanguage>;
  log: Log & { show(): void };
  clock: Clock;
  /** Identifies this window on the objects that it creates; not a user's name. */
  createdBy: string;
}

/** A command: its id without the prefix, and what it does. Errors that it throws are shown. */
export interface Command {
  id: string;
  run: (context: CommandContext, ...args: unknown[]) => Promise<void> | void;
}

/** The experiments that a command was called on: a row, a selection, or an experiment's key. */
export function experimentsOf(session: ClusterSession, args: readonly unknown[]): Experiment[] {
  const [first, selection] = args;
  if (typeof first === 'string')
    return session.store.snapshot.experiments.filter((experiment) => experiment.key === first);
  const rows = (Array.isArray(selection) && selection.length > 0 ? selection : first ? [first] : []) as ExperimentRow[];
  // A group stands for its experiments.
  const experiments = rows.flatMap((row) => (row.type === 'group' ? experimentsIn(row.group) : [row.experiment]));
  const found = new Map(experiments.map((experiment) => [experiment.key, experiment]));
  return [...found.values()];
}
