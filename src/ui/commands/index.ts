import { applyYaml, dryRunYaml, stopYaml } from './yaml/applyYaml';
import { selectCluster, startDemoClusterCommand, stopDemoCluster } from './cluster/cluster';
import { showConnection } from './cluster/connection';
import type { Command } from './context';
import { emergencyStopCommand } from './experiments/emergencyStop';
import { extendExperimentCommand } from './experiments/extend';
import { forceCleanExperiment } from './experiments/forceClean';
import {
  clearHistory,
  exportHistoryCommand,
  rerunFromHistory,
  showHistoryEvents,
  showHistoryYaml,
} from './history/history';
import { injectAnomaly, injectType } from './inject/injectAnomaly';
import { pauseExperimentCommand, resumeExperiment } from './experiments/lifecycle';
import { rerunExperiment } from './experiments/rerun';
import { showMissingPermissions } from './cluster/permissions';
import { chooseMetricsCluster } from './cluster/metricsCluster';
import { checkPrometheusCommand, choosePrometheus } from './cluster/prometheusServer';
import { setPrometheusPassword, setPrometheusToken } from './cluster/prometheusCredentials';
import { copyRestApiToken, startRestApiCommand, stopRestApi } from './cluster/restApi';
import { saveExperimentReport } from './experiments/saveReport';
import { showExperimentEvents } from './experiments/showEvents';
import { resumeSchedule, stopWorkflow, suspendSchedule } from './experiments/orchestration';
import { compareTestRuns } from './scenarios/compareTestRuns';
import { newResilienceTest } from './scenarios/newResilienceTest';
import { testUntried } from './scenarios/testUntried';
import { startScenario } from './scenarios/startScenario';
import { removeExperiment, stopAllAnomalies, stopExperiment } from './experiments/stop';
import { dismissScenario, stopScenario } from './scenarios/stopScenario';
import { importTestResults } from './tests/importTestResults';
import { saveTestReport, showTestInPanel } from './tests/showTest';
import { newExperimentFromTemplate, saveExperimentAsYaml } from './yaml/templates';
import { restoreModel, trainModel } from './model/train';
import { diagnoseNow, openMetricsPanel, refreshExperiments, showExperimentYaml, showLog } from './views';

/** Every command that the extension contributes. */
export const COMMANDS: readonly Command[] = [
  injectAnomaly,
  injectType('injectCpuStress', 'cpu_stress'),
  injectType('injectMemoryStress', 'memory_stress'),
  injectType('injectNetworkDelay', 'network_delay'),
  injectType('injectDiskStress', 'disk_stress'),
  startScenario,
  stopScenario,
  dismissScenario,
  newResilienceTest,
  testUntried,
  compareTestRuns,
  importTestResults,
  stopWorkflow,
  suspendSchedule,
  resumeSchedule,
  stopExperiment,
  removeExperiment,
  stopAllAnomalies,
  emergencyStopCommand,
  forceCleanExperiment,
  pauseExperimentCommand,
  resumeExperiment,
  rerunExperiment,
  extendExperimentCommand,
  applyYaml,
  dryRunYaml,
  stopYaml,
  newExperimentFromTemplate,
  saveExperimentAsYaml,
  showExperimentYaml,
  showExperimentEvents,
  saveExperimentReport,
  showTestInPanel,
  saveTestReport,
  rerunFromHistory,
  showHistoryYaml,
  showHistoryEvents,
  exportHistoryCommand,
  clearHistory,
  openMetricsPanel,
  diagnoseNow,
  trainModel,
  restoreModel,
  selectCluster,
  showConnection,
  showMissingPermissions,
  choosePrometheus,
  chooseMetricsCluster,
  checkPrometheusCommand,
  setPrometheusToken,
  setPrometheusPassword,
  refreshExperiments,
  startRestApiCommand,
  stopRestApi,
  copyRestApiToken,
  startDemoClusterCommand,
  stopDemoCluster,
  showLog,
];
